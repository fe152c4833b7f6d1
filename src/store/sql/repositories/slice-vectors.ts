import type { ExpressionBuilder } from 'kysely';

import type { SliceRepository, TextToEmbed } from '../../slice-port.ts';
import { quantise } from '../../search/quantisation.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { idLists } from '../id-lists.ts';
import type { StoreSchema } from '../schema.ts';

/** Takes back the vectors of these slices, of every model; they count as missing again. */
export async function dropVectors({ db, emit }: StoreContext, ids: readonly string[]): Promise<void> {
  for (const list of idLists(ids)) {
    await db
      .deleteFrom('embedded')
      .where('slice_row', 'in', (of) => of.selectFrom('slice').select('row').where('id', 'in', list))
      .execute();
  }
  for (const list of idLists(ids)) await db.updateTable('slice').set({ embedded_by: null }).where('id', 'in', list).execute();
  for (const id of ids) emit({ type: 'remove-vectors', id });
}

/** Takes back the vectors of all slices. */
export async function dropAllVectors({ db, emit }: StoreContext): Promise<void> {
  const embedded = await db.selectFrom('slice').select('id').where('embedded_by', 'is not', null).orderBy('row').execute();
  if (embedded.length === 0) return;
  await db.deleteFrom('embedded').execute();
  await db.updateTable('slice').set({ embedded_by: null }).where('embedded_by', 'is not', null).execute();
  for (const { id } of embedded) emit({ type: 'remove-vectors', id });
}

/**
 * What recall may see and has no vector of this model: first what has none at all, then what another model
 * embedded, each newest first. Where everything is embedded, as it mostly is, that is known without looking at any slice.
 */
export async function missingVectors(
  { db }: StoreContext,
  query: { readonly model: string; readonly limit: number },
): Promise<readonly TextToEmbed[]> {
  const modelId = (await modelRow(db, query.model))?.id ?? unknownModel;
  const missing: TextToEmbed[] = [];
  for (const others of ['without', 'older', 'newer'] as const) {
    if (missing.length >= query.limit) break;
    missing.push(...(await missingAmong(db, others, modelId, query.limit - missing.length)));
  }
  return missing;
}

const unknownModel = 0;

/** @param others Those without a vector, or those with one of a model that was known before or after this one. */
async function missingAmong(
  db: StoreDatabase,
  others: 'without' | 'older' | 'newer',
  modelId: number,
  limit: number,
): Promise<TextToEmbed[]> {
  const eligible = db
    .selectFrom('slice')
    .leftJoin('message', 'message.id', 'slice.message_id')
    .leftJoin('message as before', 'before.id', 'message.parent_id')
    .select(['slice.id', 'slice.version', 'slice.text', 'message.text as message_text', 'before.text as text_before'])
    .where('slice.state', '=', 'held')
    .where('slice.superseded_by', 'is', null)
    .where('slice.hidden', '=', 0)
    .where((is) => is.or([is('slice.text', 'is not', null), is('message.active', '=', 1)]))
    .limit(limit);
  const isEmbedded = (is: ExpressionBuilder<StoreSchema, 'slice'>) =>
    is.exists(is.selectFrom('embedded').select('slice_row').where('model_id', '=', modelId).whereRef('slice_row', '=', 'slice.row'));
  const rows = await (others === 'without'
    ? eligible.where('slice.embedded_by', 'is', null).orderBy('slice.row', 'desc')
    : eligible
        .where('slice.embedded_by', others === 'older' ? '<' : '>', modelId)
        .where((is) => is.not(isEmbedded(is)))
        .orderBy('slice.embedded_by', 'desc')
        .orderBy('slice.row', 'desc')
  ).execute();
  return rows.map((row) => ({
    id: row.id,
    text: row.text ?? turnWithTheOneBefore(row.text_before, row.message_text ?? ''),
    version: row.version,
  }));
}

/** A short turn ("yes, the second one") means something only after the one before it. */
function turnWithTheOneBefore(before: string | null, text: string): string {
  return before === null || before.trim() === '' ? text : `${before}\n${text}`;
}

/** Vectors of slices that are gone, forgotten or changed since are passed over. */
export async function putVectors({ db, emit }: StoreContext, write: Parameters<SliceRepository['putVectors']>[0]): Promise<void> {
  if (write.vectors.length === 0) return;
  const rows = new Map<string, { row: number; version: number }>();
  for (const ids of idLists(write.vectors.map(({ id }) => id))) {
    const held = await db.selectFrom('slice').select(['id', 'row', 'version']).where('id', 'in', ids).where('state', '=', 'held').execute();
    for (const slice of held) rows.set(slice.id, slice);
  }
  const modelId = await modelIdFor(db, write.model);
  const embedded: { id: string; row: number }[] = [];
  for (const { id, vector, version } of write.vectors) {
    const slice = rows.get(id);
    if (slice === undefined || (version !== undefined && version !== slice.version)) continue;
    emit({ type: 'put-vector', id, model: write.model, ...quantise(vector) });
    embedded.push({ id, row: slice.row });
  }
  if (embedded.length === 0) return;
  await db
    .insertInto('embedded')
    .values(embedded.map(({ row }) => ({ model_id: modelId, slice_row: row })))
    .onConflict((conflict) => conflict.columns(['model_id', 'slice_row']).doNothing())
    .execute();
  for (const ids of idLists(embedded.map(({ id }) => id))) {
    await db.updateTable('slice').set({ embedded_by: modelId }).where('id', 'in', ids).execute();
  }
}

async function modelIdFor(db: StoreDatabase, digest: string): Promise<number> {
  const known = await modelRow(db, digest);
  if (known !== undefined) return known.id;
  return (await db.insertInto('vector_model').values({ digest }).returning('id').executeTakeFirstOrThrow()).id;
}

function modelRow(db: StoreDatabase, digest: string): Promise<{ id: number } | undefined> {
  return db.selectFrom('vector_model').select('id').where('digest', '=', digest).executeTakeFirst();
}
