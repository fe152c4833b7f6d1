import type { MemoryGraph } from '../../browsing-port.ts';
import { findEntities } from '../../search/entities.ts';
import type { StoreContext } from '../context.ts';
import { browsable } from './browse-filter.ts';

/** As many as can be read in the time that other calls can wait. */
const mostRead = 10_000;

export async function memoryGraph({ db }: StoreContext, { limit, projects }: { readonly limit: number; readonly projects: readonly string[] }): Promise<MemoryGraph> {
  const rows = await browsable(db, { superseded: false, archived: false })
    .leftJoin('message', 'message.id', 'slice.message_id')
    .select((of) => ['slice.created_at as at', of.fn.coalesce('slice.text', 'message.text').as('text')])
    .orderBy('slice.created_at', 'desc')
    .limit(mostRead)
    .execute();
  const texts = rows.map(({ text, at }) => ({ text: text ?? '', at }));
  return { ...findEntities(texts, { limit, projects }), read: rows.length };
}
