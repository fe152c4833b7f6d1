import { HearthlinkError } from '../../../src/shared/errors.ts';
import assert from 'node:assert/strict';
import { fileHeaderLength } from '../../../src/store/journal/file-header.ts';
import type { StoreFiles } from '../../../src/store/files/store-files.ts';
import type { MemoryDisk, Operation } from './memory-disk.ts';
import { counterId, doOnce, listNotes, searchNotes, versionsById } from './notes-content.ts';
import { copyOf, restoreNotes } from './notes-backup.ts';
import { NotesWindow, type NotesSetup } from './window.ts';

/** What a window does, one thing after the other. */
export type Step = 'write' | 'read' | 'rotate' | 'purge' | 'look' | 'continue' | 'restore';

export interface World {
  readonly disk: MemoryDisk;
  /** A number from 0 to `below` - 1, the same in every run with the same seed. */
  readonly choose: (below: number) => number;
  /** How many faults are left to happen, of each kind. */
  /** A window's view of the disk, where it is another than the disk's own. */
  readonly filesOf?: (disk: MemoryDisk, window: string) => StoreFiles;
  readonly faults: { crash: number; short: number; flush: number; full: number; power: number; damage: number };
}

function filesFor({ disk, filesOf }: World, window: string, on = disk): StoreFiles {
  return filesOf === undefined ? on.filesOf(window) : filesOf(on, window);
}

/** A window at work, and what it was told. */
export class BusyWindow {
  readonly name: string;
  readonly #world: World;
  readonly #steps: Step[];
  readonly #history: History;
  readonly #changed: Partial<NotesSetup>;
  #window: NotesWindow;
  #life = 0;
  #calls = 0;
  done = false;

  constructor(name: string, steps: readonly Step[], world: World, history: History, changed: Partial<NotesSetup> = {}) {
    this.name = name;
    this.#steps = [...steps];
    this.#world = world;
    this.#history = history;
    this.#changed = changed;
    this.#window = this.#open();
  }

  get window(): NotesWindow {
    return this.#window;
  }

  get processName(): string {
    return `${this.name}.${this.#life}`;
  }

  /** The process dies; another takes over where it was, repeating the call that was interrupted under its id. */
  restart(): void {
    this.#world.disk.kill(this.processName);
    this.#window.discard();
    this.#life++;
    this.#window = this.#open();
    this.start();
  }

  start(): void {
    const life = this.#life;
    void this.#work(life);
  }

  #open(): NotesWindow {
    return new NotesWindow(this.processName, filesFor(this.#world, this.processName), { soon: queueMicrotask, clock: tickingClock(), ...this.#changed });
  }

  async #work(life: number): Promise<void> {
    while (this.#steps.length > 0) {
      const [step] = this.#steps;
      try {
        await this.#do(step ?? 'look');
        if (life !== this.#life) return;
      } catch (error) {
        if (life !== this.#life) return;
        const failure = HearthlinkError.from(error);
        // A full disk rejects; whoever called decides. Not known to be saved: the same call again.
        if (failure.code === 'store-not-known-saved') continue;
        const damaged = failure.code === 'store-damaged' && this.#history.readable !== null;
        const overtaken = failure.code === 'conflict' && step === 'restore';
        const expected = failure.code === 'store-full' || damaged || overtaken;
        if (!expected) this.#history.failures.push(`${this.processName} ${step ?? ''}: ${failure.message}`);
      }
      this.#steps.shift();
      this.#calls++;
    }
    this.done = true;
  }

  async #do(step: Step): Promise<void> {
    const { engine } = this.#window;
    switch (step) {
      case 'write': {
        const id = `${this.name}${this.#calls}`;
        await this.#window.call(doOnce, id, `call-${id}`);
        this.#history.acknowledged.add(id);
        return;
      }
      case 'read': {
        const before = [...(this.#history.readable ?? this.#history.acknowledged)];
        const notes = versionsById(await this.#window.call(listNotes));
        const missing = before.filter((id) => !notes.has(id));
        if (missing.length > 0) this.#history.failures.push(`${this.processName} does not see ${missing.join()}, acknowledged before it read`);
        return;
      }
      case 'rotate': await engine.rotate(); return;
      case 'purge': await engine.purge(0); return;
      case 'look': await engine.status(); return;
      case 'continue': await engine.continueAfterDamage(); return;
      case 'restore': await restoreWhatIsThere(this.#window); return;
    }
  }
}

/** Of a backup that was made just before: so nothing that was acknowledged is lost, or the restore is refused. */
async function restoreWhatIsThere(window: NotesWindow): Promise<void> {
  const copy = await copyOf(window);
  await restoreNotes(window, copy, { replaces: copy.position.chain });
}

export interface History {
  /** Ids of writes that were acknowledged. */
  readonly acknowledged: Set<string>;
  readonly failures: string[];
  /** After damage: what of it could still be read then, which must stay. What was acknowledged behind it is lost with it. */
  readable: ReadonlySet<string> | null;
}

export const startOfTime = 1_700_000_000_000;

/** Moves on a little whenever it is asked, so that nothing waits for a time that never comes. */
function tickingClock() {
  let now = startOfTime;
  return { now: () => (now += 3000) };
}

/**
 * Lets the windows work until all are done, one change of the disk after the other in an order that `choose` gives, with the
 * world's faults in between. Throws when nobody can go on.
 */
export async function interleave(world: World, windows: readonly BusyWindow[], history: History): Promise<void> {
  for (const window of windows) window.start();
  const { operations } = world.disk;
  let favoured = windows[0];
  for (;;) {
    await allWait();
    // One window runs for a while as if the others were suspended, wherever they stand.
    if (world.choose(patience) === 0) favoured = windows[world.choose(windows.length)];
    const ofFavoured = operations.filter(({ window }) => window === favoured?.processName);
    const operation = ofFavoured[0] ?? operations[world.choose(operations.length)];
    if (operation !== undefined) {
      if (takesFault(world, 'damage')) await damage(world, history);
      const goesOn = operation.name === 'rename' && operation.file.startsWith('creating-');
      perform(world, windows, operation);
      // Before a window goes on, others may have acknowledged writes behind the damage, which they had read past.
      if (goesOn && history.readable !== null) keepOnly(history, history.readable);
    } else if (windows.every(({ done }) => done)) return;
    else assert.fail(`Stuck: ${windows.filter(({ done }) => !done).map(({ processName }) => processName).join()}`);
  }
}

/** Everything between two changes of the disk is callbacks of promises, and these are over by then. */
function allWait(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve); });
}

/** One in this many changes of the disk lets another window go on. */
const patience = 5;
/** One in this many chances of a fault is taken. */
const rarity = 15;

function takesFault({ faults, choose }: World, fault: keyof World['faults']): boolean {
  const taken = faults[fault] > 0 && choose(rarity) === 0;
  if (taken) faults[fault]--;
  return taken;
}

/** Changes a bit somewhere in a journal's records, and notes what of all that was acknowledged can still be read. */
async function damage(world: World, history: History): Promise<void> {
  const { disk, choose, faults } = world;
  const journals = disk.names().filter((name) => name.startsWith('journal-') && disk.bytesOf(name).length > fileHeaderLength);
  const journal = journals[choose(journals.length)];
  if (journal === undefined) {
    faults.damage++;
    return;
  }
  const at = fileHeaderLength + choose(disk.bytesOf(journal).length - fileHeaderLength);
  disk.alter(journal, (bytes) => {
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << choose(8)), at);
    return bytes;
  });
  const reader = new NotesWindow('reader', filesFor(world, 'reader', disk.copy()));
  const notes = versionsById(await reader.call(listNotes));
  reader.discard();
  history.readable = new Set([...history.acknowledged].filter((id) => notes.has(id)));
}

function keepOnly({ acknowledged }: History, kept: ReadonlySet<string>): void {
  for (const id of acknowledged) if (!kept.has(id)) acknowledged.delete(id);
}

function perform(world: World, windows: readonly BusyWindow[], operation: Operation): void {
  const { choose, disk } = world;
  const takes = (fault: keyof World['faults']) => takesFault(world, fault);
  if (takes('power')) {
    if (operation.name === 'write') operation.perform({ type: 'short', bytes: choose(operation.length + 1) });
    disk.losePower(choose);
    for (const window of windows) window.restart();
  } else if (takes('crash')) {
    // What the crash interrupts may have been written in part.
    if (operation.name === 'append' || operation.name === 'write') operation.perform({ type: 'short', bytes: choose(operation.length + 1) });
    windows.find(({ processName }) => processName === operation.window)?.restart();
  } else if (operation.name === 'append' && takes('short')) {
    operation.perform({ type: 'short', bytes: choose(operation.length) });
  } else if (operation.name === 'flush' && takes('flush')) {
    operation.perform({ type: 'fails', code: 'store-stopped' });
  } else if (operation.name === 'write' && takes('full')) {
    operation.perform({ type: 'fails', code: 'store-full' });
  } else {
    operation.perform({ type: 'none' });
  }
}

/** After damage somebody goes on in the end, and with that what stands behind the damage is lost. */
async function goOnWhereNobodyDid(world: World, history: History): Promise<void> {
  const last = new NotesWindow('last', filesFor(world, 'last'));
  const { state } = await last.engine.status();
  if (state !== 'ready') {
    keepOnly(history, history.readable ?? new Set());
    await last.engine.continueAfterDamage();
  }
  last.discard();
}

/** What must hold when all is done: for each window, and for one that opens the store then. */
export async function checkAgreement(world: World, windows: readonly BusyWindow[], history: History): Promise<void> {
  world.disk.immediate = true;
  assert.deepEqual(history.failures, []);
  if (history.readable !== null) await goOnWhereNobodyDid(world, history);
  const restarted = new NotesWindow('restarted', filesFor(world, 'restarted'));
  const all: [string, NotesWindow][] = [...windows.map(({ name, window }): [string, NotesWindow] => [name, window]), ['restarted', restarted]];
  const seen = [];
  for (const [name, window] of all) {
    await window.engine.status();
    const notes = versionsById(await window.call(listNotes));
    const { state, chain, sequence } = await window.engine.status();
    const found = await window.call(searchNotes, 'done');
    seen.push({ state, chain, sequence, notes: [...notes], found });
    assert.equal(state, 'ready', name);
    assert.deepEqual(found, [...notes.keys()].filter((id) => id !== counterId), `${name}: the index is what the rows say`);
    for (const id of history.acknowledged) assert.ok(notes.has(id), `${name}: ${id} was acknowledged`);
    assert.equal(notes.get(counterId) ?? 0, notes.size - (notes.has(counterId) ? 1 : 0), `${name}: every write counts once`);
  }
  for (const [, window] of all) window.discard();
  for (const other of seen) assert.deepEqual(other, seen[0], 'all windows end in one history');
}
