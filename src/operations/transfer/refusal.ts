import { HearthlinkError } from '../../shared/errors.ts';

/** Why a file cannot be imported; put into words where it is shown. */
export const refusals = ['zip', 'not-text', 'not-json', 'too-deep', 'unknown-kind', 'newer', 'malformed'] as const;
export type Refusal = (typeof refusals)[number];

/** @param place where in the file, never its words */
export function refused(reason: Refusal, place = '', cause?: unknown): HearthlinkError {
  return new HearthlinkError('import-unreadable', { reason, place }, cause);
}
