import { HearthlinkError } from '../../shared/errors.ts';

const full: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const readOnly: readonly string[] = ['EROFS', 'EACCES', 'EPERM', 'ENOTDIR'];

/** The system's code of an error, such as `ENOENT`; undefined when it has none. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A file system's error as one that a person can be told of. */
export function storeFileError(error: unknown): HearthlinkError {
  if (HearthlinkError.is(error)) return error;
  const code = systemCode(error) ?? 'unknown';
  if (full.includes(code)) return new HearthlinkError('store-full', { detail: code }, error);
  if (readOnly.includes(code)) return new HearthlinkError('store-read-only', { detail: code }, error);
  return new HearthlinkError('store-stopped', { detail: error instanceof Error ? error.message : code }, error);
}
