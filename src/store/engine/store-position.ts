import type { StorePosition } from '../backup-port.ts';
import type { HistoryPlace } from '../journal/record-walk.ts';

/** A place as it is written down beside a backup. `at` is when the store was known to be there. */
export function positionAt(
  place: HistoryPlace,
  { storeId, schemaVersion }: Pick<StorePosition, 'storeId' | 'schemaVersion'>,
  at: number,
): StorePosition {
  return {
    storeId,
    schemaVersion,
    generation: place.journal.number,
    journal: place.journal.name,
    offset: place.position,
    sequence: place.sequence,
    chain: place.chain.toString('hex'),
    at,
  };
}
