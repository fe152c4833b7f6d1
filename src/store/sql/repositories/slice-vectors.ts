import type { SliceRepository, TextToEmbed } from '../../port.ts';
import { quantise } from '../../search/quantisation.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { idLists } from '../id-lists.ts';

/** Takes back the vectors of these slices, of every model; they count as missing again. */
export async function dropVectors({ db, emit }: StoreContext, ids: readonly string[]): Promise<void> {
  for (const list of idLists(ids)) {
    await db
      .deleteFrom('embedded')
      .where('slice_row', 'in', (of) => of.selectFrom('slice').select('row').where('id', 'in', list))
      .execute();
  }
  for (const id of ids) emit({ type: 'remove-vectors', id });
}

/** What recall may see and has no vector of this model, oldest first. */
export async function missingVectors(
  { db }: StoreContext,
  query: { readonly model: string; readonly limit: number },
): Promise<readonly TextToEmbed[]> {
  const modelId = (await modelRow(db, query.model))?.id ?? -1;
  const rows = await db
    .selectFrom('slice')
    .leftJoin('message', 'message.id', 'slice.message_id')
    .leftJoin('message as before', 'before.id', 'message.parent_id')
    .select(['slice.id', 'slice.version', 'slice.text', 'message.text as message_text', 'before.text as text_before'])
    .where('slice.state', '=', 'held')
    .where('slice.superseded_by', 'is', null)
    .where('slice.hidden', '=', 0)
    .where((is) => is.or([is('slice.text', 'is not', null), is('message.active', '=', 1)]))
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('embedded')
            .select('slice_row')
            .where('model_id', '=', modelId)
            .whereRef('slice_row', '=', 'slice.row'),
        ),
      ),
    )
    .orderBy('slice.row')
    .limit(query.limit)
    .execute();
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
  const embedded: { model_id: number; slice_row: number }[] = [];
  for (const { id, vector, version } of write.vectors) {
    const slice = rows.get(id);
    if (slice === undefined || (version !== undefined && version !== slice.version)) continue;
    emit({ type: 'put-vector', id, model: write.model, ...quantise(vector) });
    embedded.push({ model_id: modelId, slice_row: slice.row });
  }
  if (embedded.length === 0) return;
  await db
    .insertInto('embedded')
    .values(embedded)
    .onConflict((conflict) => conflict.columns(['model_id', 'slice_row']).doNothing())
    .execute();
}

async function modelIdFor(db: StoreDatabase, digest: string): Promise<number> {
  const known = await modelRow(db, digest);
  if (known !== undefined) return known.id;
  return (await db.insertInto('vector_model').values({ digest }).returning('id').executeTakeFirstOrThrow()).id;
}

function modelRow(db: StoreDatabase, digest: string): Promise<{ id: number } | undefined> {
  return db.selectFrom('vector_model').select('id').where('digest', '=', digest).executeTakeFirst();
}
