import type { ExpressionBuilder } from 'kysely';

import type { TidyAnswer, TidyPlan, TidyRules, TidyStep } from '../../tidy-plan.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { groupBy, inLists } from '../id-lists.ts';
import { nearPairs } from '../near-pairs.ts';
import { plainForm, tellApart, wordSet } from '../sameness.ts';
import type { StoreSchema } from '../schema.ts';
import { archiveSlices, unarchiveSlices } from './slice-archiving.ts';
import { mergeRows, unmergeRow } from './slice-merging.ts';
import { requireSlice, selectWholeSlices, slicesById, toSlices, type WholeSliceRow } from './slice-rows.ts';

/** What a tidying would do, and nothing done: counts, and the first of each. */
export async function planTidying({ db }: Pick<StoreContext, 'db'>, rules: TidyRules): Promise<TidyPlan> {
  const groups = await duplicates(db, rules);
  const alike = await alikePairs(db, rules);
  return {
    rules,
    duplicates: {
      count: groups.reduce((sum, group) => sum + group.length - 1, 0),
      examples: await Promise.all(groups.slice(0, rules.examples).map((group) => toSlices(db, group))),
    },
    alike: {
      count: alike.length,
      pairs: await Promise.all(alike.slice(0, rules.examples).map(async ({ first, second, share }) => ({ slices: await toSlices(db, [first, second]), share }))),
    },
    unused: await counted(db, unusedTurns(db, rules), rules.examples),
    expired: await counted(db, expiredNotes(db, rules), rules.examples),
  };
}

/**
 * Does at most `limit` of what a plan with these rules shows, and tells whether more is left. What came after the plan was made is
 * left alone, and so is what no longer meets its rules. Done twice, the second time finds nothing.
 */
export async function tidy(
  context: StoreContext,
  { rules, steps, limit }: { readonly rules: TidyRules; readonly steps: readonly TidyStep[]; readonly limit: number },
): Promise<TidyAnswer> {
  let left = limit;
  if (steps.includes('merge')) left -= await mergeDuplicates(context, rules, left);
  if (steps.includes('archive') && left > 0) left -= await archive(context, unusedTurns(context.db, rules), rules, left);
  if (steps.includes('expire') && left > 0) left -= await archive(context, expiredNotes(context.db, rules), rules, left);
  return { more: left === 0 };
}

/** What a tidying, named by the time of its plan, has done so far and was not taken back. */
export async function tidied({ db }: Pick<StoreContext, 'db'>, { plannedAt }: { readonly plannedAt: number }): Promise<{ readonly merged: number; readonly archived: number }> {
  const merges = await db.selectFrom('slice_merge').select((of) => of.fn.countAll<number>().as('count')).where('at', '=', plannedAt).executeTakeFirstOrThrow();
  const archived = await db.selectFrom('slice').select((of) => of.fn.countAll<number>().as('count')).where('archived_at', '=', plannedAt).executeTakeFirstOrThrow();
  return { merged: merges.count, archived: archived.count };
}

/** Takes back at most `limit` of what a tidying has done, and tells whether more is left. */
export async function undoTidying(context: StoreContext, { plannedAt, limit }: { readonly plannedAt: number; readonly limit: number }): Promise<TidyAnswer> {
  const merges = await context.db.selectFrom('slice_merge').selectAll().where('at', '=', plannedAt).orderBy('merged_id').limit(limit).execute();
  for (const merge of merges) await unmergeRow(context, await requireSlice(context.db, merge.merged_id), merge);
  const left = limit - merges.length;
  const archived = left === 0 ? 0 : await unarchiveSlices(context, plannedAt, left);
  return { more: left - archived === 0 };
}

/**
 * Groups of facts that differ in nothing but capitals, spaces and a last full stop, the oldest first. One that does not fit with
 * something waits for the person to decide, and so do those that say the same as it.
 */
async function duplicates(db: StoreDatabase, rules: TidyRules): Promise<WholeSliceRow[][]> {
  const fingerprints = await db
    .selectFrom('slice')
    .select('fingerprint')
    .where('fingerprint', 'is not', null)
    .where('state', '=', 'held')
    .where('superseded_by', 'is', null)
    .where('archived_at', 'is', null)
    .groupBy('fingerprint')
    .having((of) => of.fn.countAll(), '>', 1)
    .orderBy('fingerprint')
    .execute();
  const rows = await inLists(fingerprints.flatMap(({ fingerprint }) => fingerprint ?? []), (list) => factsInForce(db, rules).where('slice.fingerprint', 'in', list).execute());
  const open = new Set((await openContradictions(db)).flat());
  const groups = groupBy(rows, (row) => JSON.stringify([row.kind, row.scope, row.speaker, plainForm(row.text ?? '')]));
  return [...groups.values()]
    .filter((group) => group.length > 1 && !group.some(({ id }) => open.has(id)))
    .map((group) => group.toSorted((a, b) => a.created_at - b.created_at || a.row - b.row));
}

async function mergeDuplicates(context: StoreContext, rules: TidyRules, limit: number): Promise<number> {
  let merged = 0;
  for (const [kept, ...others] of await duplicates(context.db, rules)) {
    if (merged >= limit || kept === undefined) break;
    const some = others.slice(0, limit - merged);
    await mergeRows(context, kept, some, rules.plannedAt);
    merged += some.length;
  }
  return merged;
}

/** Facts that say nearly the same, the closest pair first; what does not fit together is not alike. */
async function alikePairs(db: StoreDatabase, rules: TidyRules): Promise<{ first: WholeSliceRow; second: WholeSliceRow; share: number }[]> {
  const rows = await factsInForce(db, rules).orderBy('slice.created_at').orderBy('slice.row').execute();
  const open = new Set((await openContradictions(db)).map(pairKey));
  const pairs = [...groupBy(rows, (row) => JSON.stringify([row.kind, row.scope])).values()].flatMap((group) =>
    nearPairs(group.map((row) => ({ row, words: wordSet(row.text ?? '') })), rules.likeness),
  );
  return pairs
    .map(({ first, second, share }) => ({ first: first.row, second: second.row, share }))
    .filter(({ first, second }) => !isMergedAnyway(first, second) && !tellApart(first.text ?? '', second.text ?? '') && !open.has(pairKey([first.id, second.id])))
    .toSorted((a, b) => b.share - a.share);
}

function isMergedAnyway(a: WholeSliceRow, b: WholeSliceRow): boolean {
  return a.speaker === b.speaker && plainForm(a.text ?? '') === plainForm(b.text ?? '');
}

/** What can be merged: facts and preferences. What holds for now ends by itself, and what a temporary chat holds goes with it. */
function factsInForce(db: StoreDatabase, rules: TidyRules) {
  return selectWholeSlices(db)
    .where('slice.kind', 'in', ['semantic', 'procedural'])
    .where('slice.state', '=', 'held')
    .where('slice.superseded_by', 'is', null)
    .where('slice.archived_at', 'is', null)
    .where('slice.hidden', '=', 0)
    .where('slice.text', 'is not', null)
    .where('slice.created_at', '<=', rules.plannedAt)
    .where((is) => is.or([is('session.temporary', 'is', null), is('session.temporary', '=', 0)]));
}

/** Both ways round. */
async function openContradictions(db: StoreDatabase): Promise<[string, string][]> {
  const pairs = await db
    .selectFrom('contradiction')
    .innerJoin('slice as other', 'other.id', 'contradiction.other_id')
    .select(['contradiction.slice_id', 'contradiction.other_id'])
    .where('other.state', '!=', 'forgotten')
    .where('other.superseded_by', 'is', null)
    .execute();
  return pairs.map((pair) => [pair.slice_id, pair.other_id]);
}

function pairKey(pair: readonly [string, string]): string {
  return JSON.stringify([...pair].sort());
}

/** Turns that were never recalled, are old enough, weigh little, are not pinned, and of which no fact was made. */
function unusedTurns(db: StoreDatabase, rules: TidyRules) {
  return archivable(db)
    .where('slice.kind', '=', 'episodic')
    .where('slice.recall_count', '=', 0)
    .where('slice.importance', '<=', rules.importanceAtMost)
    .where('slice.created_at', '<=', rules.plannedAt - rules.unusedForMs)
    .where((is: ExpressionBuilder<StoreSchema, 'slice'>) =>
      is.not(
        is.exists(
          is
            .selectFrom('slice as fact')
            .select('fact.id')
            .whereRef('fact.message_id', '=', 'slice.message_id')
            .where('fact.text', 'is not', null)
            .where('fact.state', '!=', 'forgotten'),
        ),
      ),
    );
}

/** What held for now, some time after it ended. */
function expiredNotes(db: StoreDatabase, rules: TidyRules) {
  return archivable(db).where('slice.kind', '=', 'working').where('slice.expires_at', '<=', rules.plannedAt - rules.keepExpiredForMs);
}

function archivable(db: StoreDatabase) {
  return db
    .selectFrom('slice')
    .where('slice.state', '=', 'held')
    .where('slice.superseded_by', 'is', null)
    .where('slice.archived_at', 'is', null)
    .where('slice.hidden', '=', 0)
    .where('slice.pinned', '=', 0);
}

async function archive(context: StoreContext, candidates: ReturnType<typeof archivable>, rules: TidyRules, limit: number): Promise<number> {
  const rows = await candidates.select('slice.id').orderBy('slice.row').limit(limit).execute();
  await archiveSlices(context, rows.map(({ id }) => id), rules.plannedAt);
  return rows.length;
}

async function counted(db: StoreDatabase, candidates: ReturnType<typeof archivable>, examples: number) {
  const { count } = await candidates.select((of) => of.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  const first = await candidates.select('slice.id').orderBy('slice.created_at').orderBy('slice.row').limit(examples).execute();
  return { count, examples: await slicesById(db, first.map(({ id }) => id)) };
}
