import { HearthlinkError } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import type { FrozenContent } from './backup-port.ts';
import type { StoreClientSetup } from './client.ts';
import type { StoreChange } from './port.ts';
import type { StoreWorker } from './store-worker-thread.ts';
import type { ToMain, ToWorker } from './worker-protocol.ts';

const defaultIdleMs = 10 * 60 * 1000;
const defaultAnswerWithinMs = 60 * 1000;
/** A worker asked to end finishes what is queued first; after this long it is ended. */
const closeWithinMs = 5000;

interface PendingCall {
  readonly message: (number: number, callId: string) => ToWorker;
  readonly callId: string;
  /** From when on it is waited for: when it was sent, or when what held it up was over. */
  sentAt: number;
  readonly resolve: (result: never) => void;
  readonly resolvePacked: (texts: readonly string[]) => void;
  readonly reject: (error: HearthlinkError) => void;
  repeated: boolean;
}

/** The calls on their way to the store worker, and the worker's life: started when needed, ended when idle. */
export class WorkerCalls {
  readonly #setup: StoreClientSetup;
  readonly #onChange: (change: StoreChange) => void;
  readonly #beforeMigration: (frozen: FrozenContent) => Promise<void>;
  readonly #pending = new Map<number, PendingCall>();
  #worker: StoreWorker | null = null;
  #closed = false;
  #lastNumber = 0;
  /** Under way: what needs the store's turn waits in the worker until the backup is made, however long that takes; so no call is given up meanwhile, the backup's own included. */
  #migrations = 0;
  #openViews = 0;
  /** Settled once the folder may be opened again; calls wait for it. Null: nobody holds it. */
  #held: Promise<unknown> | null = null;
  #cancelIdle: () => void = () => undefined;
  #cancelWatch: (() => void) | null = null;

  /** @param beforeMigration backs up what is about to be migrated; where it rejects, the store is left as it is */
  constructor(setup: StoreClientSetup, onChange: (change: StoreChange) => void, beforeMigration: (frozen: FrozenContent) => Promise<void> = () => Promise.resolve()) {
    this.#setup = setup;
    this.#onChange = onChange;
    this.#beforeMigration = beforeMigration;
  }

  /** @param unpack makes the result of a packed answer */
  send<Result>(message: PendingCall['message'], unpack: (texts: readonly string[]) => Result = notPacked): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const { clock, ids } = this.#setup;
      const resolvePacked = (texts: readonly string[]): void => {
        try {
          resolve(unpack(texts));
        } catch (error) {
          reject(HearthlinkError.from(error));
        }
      };
      this.#post({ message, callId: ids.next(), sentAt: clock.now(), resolve, resolvePacked, reject, repeated: false });
    });
  }

  keepOpen(): Disposable {
    this.#openViews++;
    this.#cancelIdle();
    let open = true;
    return {
      dispose: () => {
        if (!open) return;
        open = false;
        this.#openViews--;
        this.#waitForIdle();
      },
    };
  }

  /** Lets the worker finish and end, and starts no other: from now on every call is refused with `store-stopped`. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#endWorker();
  }

  /** Lets the worker finish and end, runs `change`, and only then starts another for what was asked meanwhile. */
  async whileStopped<Result>(change: () => Promise<Result>): Promise<Result> {
    while (this.#held !== null) await this.#held;
    const changed = this.#endWorker().then(change);
    // Whoever asked for the change hears how it went; calls wait only until it is over.
    this.#held = changed.catch(() => undefined).finally(() => { this.#held = null; });
    try {
      return await changed;
    } finally {
      this.#onChange(everythingMayHaveChanged);
    }
  }

  /** Lets the worker finish and end. The next call starts another. */
  async #endWorker(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#cancelIdle();
    await new Promise<void>((resolve) => {
      const cancel = this.#setup.timers.after(closeWithinMs, () => void worker.kill().then(resolve));
      worker.onEnd(() => {
        cancel();
        resolve();
      });
      worker.post({ type: 'close' });
      this.#worker = null;
    });
  }

  #post(call: PendingCall): void {
    if (this.#closed) {
      call.reject(new HearthlinkError('store-stopped', { detail: 'The store is closed.' }));
      return;
    }
    if (this.#held !== null) {
      void this.#held.then(() => { this.#post(call); });
      return;
    }
    this.#cancelIdle();
    const number = ++this.#lastNumber;
    this.#pending.set(number, call);
    this.#watchAnswers();
    this.#running().post(call.message(number, call.callId));
  }

  #running(): StoreWorker {
    if (this.#worker !== null) return this.#worker;
    const worker = this.#setup.startWorker();
    this.#worker = worker;
    worker.onMessage((message) => { this.#receive(message, worker); });
    worker.onEnd((detail) => { this.#ended(worker, detail); });
    return worker;
  }

  #receive(message: ToMain, worker: StoreWorker): void {
    switch (message.type) {
      case 'answer':
        // What a method answers is what the table of methods says; both sides are built from it.
        // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion
        this.#take(message.number)?.resolve(message.result as never);
        return;
      case 'packed-answer':
        this.#take(message.number)?.resolvePacked(message.texts);
        return;
      case 'failure':
        this.#failed(message.number, HearthlinkError.fromData(message.error));
        return;
      case 'migrating':
        this.#migrations++;
        void this.#beforeMigration(message.frozen).then(
          () => { this.#goOn(worker, null); },
          (error: unknown) => { this.#goOn(worker, HearthlinkError.from(error)); },
        );
        return;
      case 'change':
        this.#onChange(message.change);
        return;
      case 'log':
        this.#setup.log[message.level](message.message, message.fields);
    }
  }

  /** The worker may migrate, or leaves the store as it is; either way it answers what has waited. */
  #goOn(worker: StoreWorker, error: HearthlinkError | null): void {
    this.#migrations--;
    for (const call of this.#pending.values()) call.sentAt = this.#setup.clock.now();
    worker.post({ type: 'migrate', error: error?.toData() ?? null });
  }

  #failed(number: number, error: HearthlinkError): void {
    const call = this.#take(number);
    if (call === undefined) return;
    // The record may be in the journal or not; under the same id the worker finds out.
    if (error.code === 'store-not-known-saved' && !call.repeated) this.#post({ ...call, repeated: true });
    else call.reject(error);
  }

  #take(number: number): PendingCall | undefined {
    const call = this.#pending.get(number);
    this.#pending.delete(number);
    if (this.#pending.size === 0) this.#waitForIdle();
    return call;
  }

  #ended(worker: StoreWorker, detail: string): void {
    const expected = this.#worker !== worker;
    if (!expected) {
      this.#worker = null;
      this.#setup.log.error('The store worker ended.', { detail, calls: this.#pending.size });
      this.#onChange(everythingMayHaveChanged);
    }
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of calls) {
      if (call.repeated) call.reject(new HearthlinkError('store-stopped', { detail }));
      else this.#post({ ...call, repeated: true });
    }
  }

  #waitForIdle(): void {
    this.#cancelIdle();
    if (this.#pending.size === 0) {
      this.#cancelWatch?.();
      this.#cancelWatch = null;
    }
    if (this.#worker === null || this.#openViews > 0 || this.#pending.size > 0) return;
    this.#cancelIdle = this.#setup.timers.after(this.#setup.idleMs ?? defaultIdleMs, () => void this.#endWorker());
  }

  /** One timer for all: looks for calls that have waited too long for as long as there are any. */
  #watchAnswers(): void {
    if (this.#cancelWatch !== null) return;
    const limit = this.#setup.answerWithinMs ?? defaultAnswerWithinMs;
    this.#cancelWatch = this.#setup.timers.after(limit / 4, () => {
      this.#cancelWatch = null;
      const late = [...this.#pending].filter(([, call]) => this.#migrations === 0 && call.sentAt + limit <= this.#setup.clock.now());
      for (const [number] of late) this.#take(number)?.reject(new HearthlinkError('store-timeout'));
      if (this.#pending.size > 0) this.#watchAnswers();
    });
  }
}

function notPacked(): never {
  throw new HearthlinkError('internal', { detail: 'An answer came packed that nobody can unpack.' });
}

const everythingMayHaveChanged: StoreChange = {
  origin: 'other-window', everything: true, sessions: [], messages: [], slices: [], jobs: true, agents: true, status: true,
};
