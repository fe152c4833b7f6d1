import type { Disposable } from '../../shared/events.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import { OneAtATime } from '../../shared/one-at-a-time.ts';
import { encodeBatch } from '../journal/batch-body.ts';
import { tidy } from '../generation/tidy.ts';
import type { ContentStatus } from '../methods-contract.ts';
import type { PurgeReport, StoreState, StoreStatus } from '../port.ts';
import { answerAgain, runBatch, type Answer, type Call } from './batch-run.ts';
import { ChangeTelling } from './change-telling.ts';
import { watchForChanges } from './change-watch.ts';
import type { EngineSetup } from './engine-setup.ts';
import { GenerationMaker, type MakeContent } from './generation-maker.ts';
import { GoingOn } from './going-on.ts';
import { IndexLoading } from './index-loading.ts';
import { JournalWriter } from './journal-writer.ts';
import { IndexNotLoaded } from './lazy-index.ts';
import { migrateStore, mustMigrate } from './migrating.ts';
import { purgedContent } from './new-content.ts';
import { OpenStore } from './open-store.ts';
import type { ReplicaContent } from './replica-content.ts';
import type { Replica } from './replica.ts';
import { RotationSchedule } from './rotation-schedule.ts';
import { WorkQueue } from './work-queue.ts';
import { WriteTurns } from './write-turns.ts';

/**
 * One window's store: answers reads from its replica, and commits writes in batches. A write is acknowledged when its record
 * is on the disk and is the one that continues the chain.
 */
export class StoreEngine<Schema, Search> {
  readonly #setup: EngineSetup<Schema, Search>;
  readonly #queue: WorkQueue<Call<Schema, Search>>;
  readonly #store: OpenStore<Schema, Search>;
  readonly #writer: JournalWriter<Schema, Search>;
  readonly #telling: ChangeTelling;
  readonly #turns: WriteTurns;
  readonly #maker: GenerationMaker<Schema, Search>;
  readonly #indexes: IndexLoading<Schema, Search>;
  readonly #goingOn: GoingOn<Schema, Search>;
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #schedule: RotationSchedule<Schema, Search>;
  /** Generations of one window are made one after the other. */
  readonly #making = new OneAtATime();

  constructor(setup: EngineSetup<Schema, Search>) {
    this.#setup = setup;
    this.#store = new OpenStore(setup);
    this.#writer = new JournalWriter(setup, () => this.#store.othersWentOn());
    this.#queue = new WorkQueue((calls) => this.#commit(calls), setup.soon);
    this.#turns = new WriteTurns(setup.lock, setup.clock, () => { this.#catchUp(); });
    this.#maker = new GenerationMaker(setup, {
      writer: this.#writer,
      turns: this.#turns,
      alone: (run) => this.#alone(run),
      readyToWrite: () => this.#readyToWrite(),
      readyToSave: () => this.#readyToSave(),
      catchUp: () => { this.#catchUp(); },
    });
    this.#schedule = new RotationSchedule(setup, () => this.#rotateInTurn());
    this.#telling = new ChangeTelling(setup.log);
    this.#indexes = new IndexLoading(setup, {
      store: this.#store,
      call: (call) => this.call(call),
      openedAgain: () => { this.#telling.rows('other-window', null); },
    });
    this.#goingOn = new GoingOn(setup, { store: this.#store, indexes: this.#indexes });
  }

  get onDidChange() {
    return this.#telling.event;
  }

  /** Runs a method. A write with the id of an earlier one is answered, not applied again. Rejects with HearthlinkErrors only. */
  call(call: Call<Schema, Search>): Promise<unknown> {
    if (call.method.kind === 'read') return this.#alone(() => this.#read(call));
    const running = this.#running.get(call.id);
    if (running !== undefined) return running;
    const answer = this.#queue.batched(call).finally(() => this.#running.delete(call.id));
    this.#running.set(call.id, answer);
    return answer;
  }

  /** From now on tells of what other windows write within a second of it. */
  watch(): Disposable {
    return watchForChanges(this.#setup.files, this.#setup.timers, () => this.#refresh());
  }

  async status(): Promise<StoreStatus> {
    const content = await this.#alone(() => {
      this.#store.noticeLostFiles();
      this.#catchUp();
      const readable = this.#store.replica?.content;
      return readable === undefined ? unreadable : this.#setup.content.housekeeping.status.run(readable.readingContext(), undefined);
    });
    const { replica, state, problem, damagedFiles } = this.#store;
    return {
      ...content,
      state,
      problem: problem?.toData() ?? null,
      damagedFiles,
      leftBehind: this.#goingOn.leftBehind,
      folder: this.#setup.files.location,
      keyId: replica?.content.keyId ?? Number(problem?.parameters['keyId'] ?? 0),
      bytes: this.#setup.files.bytes(),
      generation: replica?.place.journal.number ?? 0,
      chain: replica?.place.chain.toString('hex') ?? '',
      sequence: replica?.place.sequence ?? 0,
    };
  }

  /** Whether it can be read and written, as far as opening it tells. */
  state(): Promise<StoreState> {
    return this.#alone(() => {
      this.#catchUp();
      return this.#store.state;
    });
  }

  /** Starts a new generation and journal of the same content. False when another window was faster. */
  rotate(): Promise<boolean> {
    return this.#making.run(async () => {
      await this.#settleVectors();
      const won = await this.#maker.rotate();
      if (won) await tidy(this.#setup.files, { at: this.#setup.clock.now(), afterPurge: false });
      return won;
    });
  }

  /** Removes what was forgotten for good, from every file of the store. @param keyId to encrypt them by, 0: by none; left out: as they are */
  async purge(at: number, keyId?: number): Promise<PurgeReport> {
    const { housekeeping } = this.#setup.content;
    await this.call({ id: this.#ownCallId(), method: housekeeping.wipe, argument: { at } });
    return this.#making.run(async () => {
      await this.#settleVectors();
      const generation = await this.#maker.replace('purge', (content) => purgedContent(this.#setup, content), keyId);
      const { removed, bytes } = await tidy(this.#setup.files, { at, afterPurge: true });
      return { generation, filesRemoved: removed, bytesFreed: bytes };
    });
  }

  /** Runs `look` with the content as it is now, and nothing else going on. Throws where it is not whole, or not known here. */
  inspect<T>(look: (replica: Replica<Schema, Search>) => T | Promise<T>): Promise<T> {
    return this.#alone(() => {
      this.#catchUp();
      const replica = this.#store.forReading();
      const { problem } = this.#store;
      if (HearthlinkError.is(problem, 'store-damaged', 'store-newer-schema')) throw problem;
      return look(replica);
    });
  }

  /** Replaces the content whole, in every window, by what `make` gives. Answers the number of the new generation. */
  replaceContent(make: MakeContent<Schema, Search>): Promise<number> {
    return this.#making.run(async () => {
      const generation = await this.#maker.replace('restore', make);
      try {
        await tidy(this.#setup.files, { at: this.#setup.clock.now(), afterPurge: false });
      } catch (error) {
        // It is done by now; what may go can go with the next generation.
        this.#setup.log.warn('Older files could not be removed.', { code: HearthlinkError.from(error).code });
      }
      return generation;
    });
  }

  /**
   * After damage: goes on with what could be read, without the damaged file, which is kept. Where the store could not be
   * opened at all, with the newest generation that is whole. Where there is none, the status says that it is damaged still.
   * @param otherwise goes on with this content where nothing can be read, and where a later release has written the store; what
   * that one wrote is kept
   */
  async continueAfterDamage(otherwise: ReplicaContent<Schema, Search> | null = null): Promise<StoreStatus> {
    await this.#making.run(() => this.#alone(async () => {
      this.#catchUp();
      const { problem } = this.#store;
      if (HearthlinkError.is(problem, 'store-newer-schema') && otherwise !== null) await this.#goingOn.insteadOfNewer(otherwise);
      else if (!HearthlinkError.is(problem, 'store-damaged')) return;
      else if (!(await this.#goingOn.without(String(problem.parameters['file'] ?? ''), otherwise))) return;
      this.#store.openAgain();
      this.#telling.rows('this-window', null);
    }));
    return this.status();
  }

  /** Lets what is under way finish. */
  async close(): Promise<void> {
    await this.#making.over();
    await this.#queue.alone(() => {
      this.#store.close();
      return Promise.resolve();
    });
    this.#telling.dispose();
  }

  /** Applies what other windows wrote since, and tells of it. */
  async #refresh(): Promise<void> {
    try {
      await this.#alone(() => {
        this.#store.noticeLostFiles();
        this.#catchUp();
      });
    } catch (error) {
      this.#setup.log.warn('The store could not be looked at.', { code: HearthlinkError.from(error).code });
    }
  }

  /** Runs with the store open, as far as it can be opened, and migrated, and with nothing else going on in this window. */
  #alone<T>(run: () => T | Promise<T>): Promise<T> {
    return this.#queue.alone(async () => {
      await this.#open();
      return run();
    });
  }

  async #open(): Promise<void> {
    await this.#store.open();
    if (mustMigrate(this.#setup, this.#store)) await migrateStore(this.#setup, this.#store, this.#maker);
  }

  async #rotateInTurn(): Promise<boolean> {
    const { rotationLease, clock } = this.#setup;
    if (rotationLease === undefined) return this.rotate();
    const at = clock.now();
    const argument = { name: 'rotation', holder: rotationLease.holder, until: at + rotationLeaseMs, at };
    const ours = await this.call({ id: this.#ownCallId(), method: rotationLease.acquire, argument });
    return ours === true && this.rotate();
  }

  #ownCallId(): string {
    return `engine-${Buffer.from(this.#setup.random.bytes(12)).toString('hex')}`;
  }

  async #read(call: Call<Schema, Search>): Promise<unknown> {
    this.#catchUp();
    for (;;) {
      const { content } = this.#store.forReading();
      try {
        return await call.method.run(content.readingContext(), call.argument);
      } catch (error) {
        if (!(error instanceof IndexNotLoaded)) throw HearthlinkError.from(error);
        await this.#indexes.load(content);
      }
    }
  }

  /** Before a generation is made: of one that has no file of vectors nobody can tell that it lacks any. */
  async #settleVectors(): Promise<void> {
    const { content } = await this.#alone(() => this.#readyToSave());
    if (content.index.lacksVectors) await this.#indexes.dropVectors(content);
  }

  async #commit(calls: readonly Call<Schema, Search>[]): Promise<readonly Answer[]> {
    await this.#open();
    return this.#turns.take(async () => {
      for (;;) {
        const answers = await this.#tryCommit(calls);
        if (answers !== null) return answers;
      }
    });
  }

  /** Null when another window was faster, and all of it must be done again on what that one wrote. */
  async #tryCommit(calls: readonly Call<Schema, Search>[]): Promise<readonly Answer[] | null> {
    const replica = await this.#readyToWrite();
    const { content } = replica;
    try {
      const repeated = new Map<Call<Schema, Search>, Answer>();
      for (const call of calls) {
        const entry = content.calls.find(call.id);
        if (entry !== undefined) repeated.set(call, await answerAgain(content, call, entry.result));
      }
      const fresh = calls.filter((call) => !repeated.has(call));
      const done = fresh.length === 0 ? [] : await this.#commitFresh(replica, fresh);
      if (done === null) return null;
      if (repeated.size > 0 && !(await this.#writer.flush(replica)) && done.length === 0) return null;
      const answersOfFresh = done.values();
      return calls.map((call) => repeated.get(call) ?? next(answersOfFresh));
    } catch (error) {
      if (!(error instanceof IndexNotLoaded)) throw error;
      await this.#indexes.load(content);
      return null;
    }
  }

  async #commitFresh(replica: Replica<Schema, Search>, calls: readonly Call<Schema, Search>[]): Promise<readonly Answer[] | null> {
    const { content } = replica;
    const { database } = content;
    database.begin();
    let open = true;
    try {
      const { answers, body } = await runBatch(content, calls, this.#setup.clock.now());
      if (body === null) return answers;
      const outcome = await this.#writer.append(replica, 'batch', encodeBatch(body));
      if (outcome.state === 'damaged') throw new HearthlinkError('store-damaged', { file: replica.place.journal.name });
      if (outcome.state === 'lost') return null;
      database.commit();
      open = false;
      replica.accept(outcome.record, body);
      this.#telling.rows('this-window', body.changes);
      this.#schedule.reached(replica.place);
      return answers;
    } finally {
      if (open) database.rollback();
    }
  }

  /** The replica, caught up, with everything it builds on safely on the disk. */
  async #readyToWrite(): Promise<Replica<Schema, Search>> {
    this.#catchUp();
    await this.#writer.prepare(this.#store.forWriting(), () => {
      this.#catchUp();
      return this.#store.forWriting();
    });
    return this.#store.forWriting();
  }

  async #readyToSave(): Promise<Replica<Schema, Search>> {
    for (;;) {
      const replica = await this.#readyToWrite();
      if (await this.#indexes.load(replica.content)) return replica;
    }
  }

  /** Applies what other windows wrote, and tells of it. */
  #catchUp(): void {
    const news = this.#store.catchUp();
    if (news !== 'nothing') this.#turns.othersWrote();
    this.#telling.caughtUp(news, this.#store.state);
  }
}

/** Longer than writing a generation takes. A window that dies while it does so holds up the others for this long. */
const rotationLeaseMs = 60 * 1000;

/** What can be said of a store that cannot be read; its problem stands beside it. */
const unreadable: ContentStatus = { counts: { sessions: 0, messages: 0, slices: 0 }, purgeDue: false };

function next(answers: Iterator<Answer, undefined>): Answer {
  return answers.next().value ?? { error: new HearthlinkError('internal', { detail: 'A call was not answered.' }) };
}
