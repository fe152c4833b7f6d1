import type { Clock } from '../../shared/ports.ts';
import type { AddedRecords, ExportPage, TransferRepository } from '../../store/transfer-port.ts';
import { transferParts, transferRecord, type TransferPart, type TransferRecord } from '../../store/transfer-records.ts';
import { pagesOf } from '../transfer/export-text.ts';
import { batchesOf } from '../transfer/import-batches.ts';

/** Reads a page of one thing's records: from the store, or from a backup that is looked into. */
export type ReadRecords = (query: { readonly part: TransferPart; readonly after: string | null; readonly limit: number }) => Promise<ExportPage>;

/** Few enough to be read and checked between two other things. */
const recordsAtOnce = 100;

/** All records of one thing, in the order in which they have to be added. */
export async function recordsOf(read: ReadRecords): Promise<readonly TransferRecord[]> {
  const records: TransferRecord[] = [];
  for (const part of transferParts) {
    for await (const { lines } of pagesOf((of, after) => read({ part: of, after, limit: recordsAtOnce }), part)) {
      const rows: unknown[] = parseLines(lines);
      for (const row of rows) records.push(transferRecord.parse(typeof row === 'object' ? { ...row, type: part } : row));
    }
  }
  return records;
}

function parseLines(lines: string): unknown[] {
  const parsed: unknown = JSON.parse(`[${lines}]`);
  return Array.isArray(parsed) ? parsed : [];
}

export interface BroughtIn {
  readonly id: string;
  /** Under which a person finds it among the imports. */
  readonly name: string;
  readonly records: readonly TransferRecord[];
}

/**
 * Adds records that are not there yet as one import, which can be undone as a whole. What fails on the way is taken out again before it
 * is told.
 */
export async function bringIn(transfer: TransferRepository, { id, name, records }: BroughtIn, clock: Clock): Promise<AddedRecords> {
  await transfer.begin({ id, source: 'hearthlink', name, at: clock.now() });
  let sum: AddedRecords = { chats: 0, messages: 0, memories: 0, forgottenBefore: 0 };
  try {
    for (const batch of batchesOf(records)) {
      const added = await transfer.add({ importId: id, records: batch, at: clock.now() });
      sum = {
        chats: sum.chats + added.chats,
        messages: sum.messages + added.messages,
        memories: sum.memories + added.memories,
        forgottenBefore: sum.forgottenBefore + added.forgottenBefore,
      };
    }
    return sum;
  } catch (error) {
    await transfer.undo({ id, at: clock.now() });
    throw error;
  }
}
