import path from 'node:path';
import { HearthlinkError } from '../../shared/errors.ts';
import type { BackupRepository, ContentSummary, LoadedScratch } from '../../store/backup-port.ts';
import { isStorePart } from '../archive/part-name.ts';
import type { StepProgress } from './activity.ts';
import type { Archives, Manifest } from './ports.ts';
import type { BackupPlace, ShelvedBackup } from './shelf.ts';

export interface BackupReading {
  readonly store: BackupRepository;
  readonly archives: Archives;
  readonly progress: StepProgress;
  /** All of them were proved, as they are. */
  readonly isProved: boolean;
  /** Told of a copy in which something was not as it was written. */
  onDamaged(place: BackupPlace, what: string): Promise<void>;
}

/**
 * Puts backups together in a scratch place and compares what comes out with what the last of them says about itself. The live store
 * is not touched. Answers the scratch, to be dropped by the caller.
 * @param chain everything first, then changes in their order
 * @param until the last moment of which writes are taken; null: all
 * @throws HearthlinkError `archive-damaged`, `archive-locked` and what else reading throws; nothing is left behind then
 */
export async function assemble(
  chain: readonly ShelvedBackup[],
  until: number | null,
  reading: BackupReading,
): Promise<{ readonly scratch: string; readonly loaded: LoadedScratch }> {
  const last = chain.at(-1);
  if (last === undefined) throw new HearthlinkError('not-found');
  const scratch = await reading.store.scratchBegin();
  try {
    for (const backup of chain) await put(scratch, backup, reading);
    const expected = until === null ? { chain: last.manifest.to.chain, summary: summaryOf(last.manifest) } : { chain: null, summary: null };
    const loaded = await blaming(last.places[0], reading, () => reading.store.scratchLoad({ scratch, until, expected, isKnownSound: reading.isProved }));
    return { scratch, loaded };
  } catch (error) {
    await reading.store.scratchDrop(scratch);
    throw error;
  }
}

async function put(scratch: string, { places }: ShelvedBackup, reading: BackupReading): Promise<void> {
  const [place] = places;
  await blaming(place, reading, async () => {
    const archive = await reading.archives.open(path.join(place.folder, place.file));
    try {
      for (const { name } of archive.manifest.parts) await putPart(scratch, name, archive.read(name), reading);
    } finally {
      await archive.close();
    }
  });
}

/** The store takes one piece while the next is read. */
async function putPart(scratch: string, part: string, pieces: AsyncIterable<Uint8Array>, { store, progress }: BackupReading): Promise<void> {
  let taken = Promise.resolve();
  try {
    for await (const bytes of pieces) {
      await progress.advance(bytes.length);
      await taken;
      // The others are read for their checksums alone.
      if (isStorePart(part)) taken = store.scratchPut({ scratch, part, bytes });
      // It rejects for whoever awaits it in its turn; until then nobody does.
      taken.catch(() => undefined);
    }
    await taken;
  } finally {
    await Promise.allSettled([taken]);
  }
}

/** Runs a step; where it finds damage, the copy is marked, so that nothing counts on it any longer. */
async function blaming<T>(place: BackupPlace, reading: BackupReading, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (HearthlinkError.is(error, 'archive-damaged')) await reading.onDamaged(place, whatOf(error));
    throw error;
  }
}

function whatOf({ parameters }: HearthlinkError): string {
  return String(parameters['part'] ?? '');
}

/** What the backup's content should amount to; null where it was not counted. A kind without rows has no newest one in a manifest. */
export function summaryOf({ counts, newest }: Pick<Manifest, 'counts' | 'newest'>): ContentSummary | null {
  if (Object.keys(counts).length === 0) return null;
  return { tables: counts, newest: { session: null, message: null, slice: null, job: null, ...newest } };
}
