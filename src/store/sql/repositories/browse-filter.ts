import { sql, type ExpressionBuilder } from 'kysely';

import type { BrowseFilter, ScopeCondition } from '../../browsing-port.ts';
import type { StoreDatabase } from '../context.ts';
import type { StoreSchema } from '../schema.ts';
import { contains } from '../text-matching.ts';

/** What can be looked at, and passes the filter: for further conditions, an order, or a count. */
export function browsable(db: StoreDatabase, filter: BrowseFilter) {
  let query = db.selectFrom('slice').where('slice.hidden', '=', 0).where('slice.state', '=', 'held');
  if (filter.kinds !== undefined) {
    query = query.where('slice.kind', 'in', filter.kinds);
    // Once more in the words that the small index of facts was made for.
    if (!filter.kinds.includes('episodic')) query = query.where('slice.kind', '<>', sql.lit('episodic'));
  }
  const { scopes, importances } = filter;
  if (scopes !== undefined) query = query.where((of) => inScopes(of, scopes));
  if (filter.speakers !== undefined) query = query.where('slice.speaker', 'in', filter.speakers);
  if (filter.sources !== undefined) query = query.where('slice.source', 'in', filter.sources);
  if (filter.from !== undefined) query = query.where('slice.created_at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('slice.created_at', '<', filter.to);
  if (importances !== undefined) {
    query = query.where((of) => of.or(importances.map(({ from, below }) => of.and([of('slice.importance', '>=', from), of('slice.importance', '<', below)]))));
  }
  if (filter.pinned !== undefined) query = query.where('slice.pinned', '=', filter.pinned ? 1 : 0);
  if (filter.superseded !== undefined) query = query.where('slice.superseded_by', filter.superseded ? 'is not' : 'is', null);
  if (filter.archived !== undefined) query = query.where('slice.archived_at', filter.archived ? 'is not' : 'is', null);
  const { contradicted, about } = filter;
  if (contradicted !== undefined) {
    const inPairs = (is: boolean): 'in' | 'not in' => (is ? 'in' : 'not in');
    query = query.where('slice.id', inPairs(contradicted), (of) => of.selectFrom('contradiction').select('contradiction.slice_id'));
  }
  if (about !== undefined) {
    query = query.where((of) =>
      of.or([
        contains(of, 'slice.text', about),
        of.and([
          of('slice.text', 'is', null),
          of.exists(of.selectFrom('message').select(sql.lit(1).as('one')).whereRef('message.id', '=', 'slice.message_id').where((message) => contains(message, 'message.text', about))),
        ]),
      ]),
    );
  }
  return query;
}

function inScopes(of: ExpressionBuilder<StoreSchema, 'slice'>, { keys, workspacesBesides }: ScopeCondition) {
  const conditions = [of('slice.scope', 'in', keys)];
  if (workspacesBesides !== undefined) {
    const isWorkspace = of('slice.scope', 'like', 'workspace:%');
    conditions.push(workspacesBesides === null ? isWorkspace : of.and([isWorkspace, of('slice.scope', '<>', `workspace:${workspacesBesides}`)]));
  }
  return of.or(conditions);
}
