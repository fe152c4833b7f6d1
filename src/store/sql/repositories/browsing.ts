import { sql } from 'kysely';

import type { BrowseFilter, SliceDetail, SliceUses, SliceVersion, WeekCount } from '../../browsing-port.ts';
import type { Slice } from '../../records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { browsable } from './browse-filter.ts';
import { selectWholeSlices, slicesById, toSlices } from './slice-rows.ts';

export async function browsePage(
  { db }: StoreContext,
  page: { readonly filter: BrowseFilter; readonly limit: number; readonly offset: number },
): Promise<readonly Slice[]> {
  const rowNumbers = browsable(db, page.filter)
    .select('slice.row')
    .orderBy('slice.created_at', 'desc')
    .orderBy('slice.row', 'desc')
    .limit(page.limit)
    .offset(page.offset);
  const rows = await selectWholeSlices(db)
    .where('slice.row', 'in', rowNumbers)
    .orderBy('slice.created_at', 'desc')
    .orderBy('slice.row', 'desc')
    .execute();
  return toSlices(db, rows);
}

export async function browseCount({ db }: StoreContext, { filter }: { readonly filter: BrowseFilter }): Promise<number> {
  const { total } = await browsable(db, filter)
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return total;
}

export async function sliceDetail({ db }: StoreContext, { id }: { readonly id: string }): Promise<SliceDetail | null> {
  const [slice] = await slicesById(db, [id]);
  if (slice === undefined) return null;
  const replacing = slice.supersededBy === null ? [] : await slicesById(db, [slice.supersededBy]);
  return {
    slice,
    versions: await versionsOf(db, id),
    replaces: await replacedBy(db, id),
    replacedBy: replacing.find(({ state }) => state === 'held') ?? null,
    contradicts: await slicesById(db, slice.contradicts),
    uses: await usesOf(db, id),
  };
}

async function versionsOf(db: StoreDatabase, id: string): Promise<SliceVersion[]> {
  const rows = await db.selectFrom('slice_version').select(['text', 'replaced_at']).where('slice_id', '=', id).orderBy('version').execute();
  return rows.map((row) => ({ text: row.text, replacedAt: row.replaced_at }));
}

async function replacedBy(db: StoreDatabase, id: string): Promise<Slice[]> {
  const rows = await selectWholeSlices(db)
    .where('slice.superseded_by', '=', id)
    .where('slice.state', '=', 'held')
    .where('slice.hidden', '=', 0)
    .orderBy('slice.created_at')
    .execute();
  return toSlices(db, rows);
}

/** More than these nobody reads one by one; the total counts them all. */
const latestUses = 20;

async function usesOf(db: StoreDatabase, id: string): Promise<SliceUses> {
  const uses = db
    .selectFrom('memory_use')
    .innerJoin('message', 'message.id', 'memory_use.message_id')
    .innerJoin('session', (join) => join.onRef('session.id', '=', 'message.session_id').on('session.deleted_at', 'is', null))
    .where('memory_use.slice_id', '=', id);
  const { total } = await uses.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const latest = await uses
    .select(['message.session_id as sessionId', 'message.id as messageId', 'session.title', 'message.created_at as at'])
    .orderBy('message.created_at', 'desc')
    .limit(latestUses)
    .execute();
  return { total, latest };
}

/** No zone's clock differs from another's by less, so that no quarter of an hour lies in two days. */
const quarterHourMs = 15 * 60_000;

export async function browseWeeks({ db }: StoreContext, { filter }: { readonly filter: BrowseFilter }): Promise<readonly WeekCount[]> {
  const quarter = sql<number>`cast(slice.created_at / ${sql.lit(quarterHourMs)} as integer)`;
  const rows = await browsable(db, filter)
    .select((of) => [quarter.as('quarter'), of.fn.countAll<number>().as('count')])
    .groupBy(quarter)
    .execute();
  const counts = new Map<number, number>();
  for (const row of rows) {
    const start = startOfWeek(row.quarter * quarterHourMs);
    counts.set(start, (counts.get(start) ?? 0) + row.count);
  }
  return [...counts].map(([start, count]) => ({ start, count })).toSorted((a, b) => a.start - b.start);
}

function startOfWeek(at: number): number {
  const date = new Date(at);
  const sinceMonday = (date.getDay() + 6) % 7;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - sinceMonday).getTime();
}
