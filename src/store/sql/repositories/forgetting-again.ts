import type { ForgottenHere } from '../../methods-contract.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { fingerprintOf } from '../sameness.ts';
import { blank } from '../spans.ts';
import { contains } from '../text-matching.ts';
import { blankWholeMessage, writeMessageTexts } from './blanking.ts';
import { findMessage } from './message-reading.ts';
import { selectWholeSlices, textOf, type WholeSliceRow } from './slice-rows.ts';
import { addTombstones, tombstoneKey } from './tombstones.ts';
import { blankMadeTitle, planPurge, wipeSlices } from './wiping.ts';

/** Slices that are looked at together. */
const pageSize = 1000;

/** All that was forgotten or blanked in this store, for a content that knows nothing of it. */
export async function forgottenHere({ db }: StoreContext): Promise<ForgottenHere> {
  const key = await tombstoneKey(db);
  const wiped = await db.selectFrom('tombstone').select('fingerprint').execute();
  const waiting = await selectWholeSlices(db).where('slice.forgotten_at', 'is not', null).execute();
  const messages = await db
    .selectFrom('message')
    .select(['id', 'text', 'thinking'])
    .where((is) => is.or([contains(is, 'text', blank), contains(is, 'thinking', blank)]))
    .orderBy('row')
    .execute();
  const fingerprints = new Set([...wiped.map(({ fingerprint }) => fingerprint), ...waiting.flatMap((row) => fingerprintsOf(row, key))]);
  return { key, fingerprints: [...fingerprints], sliceIds: waiting.map(({ id }) => id), messages };
}

/**
 * Wipes from this content what was forgotten in another: slices that say or quote it, with their words wherever they stand,
 * and the words of messages that were blanked there. Answers how many slices and messages that were.
 */
export async function forgetAgain(context: StoreContext, { forgotten, at }: { readonly forgotten: ForgottenHere; readonly at: number }): Promise<number> {
  const rows = await slicesToWipe(context.db, forgotten);
  if (rows.length > 0) await wipeSlices(context, rows, at);
  // Of another store the key is another, and then only what was found here can be kept from being learned again.
  const key = await tombstoneKey(context.db);
  if (Buffer.from(key).equals(forgotten.key)) await addTombstones(context.db, forgotten.fingerprints, at);
  let blankedMessages = 0;
  for (const message of forgotten.messages) if (await blankAsThere(context, message)) blankedMessages++;
  const changed = rows.length + blankedMessages;
  if (changed > 0) await planPurge(context, at);
  return changed;
}

async function slicesToWipe(db: StoreDatabase, forgotten: ForgottenHere): Promise<WholeSliceRow[]> {
  const fingerprints = new Set(forgotten.fingerprints);
  const ids = new Set(forgotten.sliceIds);
  const found: WholeSliceRow[] = [];
  if (fingerprints.size === 0 && ids.size === 0) return found;
  for (let after = 0; ;) {
    const page = await selectWholeSlices(db).where('slice.row', '>', after).orderBy('slice.row').limit(pageSize).execute();
    const isForgotten = (row: WholeSliceRow) => ids.has(row.id) || fingerprintsOf(row, forgotten.key).some((one) => fingerprints.has(one));
    // A proposal is refused, not forgotten: what was said stays said.
    for (const row of page.filter(isForgotten)) found.push(row.state === 'proposed' ? { ...row, rejected: 1 } : row);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return found;
    after = last.row;
  }
}

function fingerprintsOf(row: WholeSliceRow, key: Uint8Array): string[] {
  return [textOf(row), row.quote ?? ''].filter((text) => text !== '' && text !== blank).map((text) => fingerprintOf(text, key));
}

/** False when the message is not here, or as it is there. */
async function blankAsThere(context: StoreContext, there: ForgottenHere['messages'][number]): Promise<boolean> {
  const row = await findMessage(context.db, there.id);
  if (row === undefined || (row.text === there.text && row.thinking === there.thinking)) return false;
  if (there.text === blank) await blankWholeMessage(context, there.id);
  else await writeMessageTexts(context, row, { text: there.text, thinking: there.thinking });
  await blankMadeTitle(context, there.id);
  return true;
}
