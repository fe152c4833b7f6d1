import type { MemoryStatistics } from '../../browsing-port.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { browsable } from './browse-filter.ts';

const everything = {};

/** Counts at one moment; nothing is kept from an earlier count. */
export async function memoryStatistics({ db }: StoreContext, _query: { readonly at: number }): Promise<MemoryStatistics> {
  const groups = await browsable(db, everything)
    .select((of) => [
      'slice.kind',
      'slice.source',
      'slice.scope',
      of.fn.countAll<number>().as('total'),
      of.fn.sum<number>('slice.pinned').as('pinned'),
      of.fn.count<number>('slice.superseded_by').as('superseded'),
      of.fn.count<number>('slice.archived_at').as('archived'),
      of.fn.min('slice.created_at').as('oldest'),
      of.fn.max('slice.created_at').as('newest'),
    ])
    .groupBy(['slice.kind', 'slice.source', 'slice.scope'])
    .execute();
  type Group = (typeof groups)[number];
  const sum = (field: 'total' | 'pinned' | 'superseded' | 'archived', of: (group: Group) => boolean = () => true): number =>
    groups.filter(of).reduce((total, group) => total + group[field], 0);
  return {
    total: sum('total'),
    byKind: {
      episodic: sum('total', ({ kind }) => kind === 'episodic'),
      semantic: sum('total', ({ kind }) => kind === 'semantic'),
      procedural: sum('total', ({ kind }) => kind === 'procedural'),
      working: sum('total', ({ kind }) => kind === 'working'),
    },
    bySource: {
      message: sum('total', ({ source }) => source === 'message'),
      editor: sum('total', ({ source }) => source === 'editor'),
      user: sum('total', ({ source }) => source === 'user'),
    },
    byScope: {
      shared: sum('total', ({ scope }) => scope === 'shared'),
      agent: sum('total', ({ scope }) => scope.startsWith('agent:')),
      workspace: sum('total', ({ scope }) => scope.startsWith('workspace:')),
    },
    pinned: sum('pinned'),
    superseded: sum('superseded'),
    archived: sum('archived'),
    contradictions: await pairsThatDoNotFit(db),
    proposed: await inState(db, 'proposed'),
    forgotten: await inState(db, 'forgotten'),
    ...(await useOf(db)),
    oldest: groups.length === 0 ? null : Math.min(...groups.map(({ oldest }) => oldest)),
    newest: groups.length === 0 ? null : Math.max(...groups.map(({ newest }) => newest)),
  };
}

/** Each pair stands twice, once from either side. */
async function pairsThatDoNotFit(db: StoreDatabase): Promise<number> {
  const { pairs } = await db
    .selectFrom('contradiction')
    .innerJoin('slice as one', 'one.id', 'contradiction.slice_id')
    .innerJoin('slice as other', 'other.id', 'contradiction.other_id')
    .where('one.state', '=', 'held')
    .where('other.state', '=', 'held')
    .where('one.superseded_by', 'is', null)
    .where('other.superseded_by', 'is', null)
    .whereRef('contradiction.slice_id', '<', 'contradiction.other_id')
    .select((of) => of.fn.countAll<number>().as('pairs'))
    .executeTakeFirstOrThrow();
  return pairs;
}

async function inState(db: StoreDatabase, state: 'proposed' | 'forgotten'): Promise<number> {
  const { total } = await db
    .selectFrom('slice')
    .where('state', '=', state)
    .where('hidden', '=', 0)
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return total;
}

async function useOf(db: StoreDatabase): Promise<{ readonly used: number; readonly replies: number }> {
  return db
    .selectFrom('memory_use')
    .select((of) => [of.fn.count<number>('slice_id').distinct().as('used'), of.fn.count<number>('message_id').distinct().as('replies')])
    .executeTakeFirstOrThrow();
}
