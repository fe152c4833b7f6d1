import { HearthlinkError } from '../../shared/errors.ts';
import { createFirstGeneration } from '../generation/first-generation.ts';
import { markedGenerations, readCovers } from '../generation/generation-reader.ts';
import { historyIn, wentOnFile } from '../generation/names.ts';
import { setAside, setMarkAside } from '../generation/set-aside.ts';
import type { Changes } from '../journal/changes.ts';
import type { StoreState } from '../port.ts';
import { CallLedger } from './call-ledger.ts';
import type { EngineSetup } from './engine-setup.ts';
import { openNewest, readMarked, type Opened } from './opening.ts';
import type { Replica } from './replica.ts';
import { readWhatIsLeft } from './salvage.ts';

/** What catching up brought: rows of other windows by id, or everything where the content was replaced. */
export type News = { readonly changes: Changes | null } | 'nothing';

/** Opening again, while other windows go on from generation to generation. */
const attempts = 10;
/** A store that could not be read is looked at again after this long, not on every call. */
const lookAgainAfterMs = 2000;

/**
 * The store as this window has it open: its replica, kept up to date, and what stands in the way of reading or writing.
 */
export class OpenStore<Schema, Search> {
  readonly #setup: EngineSetup<Schema, Search>;
  #replica: Replica<Schema, Search> | null = null;
  #problem: HearthlinkError | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;
  /** The newest generation, where this release cannot bring it to its own schema. It would fail the same way again. */
  #notMigrated: string | null = null;
  /** The journal's file was taken away, and what this window still holds of it is not to be written to. */
  #lostJournal = false;
  readonly #damagedFiles = new Set<string>();
  /** The newest history in the folder when this window opened the store. */
  #history = 0;
  /** Another window has gone on after damage that this one had read past: what it holds leads nowhere. */
  #leftBehind = false;

  constructor(setup: EngineSetup<Schema, Search>) {
    this.#setup = setup;
  }

  get replica(): Replica<Schema, Search> | null {
    return this.#replica;
  }

  /** Why this window cannot write, or not even read; null while all is well. */
  get problem(): HearthlinkError | null {
    return this.#problem;
  }

  get history(): number {
    return this.#history;
  }

  get damagedFiles(): readonly string[] {
    return [...this.#damagedFiles];
  }

  get state(): StoreState {
    switch (this.#problem?.code) {
      case undefined: return 'ready';
      case 'store-read-only': return 'read-only';
      case 'store-damaged': return 'damaged';
      case 'store-newer-schema': return 'newer-schema';
      case 'store-locked': return 'locked';
      default: return 'stopped';
    }
  }

  /** Opens the store, or starts one. What stands in the way is kept as the problem; later calls look again. */
  async open(): Promise<void> {
    const isOpen = this.#replica !== null && this.#problem?.code !== 'store-read-only';
    if (isOpen || this.#setup.clock.now() < this.#failedAt + lookAgainAfterMs) return;
    try {
      if (this.#isNotMigrated()) return;
      if (this.#replica === null) await this.#take(this.#openNewest() ?? await this.#start());
      else this.#openForWriting(this.#replica);
    } catch (error) {
      this.#failedAt = this.#setup.clock.now();
      this.#hasProblem(HearthlinkError.from(error));
    }
  }

  /** Applies what other windows wrote. Where one of them has encrypted it by a key that is not here, nothing of it is kept. */
  catchUp(): News {
    try {
      return this.#catchUp();
    } catch (error) {
      if (!HearthlinkError.is(error, 'store-locked')) throw error;
      this.#failedAt = this.#setup.clock.now();
      this.close();
      this.#hasProblem(error);
      return { changes: null };
    }
  }

  #catchUp(): News {
    if (this.#replica === null || (this.#problem?.code === 'store-newer-schema' && !this.othersWentOn())) return 'nothing';
    const mustReopen = this.#lostJournal || this.#leftBehind;
    if (mustReopen && !this.#reopen()) return 'nothing';
    let everything = mustReopen;
    this.#lostJournal = false;
    this.#leftBehind = false;
    let missing = '';
    for (let attempt = 0; attempt < attempts; attempt++) {
      const caught = this.#replica.catchUp();
      everything ||= caught.changes === null;
      if (caught.state === 'lost-track' && caught.file === missing) {
        // The newest generation leads there too, so no other window has tidied it away.
        this.#judge('damaged', caught.file);
        return { changes: null };
      }
      if (caught.state === 'lost-track') missing = caught.file;
      const reopen = caught.state === 'lost-track' || (caught.state === 'damaged' && this.#newerGenerationExists());
      if (reopen && this.#reopen()) {
        everything = true;
        continue;
      }
      if (HearthlinkError.is(this.#problem, 'store-locked')) throw this.#problem;
      this.#judge(caught.state, caught.file);
      if (everything) return { changes: null };
      return caught.applied > 0 ? { changes: caught.changes } : 'nothing';
    }
    this.#hasProblem(new HearthlinkError('store-stopped', { detail: 'Other windows replace the store faster than it can be read.' }));
    return { changes: null };
  }

  /** Opens the newest generation afresh, whatever this window had. */
  openAgain(): void {
    if (this.#reopen()) this.catchUp();
  }

  /** What can be read of a store that cannot be opened; null where it can be, or where nothing can be read. */
  readWhatIsLeft(): Replica<Schema, Search> | null {
    if (this.#replica !== null) return null;
    this.#history = historyIn(this.#setup.files.list());
    // Another window may have gone on a moment ago.
    this.openAgain();
    return this.replica === null && this.problem?.code === 'store-damaged' ? readWhatIsLeft(this.#setup) : null;
  }

  /**
   * A file of this generation that is read late is not what it should be: opens the newest one when this one was tidied away
   * meanwhile, and the one before, which leads to the same, when it is damaged. False when neither can be done.
   */
  async openWithout(name: string): Promise<boolean> {
    const { files, log } = this.#setup;
    const covers = readCovers(files, name);
    if (covers !== null) {
      this.#damagedFiles.add(name);
      log.warn('A damaged generation was found.', { generation: name });
      const repeatsOnly = typeof covers !== 'string' && covers.kind === 'rotation';
      if (!repeatsOnly || this.#problem !== null || markedGenerations(files).length < 2) return false;
      await setAside(files, name);
    }
    this.openAgain();
    return true;
  }

  /** Throws the problem when there is nothing that could be read. */
  forReading(): Replica<Schema, Search> {
    if (this.#replica === null) throw this.#problem ?? new HearthlinkError('store-stopped');
    return this.#replica;
  }

  /** Throws the problem when this window must not write. */
  forWriting(): Replica<Schema, Search> {
    if (this.#problem !== null) throw this.#problem;
    return this.forReading();
  }

  /** Looks whether somebody has taken the journal away under this window, so that nothing more is written into a lost file. */
  noticeLostFiles(): void {
    if (this.#replica === null || this.othersWentOn()) return;
    const isThere = () => this.#replica === null || this.#setup.files.size(this.#replica.place.journal.name) !== null;
    if (this.#problem !== null || isThere()) return;
    this.catchUp();
    this.#lostJournal = !isThere();
  }

  /**
   * Whether another window has gone on after damage since this one opened the store. This one may have read past the damage
   * before it was there; what it appends now is read by nobody, so this is asked between a flush and what is said of it.
   * From then on catching up begins with opening the store anew.
   */
  othersWentOn(): boolean {
    const { files } = this.#setup;
    if (this.#leftBehind || files.size(wentOnFile) === null) return this.#leftBehind;
    this.#leftBehind = historyIn(files.list()) > this.#history;
    return this.#leftBehind;
  }

  /** It is of an earlier release, and cannot be used before it was migrated, for which something stands in the way. */
  leaveAsItIs(problem: HearthlinkError): void {
    this.close();
    this.#failedAt = this.#setup.clock.now();
    if (problem.code === 'store-not-migrated') this.#notMigrated = markedGenerations(this.#setup.files)[0] ?? null;
    this.#hasProblem(problem);
  }

  close(): void {
    this.#replica?.close();
    this.#replica = null;
  }

  async #take(opened: Opened<Schema, Search>): Promise<void> {
    this.#replica = opened.replica;
    this.#problem = null;
    this.catchUp();
    for (const { name, file } of opened.unreadable) {
      this.#damagedFiles.add(file);
      await this.#setAside(name);
    }
  }

  /** Until another window has replaced what could not be migrated. */
  #isNotMigrated(): boolean {
    if (this.#notMigrated !== null && this.#notMigrated !== markedGenerations(this.#setup.files)[0]) this.#notMigrated = null;
    return this.#notMigrated !== null;
  }

  /** A folder that could only be read may be writable by now; catching up tells. */
  #openForWriting(replica: Replica<Schema, Search>): void {
    this.#failedAt = this.#setup.clock.now();
    replica.reopenJournal();
  }

  /**
   * A damaged generation that only repeated what the journals hold is kept under a name that nobody opens. Of one that has
   * content of its own, and that was reached by its SEAL, only the mark can be damaged, and nothing needs it from then on.
   */
  async #setAside(name: string): Promise<void> {
    const { files, log } = this.#setup;
    const number = Number(/^g(\d+)/.exec(name)?.[1]);
    const replica = this.#replica;
    const reached = replica !== null && this.#problem === null && replica.place.journal.number >= number;
    log.warn('A damaged generation was found.', { generation: name, reached });
    if (!reached) return;
    const covers = readCovers(files, name);
    const hasOwnContent = covers !== null && typeof covers !== 'string' && covers.kind !== 'rotation';
    await (hasOwnContent ? setMarkAside(files, name) : setAside(files, name));
  }

  /**
   * Looks first at what will be known, so that what appears meanwhile is noticed later. What is opened may be of a history that
   * has begun since; a window that did not know so would take it for one that it is not in, and its own SEAL for lost.
   */
  #openNewest(): Opened<Schema, Search> | null {
    const history = historyIn(this.#setup.files.list());
    const opened = openNewest(this.#setup);
    this.#history = opened === null ? history : Math.max(history, historyIn([opened.generation.name]));
    return opened;
  }

  #reopen(): boolean {
    try {
      const opened = this.#openNewest();
      if (opened === null) throw new HearthlinkError('store-damaged', { file: this.#setup.files.location });
      this.#replica?.close();
      this.#replica = opened.replica;
      // What a later release wrote is not what is open now.
      if (this.#problem?.code === 'store-newer-schema') this.#problem = null;
      return true;
    } catch (error) {
      const problem = HearthlinkError.from(error);
      if (problem.code === 'store-locked') this.close();
      this.#hasProblem(problem);
      return false;
    }
  }

  #judge(state: 'current' | 'damaged' | 'lost-track' | 'newer', file: string): void {
    if (state === 'damaged') {
      this.#damagedFiles.add(file);
      this.#hasProblem(new HearthlinkError('store-damaged', { file }));
    } else if (state === 'newer') {
      this.#hasProblem(new HearthlinkError('store-newer-schema', { file }));
    } else if (state === 'current') {
      const writable = this.#replica?.place.journal.file.writable ?? false;
      this.#hasProblem(writable ? null : new HearthlinkError('store-read-only', { detail: this.#setup.files.location }));
    }
  }

  #hasProblem(problem: HearthlinkError | null): void {
    if (problem !== null && problem.code !== this.#problem?.code) this.#setup.log.warn('The store cannot be used fully.', { code: problem.code });
    this.#problem = problem;
  }

  /** After damage another window may have gone on: a marked generation that begins behind what this one has read. */
  #newerGenerationExists(): boolean {
    const [name] = markedGenerations(this.#setup.files);
    const place = this.#replica?.place;
    if (name === undefined || place === undefined) return false;
    const generation = readMarked(this.#setup, name);
    if (generation === 'gone') return false;
    const { covers } = generation;
    const number = covers.kind === 'rotation' ? covers.generation - 1 : covers.generation;
    return number > place.journal.number || (covers.kind === 'rotation' && number === place.journal.number && covers.offset > place.position);
  }

  /** Starts a store, or opens the one that another window has started meanwhile. */
  async #start(): Promise<Opened<Schema, Search>> {
    const { files, random, content } = this.#setup;
    let failure = new HearthlinkError('store-stopped', { detail: 'The store could not be started.' });
    try {
      await createFirstGeneration(files, random, content.schemaVersion, this.#emptyContent());
    } catch (error) {
      failure = HearthlinkError.from(error);
    }
    const opened = openNewest(this.#setup);
    if (opened === null) throw failure;
    return opened;
  }

  #emptyContent() {
    const database = this.#setup.openDatabase();
    this.#setup.content.migrate(database, 0);
    const snapshot = database.export();
    database.close();
    return { snapshot, calls: new CallLedger().save({ at: 0, withoutWords: true }), index: [] };
  }
}
