import { stat } from 'node:fs/promises';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Log } from '../../shared/ports.ts';
import { auditBytes } from '../audit/audit-reading.ts';
import { recentLog } from '../recent-log.ts';
import type { PartSource } from './ports.ts';

/**
 * What Hearthlink has written about itself: the record of activity, and the log. A backup of everything has both, to be read where the
 * originals are lost. They are never put over what is here.
 */
export const accountParts = { record: 'audit.jsonl', log: 'logs.jsonl' } as const;

export type Account = keyof typeof accountParts;

export interface AccountSources {
  /** Of the record of activity. */
  readonly recordFolder: string;
  /** Has what was just noted in the record on the disk. */
  readonly flushRecord: () => Promise<void>;
  /** Of this window. */
  readonly logFile: string;
  readonly log: Log;
}

/** The accounts that there are. What cannot be read is left out of a backup, or ends there: chats and memories come first. */
export async function accountsOf({ recordFolder, flushRecord, logFile, log }: AccountSources): Promise<readonly PartSource[]> {
  await flushRecord().catch((error: unknown) => { notTaken('record', error, log); });
  const sources: PartSource[] = [];
  if (await isThere(recordFolder)) sources.push(sourceOf('record', auditBytes(recordFolder), log));
  if (await isThere(logFile)) sources.push(sourceOf('log', recentLog(logFile), log));
  return sources;
}

function sourceOf(account: Account, pieces: AsyncIterable<Uint8Array>, log: Log): PartSource {
  return { name: accountParts[account], content: asFarAsReadable(account, pieces, log) };
}

async function* asFarAsReadable(account: Account, pieces: AsyncIterable<Uint8Array>, log: Log): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch (error) {
    notTaken(account, error, log);
  }
}

function notTaken(account: Account, error: unknown, log: Log): void {
  log.warn('what was written about Hearthlink could not go into a backup as a whole', { account, code: HearthlinkError.from(error).code });
}

async function isThere(place: string): Promise<boolean> {
  try {
    await stat(place);
    return true;
  } catch {
    return false;
  }
}
