import type { TextHolders } from '../../file-search.ts';
import { foldedText } from '../../folded-text.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { selectWholeSlices, textOf } from './slice-rows.ts';

/** Rows that are read at once; nothing of them is kept. */
const rowsAtOnce = 2_000;

/** In how many rows a text stands, by what a person would call them. Every text of the store is looked at. */
export async function textHolders({ db }: Pick<StoreContext, 'db'>, query: { readonly text: string }): Promise<TextHolders> {
  const wanted = foldedText(query.text.trim());
  const isIn = (...texts: readonly (string | null)[]): boolean => texts.some((text) => text !== null && foldedText(text).includes(wanted));
  const messages = await messagesHolding(db, isIn);
  const attachments = (await db.selectFrom('attachment').select(['label', 'text', 'uri']).execute()).filter(({ label, text, uri }) => isIn(label, text, uri)).length;
  const slices = (await selectWholeSlices(db).where('slice.text', 'is not', null).execute()).filter((row) => isIn(textOf(row), row.quote, row.uri));
  const versions = (await db.selectFrom('slice_version').select('text').execute()).filter(({ text }) => isIn(text)).length;
  const titles = (await db.selectFrom('session').select('title').execute()).filter(({ title }) => isIn(title)).length;
  const jobs = (await db.selectFrom('job').select(['payload', 'error', 'key']).execute()).filter(({ payload, error, key }) => isIn(payload, error, key)).length;
  const waiting = [...slices, ...messages.forgotten].filter(({ state }) => state === 'forgotten');
  return {
    messages: messages.count,
    attachments,
    memories: slices.length - slices.filter(({ state }) => state === 'forgotten').length,
    versions,
    titles,
    jobs,
    forgotten: waiting.length,
    wipedAfter: waiting.length === 0 ? null : Math.max(...waiting.map(({ undo_until }) => undo_until ?? 0)),
  };
}

interface Waiting {
  readonly state: string;
  readonly undo_until: number | null;
}

/** A message whose turn is forgotten, or whose chat is deleted, waits to be wiped with it. */
async function messagesHolding(db: StoreDatabase, isIn: (...texts: readonly (string | null)[]) => boolean): Promise<{ count: number; forgotten: Waiting[] }> {
  const forgotten: Waiting[] = [];
  let count = 0;
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('message')
      .leftJoin('slice', (join) => join.onRef('slice.message_id', '=', 'message.id').on('slice.text', 'is', null))
      .select(['message.row', 'message.text', 'message.thinking', 'message.error', 'slice.state', 'slice.undo_until'])
      .where('message.row', '>', after)
      .orderBy('message.row')
      .limit(rowsAtOnce)
      .execute();
    for (const { text, thinking, error, state, undo_until } of rows) {
      if (!isIn(text, thinking, error)) continue;
      if (state === 'forgotten') forgotten.push({ state, undo_until });
      else count++;
    }
    const last = rows.at(-1);
    if (last === undefined) return { count, forgotten };
    after = last.row;
  }
}
