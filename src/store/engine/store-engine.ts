import { Emitter } from '../../shared/events.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Changes } from '../journal/changes.ts';
import { encodeBatch } from '../journal/batch-body.ts';
import type { StoreChange } from '../port.ts';
import { answerAgain, runBatch, type Answer, type Call } from './batch-run.ts';
import type { EngineSetup } from './engine-setup.ts';
import { JournalWriter } from './journal-writer.ts';
import { IndexNotLoaded } from './lazy-index.ts';
import { OpenStore, type News } from './open-store.ts';
import type { Replica } from './replica.ts';
import { WorkQueue } from './work-queue.ts';

/**
 * One window's store: answers reads from its replica, and commits writes in batches. A write is acknowledged when its record
 * is on the disk and is the one that continues the chain.
 */
export class StoreEngine<Schema, Search> {
  readonly #setup: EngineSetup<Schema, Search>;
  readonly #queue: WorkQueue<Call<Schema, Search>>;
  readonly #store: OpenStore<Schema, Search>;
  readonly #writer: JournalWriter<Schema, Search>;
  readonly #changes: Emitter<StoreChange>;
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(setup: EngineSetup<Schema, Search>) {
    this.#setup = setup;
    this.#store = new OpenStore(setup);
    this.#writer = new JournalWriter(setup);
    this.#queue = new WorkQueue((calls) => this.#commit(calls), setup.soon);
    this.#changes = new Emitter((error) => { setup.log.error('A listener failed.', { detail: HearthlinkError.from(error).message }); });
  }

  get onDidChange() {
    return this.#changes.event;
  }

  /** Runs a method. A write with the id of an earlier one is answered, not applied again. Rejects with HearthlinkErrors only. */
  call(call: Call<Schema, Search>): Promise<unknown> {
    if (call.method.kind === 'read') return this.#queue.alone(() => this.#read(call));
    const running = this.#running.get(call.id);
    if (running !== undefined) return running;
    const answer = this.#queue.batched(call).finally(() => this.#running.delete(call.id));
    this.#running.set(call.id, answer);
    return answer;
  }

  /** Applies what other windows wrote since, and tells of it. */
  refresh(): Promise<void> {
    return this.#queue.alone(async () => {
      await this.#store.open();
      this.#store.noticeLostFiles();
      this.#announce(this.#store.catchUp());
    });
  }

  async close(): Promise<void> {
    await this.#queue.alone(() => {
      this.#store.close();
      return Promise.resolve();
    });
    this.#changes.dispose();
  }

  async #read(call: Call<Schema, Search>): Promise<unknown> {
    await this.#store.open();
    this.#announce(this.#store.catchUp());
    for (;;) {
      const { content } = this.#store.forReading();
      try {
        return await call.method.run(content.readingContext(), call.argument);
      } catch (error) {
        if (!(error instanceof IndexNotLoaded)) throw HearthlinkError.from(error);
        await content.index.ready();
      }
    }
  }

  async #commit(calls: readonly Call<Schema, Search>[]): Promise<readonly Answer[]> {
    await this.#store.open();
    await this.#setup.lock.acquire();
    try {
      for (;;) {
        const answers = await this.#tryCommit(calls);
        if (answers !== null) return answers;
      }
    } finally {
      this.#setup.lock.release();
    }
  }

  /** Null when another window was faster, and all of it must be done again on what that one wrote. */
  async #tryCommit(calls: readonly Call<Schema, Search>[]): Promise<readonly Answer[] | null> {
    const replica = await this.#readyToWrite();
    const { content } = replica;
    const known = calls.map((call) => content.calls.find(call.id));
    const fresh = calls.filter((_, i) => known[i] === undefined);
    try {
      const done = fresh.length === 0 ? [] : await this.#commitFresh(replica, fresh);
      if (done === null) return null;
      if (fresh.length < calls.length) await this.#writer.flush(replica);
      const answersOfFresh = done.values();
      const answers: Answer[] = [];
      for (const [i, call] of calls.entries()) {
        const entry = known[i];
        answers.push(entry === undefined ? next(answersOfFresh) : await answerAgain(content, call, entry.result));
      }
      return answers;
    } catch (error) {
      if (!(error instanceof IndexNotLoaded)) throw error;
      await content.index.ready();
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
      this.#tell('this-window', body.changes);
      return answers;
    } finally {
      if (open) database.rollback();
    }
  }

  /** The replica, caught up, with everything it builds on safely on the disk. */
  async #readyToWrite(): Promise<Replica<Schema, Search>> {
    this.#announce(this.#store.catchUp());
    await this.#writer.prepare(this.#store.forWriting(), () => {
      this.#announce(this.#store.catchUp());
      return this.#store.forWriting();
    });
    return this.#store.forWriting();
  }

  #announce(news: News): void {
    if (news !== 'nothing') this.#tell('other-window', news.changes);
  }

  #tell(origin: StoreChange['origin'], changes: Changes | null): void {
    const nothing: Changes = { sessions: [], messages: [], slices: [], jobs: false, agents: false };
    this.#changes.fire({ origin, everything: changes === null, status: false, ...(changes ?? nothing) });
  }
}

function next(answers: Iterator<Answer, undefined>): Answer {
  return answers.next().value ?? { error: new HearthlinkError('internal', { detail: 'A call was not answered.' }) };
}
