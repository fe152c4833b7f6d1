import type { StoreContext, StoreDatabase } from '../context.ts';
import { groupBy, inLists } from '../id-lists.ts';
import { fingerprintOf } from '../sameness.ts';
import { factSpan, type Span } from '../spans.ts';
import { blankEverywhere, blankInMessage, blankWholeMessage } from './blanking.ts';
import { wordsOf } from './forgetting.ts';
import { removeSessionsForGood } from './session-deletion.ts';
import { removeSlices } from './slice-removal.ts';
import { selectWholeSlices, textOf, type WholeSliceRow } from './slice-rows.ts';
import { addTombstones, tombstoneKey } from './tombstones.ts';

/**
 * Wipes what may no longer be undone: forgotten slices, whose words are blanked in the message they come from and wherever
 * they stand word for word; deleted chats; expired ones. Of a forgotten slice a fingerprint stays, so that it is not learned
 * again. Answers how many slices and chats were wiped; what the files still hold of them is then due to be purged.
 */
export async function wipeForgotten(context: StoreContext, at: number): Promise<number> {
  const rows = await selectWholeSlices(context.db)
    .where('slice.forgotten_at', 'is not', null)
    .where('slice.undo_until', '<', at)
    .orderBy('slice.row')
    .execute();
  if (rows.length > 0) await wipeSlices(context, rows, at);
  const wiped = rows.length + (await removeSessionsForGood(context, at));
  if (wiped > 0) await planPurge(context, at);
  return wiped;
}

/** Notes that the files hold what the rows no longer do. */
export async function planPurge({ db }: StoreContext, at: number): Promise<void> {
  await db
    .insertInto('pending_purge')
    .values({ id: 1, since: at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Removes slices for good, blanks their words, and keeps them from being learned again. */
export async function wipeSlices(context: StoreContext, rows: readonly WholeSliceRow[], at: number): Promise<void> {
  const older = await olderTexts(context.db, rows);
  const key = await tombstoneKey(context.db);
  const said = rows.flatMap((row) => [textOf(row), ...(row.quote === null ? [] : [row.quote]), ...(older.get(row.id) ?? [])]);
  await addTombstones(
    context.db,
    said.map((text) => fingerprintOf(text, key)),
    at,
  );
  await removeSlices(
    context,
    rows.map((row) => row.id),
  );
  // A proposal that was refused takes none of the person's words along: what was said stays said.
  const meant = rows.filter((row) => row.rejected === 0);
  for (const row of meant) await wipeSource(context, row);
  const spans = meant.flatMap((row) => [...wordsOf(row).spans, ...(older.get(row.id) ?? []).map(factSpan)]);
  await blankEverywhere(context, spans.filter((span): span is Span => span !== null));
}

async function wipeSource(context: StoreContext, row: WholeSliceRow): Promise<void> {
  const { messageId, isWholeMessage, spans } = wordsOf(row);
  if (messageId === null) return;
  if (isWholeMessage) await blankWholeMessage(context, messageId);
  else await blankInMessage(context, messageId, spans);
  await blankMadeTitle(context, messageId);
}

/** A title that nobody chose was made of what was said, cut or in other words, so its words cannot be told from the forgotten. */
export async function blankMadeTitle({ db, changed }: StoreContext, messageId: string): Promise<void> {
  const session = await db
    .selectFrom('session')
    .innerJoin('message', 'message.session_id', 'session.id')
    .select(['session.id', 'session.version'])
    .where('message.id', '=', messageId)
    .where('session.title_by', '!=', 'user')
    .executeTakeFirst();
  if (session === undefined) return;
  await db
    .updateTable('session')
    .set({ title: '', title_by: 'none', version: session.version + 1 })
    .where('id', '=', session.id)
    .execute();
  changed({ sessions: [session.id] });
}

/** What the slices said before they were edited. */
async function olderTexts(db: StoreDatabase, rows: readonly WholeSliceRow[]): Promise<Map<string, string[]>> {
  const ids = rows.map((row) => row.id);
  const versions = await inLists(ids, (list) => db.selectFrom('slice_version').selectAll().where('slice_id', 'in', list).execute());
  const bySlice = groupBy(versions, (version) => version.slice_id);
  return new Map([...bySlice].map(([id, group]) => [id, group.map((version) => version.text)]));
}
