import { HearthlinkError } from '../../shared/errors.ts';
import {
  markGeneration, removeUnfinished, writeGeneration, writeManifest, type CoveredPlace, type GenerationContent, type WrittenGeneration,
} from '../generation/generation-writer.ts';
import { newestMarkedNumber, readGenerationFile } from '../generation/generation-reader.ts';
import { firstPosition } from '../journal/journal.ts';
import { chainAfter } from '../journal/record.ts';
import { encodeSeal, type SealKind } from '../journal/seal-body.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { ReplicaContent } from './replica-content.ts';
import type { Outcome, Place, Replica } from './replica.ts';
import type { WriteTurns } from './write-turns.ts';

/** What the maker needs of the engine that it works for. */
export interface MakerAccess<Schema, Search> {
  readonly writer: JournalWriter<Schema, Search>;
  readonly turns: WriteTurns;
  /** Runs with nothing else going on in this window. */
  alone<T>(run: () => Promise<T>): Promise<T>;
  /** The replica, caught up, with what it builds on flushed. Throws what stands in the way of writing. */
  readyToWrite(): Promise<Replica<Schema, Search>>;
  /** The same, with its index loaded, so that all of its content can be saved. */
  readyToSave(): Promise<Replica<Schema, Search>>;
  /** Follows what was appended. */
  catchUp(): void;
}

/** A generation that is written and not sealed yet, and the place that its content was made from. */
interface Draft {
  readonly kind: SealKind;
  readonly from: Place;
  readonly written: WrittenGeneration;
}

/** All but the kind that changes nothing. */
type Replacing = Exclude<SealKind, 'rotation'>;

type SealedOrNot = 'won' | 'overtaken';

/** How often new content is made while the others go on writing, before the window keeps them waiting for it. */
const relaxedAttempts = 2;

/**
 * Writes generations and seals the journal with them. Everything is on the disk before the SEAL names it, and the mark is
 * written after the SEAL has won, so that whoever opens the store at any moment finds a complete one.
 */
export class GenerationMaker<Schema, Search> {
  readonly #setup: EngineSetup<Schema, Search>;
  readonly #access: MakerAccess<Schema, Search>;

  constructor(setup: EngineSetup<Schema, Search>, access: MakerAccess<Schema, Search>) {
    this.#setup = setup;
    this.#access = access;
  }

  /**
   * Starts a new journal behind a generation of the same content, which is exported at once and written while the window
   * works on. False when another window was faster.
   */
  async rotate(): Promise<boolean> {
    const { place, parts, content } = await this.#access.alone(async () => {
      const replica = await this.#access.readyToSave();
      return { place: replica.place, content: replica.content, parts: await this.#sameContent(replica.content) };
    });
    const draft = await this.#write('rotation', place, content, parts);
    return draft !== 'overtaken' && (await this.#access.alone(() => this.#seal(draft))) === 'won';
  }

  /**
   * Replaces the content by what `make` gives, made from exactly the content that the SEAL continues; again, when another
   * write came between.
   * @param keyId of the data key to encrypt it by, 0: by none; left out: as it was
   * @returns the number of the new generation
   */
  async replace(kind: Replacing, make: MakeContent<Schema, Search>, keyId?: number): Promise<number> {
    for (let attempt = 0; attempt < relaxedAttempts; attempt++) {
      const { place, parts, content } = await this.#access.alone(async () => {
        const replica = await this.#access.readyToSave();
        return { place: replica.place, content: replica.content, parts: await make(replica.content, replica.place) };
      });
      const draft = await this.#write(kind, place, content, parts, keyId);
      if (draft === 'overtaken') continue;
      if ((await this.#access.alone(() => this.#seal(draft))) === 'won') return draft.written.covers.generation;
    }
    return this.#access.alone(async () => {
      for (;;) {
        const generation = await this.#tryToReplace(kind, await this.#access.readyToSave(), make, keyId);
        if (generation !== null) return generation;
      }
    });
  }

  /**
   * Replaces the content of an earlier release by what `make` gives of it, for one who has the window alone already. False
   * when another window was faster, so that it is of this release by now.
   */
  async migrate(make: MakeContent<Schema, Search>): Promise<boolean> {
    for (;;) {
      const replica = await this.#access.readyToSave();
      if (replica.content.schemaVersion === this.#setup.content.schemaVersion) return false;
      if ((await this.#tryToReplace('migration', replica, make)) !== null) return true;
    }
  }

  /** The number of the new generation; null when another write came between. */
  async #tryToReplace(
    kind: Replacing,
    { place, content }: Replica<Schema, Search>,
    make: MakeContent<Schema, Search>,
    keyId?: number,
  ): Promise<number | null> {
    const draft = await this.#write(kind, place, content, await make(content, place), keyId);
    return draft !== 'overtaken' && (await this.#seal(draft)) === 'won' ? draft.written.covers.generation : null;
  }

  async #sameContent(content: ReplicaContent<Schema, Search>): Promise<GenerationContent> {
    return {
      snapshot: content.database.export(),
      calls: content.calls.save({ at: this.#setup.clock.now(), withoutWords: false }),
      index: await content.index.save(),
    };
  }

  async #write(
    kind: SealKind,
    from: Place,
    content: ReplicaContent<Schema, Search>,
    parts: GenerationContent,
    keyId = content.keyId,
  ): Promise<Draft | 'overtaken'> {
    const place: CoveredPlace = {
      kind,
      generation: from.journal.number + 1,
      storeId: content.storeId,
      schemaVersion: kind === 'rotation' ? content.schemaVersion : this.#setup.content.schemaVersion,
      journal: from.journal.name,
      offset: kind === 'rotation' ? from.position : firstPosition,
      sequence: from.sequence,
      chain: from.chain.toString('hex'),
      keyId,
    };
    const { files, random } = this.#setup;
    try {
      const written = await writeGeneration(files, random, place, parts);
      if (kind === 'restore' || keyId !== content.keyId) await this.#readBack(written);
      return { kind, from, written };
    } catch (error) {
      // Another window has sealed the journal, and tidied this draft away while it was being written.
      if (newestMarkedNumber(files) >= place.generation) return 'overtaken';
      throw error;
    }
  }

  /** It is not good because it could be written: what replaces all that is there, or is under another key, is read from the disk first. */
  async #readBack(written: WrittenGeneration): Promise<void> {
    try {
      for (const { name } of written.covers.files) readGenerationFile(this.#setup.files, written, name);
    } catch (error) {
      await this.#drop({ written });
      throw error;
    }
  }

  /** Seals the journal with this draft, or drops the draft when it no longer fits. */
  async #seal(draft: Draft): Promise<SealedOrNot> {
    return this.#access.turns.take(async () => {
      const sealed = await this.#sealOrLocked(draft);
      if (sealed === 'overtaken') await this.#drop(draft);
      return sealed;
    });
  }

  /** Where another window has encrypted the store meanwhile, nothing that is not may stay. */
  async #sealOrLocked(draft: Draft): Promise<SealedOrNot> {
    try {
      return await this.#appendSeal(draft);
    } catch (error) {
      if (HearthlinkError.is(error, 'store-locked')) await this.#drop(draft);
      throw error;
    }
  }

  async #appendSeal({ kind, from, written }: Draft): Promise<SealedOrNot> {
    const { files, random } = this.#setup;
    const body = encodeSeal({ kind, generation: written.name, journal: written.nextJournal });
    for (;;) {
      const replica = await this.#access.readyToWrite();
      const { journal, chain } = replica.place;
      if (journal.name !== from.journal.name || (mustFitExactly(kind) && !chain.equals(from.chain))) return 'overtaken';
      const outcome = await this.#append(replica, body, written);
      if (outcome.state === 'damaged') throw new HearthlinkError('store-damaged', { file: journal.name });
      if (outcome.state === 'lost') continue;
      const { bytes, record } = outcome.record;
      await this.#mark(kind, written, { chain: chainAfter(bytes), sequence: record.sequence });
      this.#access.catchUp();
      await writeManifest(files, random, written.covers.storeId, written.name);
      return 'won';
    }
  }

  /** Where there is no room for the SEAL, which is not whole then and never will be, the room that the draft takes is given back. */
  async #append(replica: Replica<Schema, Search>, body: Buffer, written: WrittenGeneration): Promise<Outcome> {
    try {
      return await this.#access.writer.append(replica, 'seal', body);
    } catch (error) {
      if (HearthlinkError.is(error, 'store-full')) await this.#drop({ written });
      throw error;
    }
  }

  /** Without its mark, a generation is found by its SEAL alone: so what was restored is restored, whatever becomes of the mark. */
  async #mark(kind: SealKind, written: WrittenGeneration, { chain, sequence }: Pick<Place, 'chain' | 'sequence'>): Promise<void> {
    try {
      await markGeneration(this.#setup.files, written, chain, sequence);
    } catch (error) {
      // Another window has replaced it and tidied it away by now.
      if (newestMarkedNumber(this.#setup.files) > written.covers.generation) return;
      if (kind !== 'restore') throw error;
      this.#setup.log.warn('A restored generation could not be marked.', { code: HearthlinkError.from(error).code });
    }
  }

  /** None of its SEALs has won or can win, so nothing refers to it. */
  async #drop({ written }: Pick<Draft, 'written'>): Promise<void> {
    await removeUnfinished(this.#setup.files, [written.name, written.nextJournal]);
  }
}

/** @param place that the content to be replaced has reached */
export type MakeContent<Schema, Search> = (content: ReplicaContent<Schema, Search>, place: Place) => Promise<GenerationContent>;

/** A rotation changes nothing. A restore takes along what was forgotten, and which calls were answered, up to its SEAL. */
function mustFitExactly(kind: SealKind): boolean {
  return kind !== 'rotation';
}
