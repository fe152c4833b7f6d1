import type { StoreFiles } from '../files/store-files.ts';
import { journalsIn } from '../generation/names.ts';
import { firstPosition } from '../journal/journal.ts';
import type { LeftBehind } from '../port.ts';
import type { Replica } from './replica.ts';

/**
 * What stands in the journals behind the place that this replica has reached, and in none of what it holds.
 * @param damaged the file for which it could not go further
 */
export function leftBehindOf<Schema, Search>(files: StoreFiles, { content, place }: Replica<Schema, Search>, damaged: string): LeftBehind {
  const names = files.list();
  const [top = ''] = damaged.split('/');
  const later = journalsIn(names).filter(({ number }) => number > place.journal.number);
  const unread = [{ name: place.journal.name, from: place.position }, ...later.map(({ name }) => ({ name, from: firstPosition }))];
  const bytes = unread.reduce((sum, { name, from }) => sum + Math.max(0, (files.size(name) ?? 0) - from), 0);
  return { file: damaged, bytes: names.includes(top) ? bytes : null, lastWriteAt: content.calls.newestAt() };
}
