import * as z from 'zod/mini';
import { memoryFilterSchema, type MemoryFilter } from '../../shared/protocol/memory-views.ts';

/** What the view keeps over a reload: the search, the filters, which view it is and what is chosen. */
export const browserStateSchema = z.object({
  text: z.string(),
  filter: memoryFilterSchema,
  view: z.enum(['list', 'timeline', 'graph', 'review', 'statistics']),
  chosenId: z.nullable(z.string()),
});

export type BrowserState = z.infer<typeof browserStateSchema>;
export type BrowserView = BrowserState['view'];

export const noFilter: MemoryFilter = {
  kinds: [],
  scopes: [],
  speakers: [],
  sources: [],
  importance: [],
  from: null,
  to: null,
  pinned: false,
  replaced: false,
  archived: false,
  about: '',
};

export const firstState: BrowserState = { text: '', filter: noFilter, view: 'list', chosenId: null };

/** Whether it lets everything pass that can be looked at. */
export function isOpen(filter: MemoryFilter): boolean {
  return JSON.stringify({ ...noFilter, ...filter }) === JSON.stringify(noFilter);
}
