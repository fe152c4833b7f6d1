import path from 'node:path';
import { HearthlinkError, type ErrorData } from '../../shared/errors.ts';
import type { ContentSummary } from '../../store/backup-port.ts';
import type { Store } from '../../store/port.ts';
import { verifyAuditLog, type AuditVerdict } from '../audit/audit-verifying.ts';
import type { Audit } from '../audit/audit.ts';
import { checkBlobs, openToOthers } from './data-files.ts';
import { progressOf, proveLiveStore, type CheckProgress } from './live-proof.ts';

export interface CheckParts {
  readonly store: Pick<Store, 'backup'>;
  readonly newestBackup: () => Promise<CheckReport['backup']>;
  readonly audit: Audit;
  /** What Hearthlink keeps on this machine: the store, the backups beside it, and the record of activity. */
  readonly folders: { readonly store: string; readonly backups: string; readonly record: string };
  readonly platform: NodeJS.Platform;
  /** How many messages are in memory alone. */
  readonly unsaved: () => number;
}

/** What was found. Everything was looked at, also behind what was found to be wrong. */
export interface CheckReport {
  /**
   * `proved`: every byte was read, and what came out is what the store holds; `damaged`: something is not as it was written;
   * `unknown`: it could not be looked at, because it is locked, say
   */
  readonly store:
    | { readonly state: 'proved'; readonly summary: ContentSummary }
    | { readonly state: 'damaged' | 'unknown'; readonly error: ErrorData };
  readonly documents: { readonly count: number; readonly damaged: readonly string[] };
  readonly record: AuditVerdict | { readonly error: ErrorData };
  /** Files and folders that others may look into; null where the system does not say, or not all could be looked at. */
  readonly openToOthers: readonly string[] | null;
  /** The newest backup; null where there is none, or none can be seen. */
  readonly backup: { readonly madeAt: number; readonly soundness: 'proved' | 'not-proved' | 'damaged' } | null;
  readonly unsaved: number;
}

/**
 * Runs on the live data the proofs that a backup has to stand. Takes seconds for a large store, in the workers' threads.
 * @param onBytes how many bytes of the store were read so far
 * @throws HearthlinkError `cancelled`
 */
export async function checkMyData(parts: CheckParts, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<CheckReport> {
  const progress = progressOf(signal, onBytes);
  const report: CheckReport = {
    store: await checkStore(() => proveLiveStore(parts.store.backup, progress)),
    documents: await checkDocuments(path.join(parts.folders.store, 'blobs'), progress),
    record: await checkRecord(parts.folders.record),
    openToOthers: await orNull(() => openToOthers(Object.values(parts.folders), parts.platform)),
    backup: await orNull(parts.newestBackup),
    unsaved: parts.unsaved(),
  };
  parts.audit.note({ action: 'store.checked', outcome: isSound(report) ? 'done' : 'failed' });
  return report;
}

/** Whether nothing was found that is not as it was written. What is only not safe enough is not wrong. */
export function isSound({ store, documents, record }: CheckReport): boolean {
  return store.state === 'proved' && documents.damaged.length === 0 && 'problems' in record && record.problems.length === 0;
}

/** What cannot be looked at says nothing, and takes nothing from the rest of the report. */
async function orNull<T>(look: () => Promise<T | null>): Promise<T | null> {
  try {
    return await look();
  } catch {
    return null;
  }
}

async function checkStore(prove: () => ReturnType<typeof proveLiveStore>): Promise<CheckReport['store']> {
  try {
    return { state: 'proved', summary: await prove() };
  } catch (error) {
    if (HearthlinkError.is(error, 'cancelled')) throw error;
    const state = HearthlinkError.is(error, 'store-damaged', 'archive-damaged') ? 'damaged' : 'unknown';
    return { state, error: HearthlinkError.from(error).toData() };
  }
}

/** A folder of documents that cannot be read is damaged as a whole. */
async function checkDocuments(folder: string, progress: CheckProgress): Promise<CheckReport['documents']> {
  try {
    return await checkBlobs(folder, progress);
  } catch (error) {
    if (HearthlinkError.is(error, 'cancelled')) throw error;
    return { count: 0, damaged: [path.basename(folder)] };
  }
}

async function checkRecord(folder: string): Promise<CheckReport['record']> {
  try {
    return await verifyAuditLog(folder);
  } catch (error) {
    return { error: HearthlinkError.from(error).toData() };
  }
}
