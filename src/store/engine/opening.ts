import { HearthlinkError } from '../../shared/errors.ts';
import { markedGenerations, readCovers, readMark, type MarkedGeneration } from '../generation/generation-reader.ts';
import { openJournal } from '../journal/journal.ts';
import { firstPosition } from '../journal/journal.ts';
import type { EngineSetup } from './engine-setup.ts';
import { loadContent } from './load-content.ts';
import { Replica } from './replica.ts';

export interface Opened<Schema, Search> {
  readonly replica: Replica<Schema, Search>;
  readonly generation: MarkedGeneration;
  /** Newer generations that could not be read, with the file that is damaged in each. */
  readonly unreadable: readonly { readonly name: string; readonly file: string }[];
}

/** Other windows tidy up while this one opens; then it looks again. More often than this they cannot be the reason. */
const attempts = 20;

/** Whether something that is not there may just have been tidied away, or is missing. */
type Missing = 'looks-again' | 'is-damage';

/**
 * Opens the newest marked generation that can be read. Null when there is none at all. Throws `store-damaged` when there are
 * generations and none can be read, and `store-newer-schema` when the newest is of a later release.
 */
export function openNewest<Schema, Search>(setup: EngineSetup<Schema, Search>): Opened<Schema, Search> | null {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const names = markedGenerations(setup.files);
    if (names.length === 0) return null;
    const opened = openFirstReadable(setup, names, attempt < attempts - 1 ? 'looks-again' : 'is-damage');
    if (opened !== 'gone') return opened;
  }
  throw new HearthlinkError('store-damaged', { file: markedGenerations(setup.files)[0] ?? '' });
}

function openFirstReadable<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  names: readonly string[],
  missing: Missing,
): Opened<Schema, Search> | 'gone' {
  const unreadable: { name: string; file: string }[] = [];
  for (const name of names) {
    try {
      const opened = openGeneration(setup, name);
      if (opened !== 'gone') return { ...opened, unreadable };
      if (missing === 'looks-again') return 'gone';
      unreadable.push({ name, file: name });
    } catch (error) {
      if (!HearthlinkError.is(error, 'store-damaged')) throw error;
      if (readMark(setup.files, name) === null) return 'gone';
      unreadable.push({ name, file: String(error.parameters['file'] ?? name) });
    }
  }
  throw new HearthlinkError('store-damaged', { file: unreadable[0]?.file ?? '' });
}

function openGeneration<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  name: string,
): Pick<Opened<Schema, Search>, 'replica' | 'generation'> | 'gone' {
  const generation = readMarked(setup, name);
  if (generation === 'gone') return 'gone';
  const { covers, mark } = generation;
  if (covers.schemaVersion > setup.content.schemaVersion) throw new HearthlinkError('store-newer-schema', { found: covers.schemaVersion });
  const journal = openJournal(setup.files, covers.journal);
  if (journal === null) {
    // Gone with its generation, or gone alone.
    if (readMark(setup.files, name) === null) return 'gone';
    throw new HearthlinkError('store-damaged', { file: covers.journal });
  }
  if (journal === 'newer') throw new HearthlinkError('store-newer-schema', { file: covers.journal });
  if (journal === 'damaged' || journal.storeId !== covers.storeId) throw new HearthlinkError('store-damaged', { file: covers.journal });
  try {
    const content = loadContent(setup, generation);
    const from = covers.kind === 'rotation' ? { ...covers, position: covers.offset } : { ...mark, position: firstPosition };
    const place = { journal, position: from.position, chain: Buffer.from(from.chain, 'hex'), sequence: from.sequence };
    return { replica: new Replica(setup, content, place), generation };
  } catch (error) {
    journal.file.close();
    throw error;
  }
}

/** The papers of a marked generation. */
export function readMarked<Schema, Search>(setup: EngineSetup<Schema, Search>, name: string): MarkedGeneration | 'gone' {
  const covers = readCovers(setup.files, name);
  const mark = readMark(setup.files, name);
  if (covers === null || mark === null) return 'gone';
  if (covers === 'newer' || mark === 'newer') throw new HearthlinkError('store-newer-schema', { file: name });
  if (covers === 'damaged') throw new HearthlinkError('store-damaged', { file: `${name}/COVERS` });
  if (mark === 'damaged') throw new HearthlinkError('store-damaged', { file: `${name}/MARK` });
  return { name, covers, mark };
}
