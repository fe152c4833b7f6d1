import type { TransferRecord } from '../../store/transfer-records.ts';

/** So much is stored between two other calls; more would hold them up. */
const recordsAtOnce = 100;
const charactersAtOnce = 200_000;

/** The records in their order, in batches of about the same work. */
export function* batchesOf(records: readonly TransferRecord[]): Generator<readonly TransferRecord[]> {
  let batch: TransferRecord[] = [];
  let characters = 0;
  for (const record of records) {
    const length = record.type === 'message' || record.type === 'memory' ? (record.text?.length ?? 0) : 0;
    if (batch.length > 0 && (batch.length >= recordsAtOnce || characters + length > charactersAtOnce)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(record);
    characters += length;
  }
  if (batch.length > 0) yield batch;
}
