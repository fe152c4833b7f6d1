import { HearthlinkError } from '../../shared/errors.ts';
import type {
  BackupRepository, RestoreReport, ScratchAsked, ScratchLoad, ScratchQuestion, ScratchRestore, StorePosition,
} from '../backup-port.ts';
import { Packed, type MethodContext, type MethodResult, type MethodTable } from '../methods-contract.ts';
import { BackupSource } from './backup-source.ts';
import { changedSince } from './changed-since.ts';
import type { ContentAtPlace, EngineSetup } from './engine-setup.ts';
import type { ReplicaContent } from './replica-content.ts';
import { forgetAsIn, restoredContent } from './restore.ts';
import { Scratch } from './scratch.ts';
import type { StoreEngine } from './store-engine.ts';
import { positionAt } from './store-position.ts';

/** What a scratch may be asked. */
type Questions<Schema, Search> = Pick<MethodTable<MethodContext<Schema, Search>>, ScratchQuestion>;

export interface BackupsParts<Schema, Search> {
  readonly engine: StoreEngine<Schema, Search>;
  /** That of the engine. */
  readonly setup: EngineSetup<Schema, Search>;
  readonly methods: Questions<Schema, Search>;
}

/** The store's side of backups, over one engine. What is frozen or in a scratch is lost with it. */
export class Backups<Schema, Search> implements BackupRepository {
  readonly #engine: StoreEngine<Schema, Search>;
  readonly #setup: EngineSetup<Schema, Search>;
  readonly #methods: Questions<Schema, Search>;
  readonly #source: BackupSource<Schema, Search>;
  readonly #scratches = new Map<string, Scratch<Schema, Search>>();
  /** The chain value of the store up to which a scratch knows what was forgotten: going through all of it takes a while. */
  readonly #forgottenUpTo = new WeakMap<ReplicaContent<Schema, Search>, string>();

  constructor({ engine, setup, methods }: BackupsParts<Schema, Search>) {
    this.#engine = engine;
    this.#setup = setup;
    this.#methods = methods;
    this.#source = new BackupSource(setup, (look) => engine.inspect(look));
  }

  position() {
    return this.#source.position();
  }

  freeze() {
    return this.#source.freeze();
  }

  /** Freezes what somebody holds who has the store's turn. */
  freezeHere(present: ContentAtPlace<Schema, Search>) {
    return this.#source.freezeHere(present);
  }

  readPart(of: { readonly frozen: string; readonly part: string }) {
    return settled(() => this.#source.readPart(of));
  }

  release(frozen: string) {
    return settled(() => { this.#source.release(frozen); });
  }

  recordsAfter(position: StorePosition) {
    return this.#source.recordsAfter(position);
  }

  changedSince(position: StorePosition) {
    return this.#source.changedSince(position);
  }

  lastPurge() {
    return this.#engine.inspect(({ content }) => this.#setup.content.housekeeping.lastPurge.run(content.readingContext(), undefined));
  }

  scratchBegin() {
    return settled(() => {
      const name = Buffer.from(this.#setup.random.bytes(12)).toString('hex');
      this.#scratches.set(name, new Scratch(this.#setup));
      return name;
    });
  }

  scratchPut({ scratch, part, bytes }: { readonly scratch: string; readonly part: string; readonly bytes: Uint8Array }) {
    return settled(() => { this.#scratch(scratch).put(part, bytes); });
  }

  async scratchLoad(load: ScratchLoad) {
    return this.#scratch(load.scratch).load(load);
  }

  async scratchHolds({ scratch, text }: { readonly scratch: string; readonly text: string }) {
    return this.#scratch(scratch).holds(text);
  }

  async scratchAsk<Name extends ScratchQuestion>({ scratch, method, argument }: ScratchAsked<Name>): Promise<MethodResult<Name>> {
    const { content } = this.#scratch(scratch);
    await this.#forgetAsHere(content);
    const result = await this.#methods[method].run(content.readingContext(), argument);
    return result instanceof Packed ? result.unpacked() : result;
  }

  async scratchRestore({ scratch, at, replaces }: ScratchRestore): Promise<RestoreReport> {
    const restored = this.#scratch(scratch).content;
    if (['damaged', 'newer-schema'].includes(await this.#engine.state())) await this.#engine.continueAfterDamage(restored);
    const replaced: StorePosition[] = [];
    let keptForgotten = 0;
    const generation = await this.#engine.replaceContent(async (present, place) => {
      const position = positionAt(place, present, at);
      replaced.push(position);
      if (replaces !== null && changedSince(this.#setup, replaces, { content: present, place }) !== 'nothing') throw new HearthlinkError('conflict', { kind: 'store' });
      const made = await restoredContent(this.#setup, { restored, present, at });
      // Made again after another write, it finds nothing more to wipe.
      keptForgotten = Math.max(keptForgotten, made.keptForgotten);
      return made.parts;
    });
    const summary = await this.#engine.inspect(({ content }) => this.#setup.content.summary(content.database.raw));
    const [last] = replaced.slice(-1);
    if (last === undefined) throw new HearthlinkError('internal', { detail: 'Nothing was replaced.' });
    return { generation, replaced: last, summary, keptForgotten };
  }

  scratchDrop(scratch: string) {
    return settled(() => {
      this.#scratches.get(scratch)?.close();
      this.#scratches.delete(scratch);
    });
  }

  close(): void {
    for (const scratch of this.#scratches.values()) scratch.close();
    this.#scratches.clear();
    this.#source.close();
  }

  /** Where the store cannot be read, nothing is known of what was forgotten in it, and a backup is all there is to look into. */
  async #forgetAsHere(content: ReplicaContent<Schema, Search>): Promise<void> {
    try {
      await this.#engine.inspect(async (present) => {
        const chain = present.place.chain.toString('hex');
        if (this.#forgottenUpTo.get(content) === chain) return;
        await forgetAsIn(this.#setup, content, present.content, this.#setup.clock.now());
        this.#forgottenUpTo.set(content, chain);
      });
    } catch (error) {
      if (!HearthlinkError.is(error, 'store-damaged', 'store-newer-schema', 'store-read-only', 'store-stopped')) throw error;
    }
  }

  #scratch(name: string): Scratch<Schema, Search> {
    const scratch = this.#scratches.get(name);
    if (scratch === undefined) throw new HearthlinkError('not-found', { kind: 'scratch', id: name });
    return scratch;
  }
}

/** As a promise, whatever it throws. */
async function settled<T>(run: () => T): Promise<T> {
  return Promise.resolve(run());
}
