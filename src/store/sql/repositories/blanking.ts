import type { StoreContext } from '../context.ts';
import { groupBy, inLists } from '../id-lists.ts';
import { contains } from '../text-matching.ts';
import { fingerprintOf } from '../sameness.ts';
import type { MessageRow } from '../schema.ts';
import { blank, blanked, type Span } from '../spans.ts';
import { findMessage } from './message-reading.ts';
import { documentOf, selectWholeSlices, type WholeSliceRow } from './slice-rows.ts';
import { dropVectors } from './slice-vectors.ts';
import { tombstoneKey } from './tombstones.ts';
import { turnSliceId } from './turn-slices.ts';

/** Takes the spans out of one message, whether they are telling or not. */
export async function blankInMessage(context: StoreContext, messageId: string, spans: readonly Span[]): Promise<void> {
  const row = await findMessage(context.db, messageId);
  if (row === undefined) return;
  await writeMessageTexts(context, row, { text: blanked(row.text, spans), thinking: blanked(row.thinking, spans) });
}

/** Leaves nothing of a message but its place: the words, the thoughts, and what was attached. */
export async function blankWholeMessage(context: StoreContext, messageId: string): Promise<void> {
  const row = await findMessage(context.db, messageId);
  if (row === undefined) return;
  await context.db.deleteFrom('attachment').where('message_id', '=', messageId).execute();
  await context.db.updateTable('message').set({ error: null }).where('id', '=', messageId).execute();
  await writeMessageTexts(context, row, { text: blank, thinking: '' });
}

/** Writes a message's new texts, and makes again what was made of the old ones. */
export async function writeMessageTexts(
  context: StoreContext,
  row: Pick<MessageRow, 'id' | 'session_id' | 'depth' | 'text' | 'thinking'>,
  texts: { readonly text: string; readonly thinking: string },
): Promise<void> {
  if (texts.text === row.text && texts.thinking === row.thinking) return;
  await context.db.updateTable('message').set(texts).where('id', '=', row.id).execute();
  context.changed({ messages: [row.id] });
  if (texts.text !== row.text) await reindexTurn(context, row);
}

/** A turn's vector is made of its text and the one before it, so the next turns' go too. */
async function reindexTurn(context: StoreContext, row: Pick<MessageRow, 'id' | 'session_id' | 'depth'>): Promise<void> {
  const next = await context.db
    .selectFrom('message')
    .select('id')
    .where('session_id', '=', row.session_id)
    .where('depth', '=', row.depth + 1)
    .where('parent_id', '=', row.id)
    .execute();
  const own = await selectWholeSlices(context.db).where('slice.id', '=', turnSliceId(row.id)).executeTakeFirst();
  if (own !== undefined) context.emit({ type: 'put-document', document: documentOf(own) });
  await outdateVectors(
    context,
    [row.id, ...next.map((message) => message.id)].map(turnSliceId),
  );
}

/** The version rises, so that a vector that is being made of the old text is refused. */
async function outdateVectors(context: StoreContext, ids: readonly string[]): Promise<void> {
  await dropVectors(context, ids);
  await inLists(ids, (list) =>
    context.db
      .updateTable('slice')
      .set((of) => ({ version: of('version', '+', 1) }))
      .where('id', 'in', list)
      .execute(),
  );
  context.changed({ slices: ids });
}

/** Takes the telling ones of the spans out of every text of the store, wherever they stand word for word. */
export async function blankEverywhere(context: StoreContext, spans: readonly Span[]): Promise<void> {
  const telling = spans.filter((span) => span.isTelling);
  for (const group of groupBy(telling, (span) => span.probe).values()) {
    const [first] = group;
    if (first === undefined) continue;
    await blankMessages(context, first.probe, group);
    await blankAttachments(context, first.probe, group);
    await blankTitles(context, first.probe, group);
    await blankSlices(context, first.probe, group);
    await blankVersions(context, first.probe, group);
    await blankJobs(context, first.probe, group);
  }
}

async function blankMessages(context: StoreContext, probe: string, spans: readonly Span[]): Promise<void> {
  const rows = await context.db
    .selectFrom('message')
    .select(['id', 'session_id', 'depth', 'text', 'thinking', 'error'])
    .where((is) => is.or([contains(is, 'text', probe), contains(is, 'thinking', probe), contains(is, 'error', probe)]))
    .execute();
  for (const row of rows) {
    await writeMessageTexts(context, row, { text: blanked(row.text, spans), thinking: blanked(row.thinking, spans) });
    const error = row.error === null ? null : blankedJson(row.error, spans);
    if (error !== row.error) await context.db.updateTable('message').set({ error }).where('id', '=', row.id).execute();
  }
}

async function blankAttachments({ db, changed }: StoreContext, probe: string, spans: readonly Span[]): Promise<void> {
  const rows = await db
    .selectFrom('attachment')
    .select(['row', 'message_id', 'label', 'text', 'uri'])
    .where((is) => is.or([contains(is, 'text', probe), contains(is, 'label', probe), contains(is, 'uri', probe)]))
    .execute();
  for (const row of rows) {
    const texts = { text: blanked(row.text, spans), label: blanked(row.label, spans), uri: row.uri === null ? null : blanked(row.uri, spans) };
    if (texts.text === row.text && texts.label === row.label && texts.uri === row.uri) continue;
    await db.updateTable('attachment').set(texts).where('row', '=', row.row).execute();
    changed({ messages: [row.message_id] });
  }
}

async function blankTitles({ db, changed }: StoreContext, probe: string, spans: readonly Span[]): Promise<void> {
  const rows = await db
    .selectFrom('session')
    .select(['id', 'title'])
    .where((is) => contains(is, 'title', probe))
    .execute();
  for (const row of rows) {
    const title = blanked(row.title, spans);
    if (title === row.title) continue;
    await db
      .updateTable('session')
      .set((of) => ({ title, version: of('version', '+', 1) }))
      .where('id', '=', row.id)
      .execute();
    changed({ sessions: [row.id] });
  }
}

async function blankSlices(context: StoreContext, probe: string, spans: readonly Span[]): Promise<void> {
  const rows = await selectWholeSlices(context.db)
    .where((is) => is.or([contains(is, 'slice.text', probe), contains(is, 'slice.quote', probe)]))
    .execute();
  for (const row of rows) await blankSlice(context, row, spans);
}

async function blankSlice(context: StoreContext, row: WholeSliceRow, spans: readonly Span[]): Promise<void> {
  const text = row.text === null ? null : blanked(row.text, spans);
  const quote = row.quote === null ? null : blanked(row.quote, spans);
  if (text === row.text && quote === row.quote) return;
  const fingerprint = text === null ? null : fingerprintOf(text, await tombstoneKey(context.db));
  await context.db.updateTable('slice').set({ text, quote, fingerprint }).where('id', '=', row.id).execute();
  if (text !== row.text) context.emit({ type: 'put-document', document: documentOf({ ...row, text }) });
  await outdateVectors(context, [row.id]);
}

async function blankVersions({ db }: StoreContext, probe: string, spans: readonly Span[]): Promise<void> {
  const rows = await db
    .selectFrom('slice_version')
    .selectAll()
    .where((is) => contains(is, 'text', probe))
    .execute();
  for (const row of rows) {
    await db
      .updateTable('slice_version')
      .set({ text: blanked(row.text, spans) })
      .where('slice_id', '=', row.slice_id)
      .where('version', '=', row.version)
      .execute();
  }
}

async function blankJobs({ db, changed }: StoreContext, probe: string, spans: readonly Span[]): Promise<void> {
  const rows = await db
    .selectFrom('job')
    .select(['id', 'key', 'payload', 'error'])
    .where((is) => is.or([contains(is, 'payload', probe), contains(is, 'error', probe), contains(is, 'key', probe)]))
    .execute();
  for (const row of rows) {
    const fields = {
      payload: blankedJson(row.payload, spans),
      error: row.error === null ? null : blankedJson(row.error, spans),
      key: row.key === null ? null : blanked(row.key, spans),
    };
    await db.updateTable('job').set(fields).where('id', '=', row.id).execute();
    changed({ jobs: true });
  }
}

/** In JSON the words are found in the strings as they are meant, not as they are escaped. */
function blankedJson(json: string, spans: readonly Span[]): string {
  try {
    const value: unknown = JSON.parse(json);
    const clean: unknown = JSON.parse(json, (_, part: unknown) => (typeof part === 'string' ? blanked(part, spans) : part));
    const text = JSON.stringify(clean);
    return text === JSON.stringify(value) ? json : text;
  } catch {
    // Not JSON: plain text.
    return blanked(json, spans);
  }
}
