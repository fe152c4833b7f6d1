import { HearthlinkError } from '../../shared/errors.ts';
import { systemCode } from '../../store/files/file-error.ts';

/** Why a file is not taken for a backup that could be restored, although nothing in it is damaged. */
export type Refusal =
  /** It does not begin as a backup does. */
  | 'not-a-backup'
  /** A folder, a device, a pipe. */
  | 'not-a-file'
  | 'not-readable'
  /** The manifest contradicts itself or the file. */
  | 'manifest'
  /** A part has a name that no part has. */
  | 'part-name'
  /** It is compressed in a way that this Node lacks. */
  | 'compression'
  /** There is more in it than it says, or than a backup may have. */
  | 'too-large';

export function refused(reason: Refusal, cause?: unknown): HearthlinkError {
  return new HearthlinkError('archive-refused', { reason }, cause);
}

/** @param part the name of a part, or `header`, `manifest`, `end` */
export function damaged(part: string, cause?: unknown): HearthlinkError {
  const detail = systemCode(cause);
  return new HearthlinkError('archive-damaged', detail === undefined ? { part } : { part, detail }, cause);
}

/** A failure to open the file. */
export function openingError(error: unknown): HearthlinkError {
  const code = systemCode(error);
  if (code === 'ENOENT') return new HearthlinkError('not-found', {}, error);
  return refused(code === 'EINVAL' || code === 'EISDIR' ? 'not-a-file' : 'not-readable', error);
}
