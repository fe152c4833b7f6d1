import type { BrowseFilter, BrowseHit, BrowseSearch } from '../../browsing-port.ts';
import type { RecallReason } from '../../recall-port.ts';
import type { SearchIndex } from '../../search/search-index.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { inLists } from '../id-lists.ts';
import { browsable } from './browse-filter.ts';
import { recallSlices, type RankSignals } from './recall.ts';
import { slicesById } from './slice-rows.ts';

export interface BrowseSearchContext extends Pick<StoreContext, 'db'> {
  readonly search: SearchIndex;
}

/** How many documents the words may name behind what was recalled; a filter may leave few of them. */
const wordHits = 500;

export async function browseSearch(context: BrowseSearchContext, { recall, filter }: BrowseSearch, rank: RankSignals): Promise<readonly BrowseHit[]> {
  const { db } = context;
  const { hits } = await recallSlices(context, { ...recall, nearDuplicates: true }, rank);
  const passing = await idsPassing(db, hits.map(({ slice }) => slice.id), filter);
  const first = hits.filter(({ slice }) => passing.has(slice.id)).map(({ slice, why }) => ({ slice, why }));
  const room = recall.limit - first.length;
  return room > 0 ? [...first, ...(await found(context, { recall, filter }, new Set(hits.map(({ slice }) => slice.id)), room))] : first;
}

/** What holds the words, besides what was recalled. */
async function found({ db, search }: BrowseSearchContext, { recall, filter }: BrowseSearch, recalled: ReadonlySet<string>, room: number): Promise<BrowseHit[]> {
  const ids = search.search(recall.text, wordHits, { includeHidden: true }).map(({ id }) => id).filter((id) => !recalled.has(id));
  const passing = await idsPassing(db, ids, filter);
  const slices = await slicesById(db, ids.filter((id) => passing.has(id)).slice(0, room));
  const why = reasons(search, recall.text);
  return slices.map((slice) => ({ slice, why: why(slice.id) }));
}

async function idsPassing(db: StoreDatabase, ids: readonly string[], filter: BrowseFilter): Promise<ReadonlySet<string>> {
  const rows = await inLists(ids, (list) => browsable(db, filter).select('slice.id').where('slice.id', 'in', list).execute());
  return new Set(rows.map(({ id }) => id));
}

function reasons({ words: index }: SearchIndex, text: string): (id: string) => RecallReason {
  const words = index.words(text);
  return (id) => ({ words: index.matchedWords(words, index.documents.find(id)), meaning: false, neighbour: false });
}
