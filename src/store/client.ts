import { HearthlinkError } from '../shared/errors.ts';
import { Emitter, type Disposable, type Listener } from '../shared/events.ts';
import type { Clock, IdSource, Log, Timers } from '../shared/ports.ts';
import { isAboutScratch, type BackupRequest, type FrozenContent } from './backup-port.ts';
import type { MethodArgument, MethodName, MethodResult } from './methods-contract.ts';
import { unpackMessagePage } from './packed-message-page.ts';
import type { EncryptionReport, PurgeReport, Store, StoreChange, StoreStatus } from './port.ts';
import type { StoreWorker } from './store-worker-thread.ts';
import { WorkerCalls } from './worker-calls.ts';
import type { StoreTask } from './worker-protocol.ts';

export interface StoreClientSetup {
  /** Starts a worker; called on first use, and again after one has ended. */
  readonly startWorker: () => StoreWorker;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: IdSource;
  readonly log: Log;
  /** How long the worker is kept without a call or an open view. Default: 10 minutes. */
  readonly idleMs?: number;
  /** How long an answer is waited for before `store-timeout`. Default: a minute. */
  readonly answerWithinMs?: number;
}

/** A backup of any size is put together within this time. */
const scratchAnswerWithinMs = 15 * 60 * 1000;

/** The store, and a way to say that somebody is looking. */
export interface StoreClient extends Store {
  /** Keeps the worker, and with it the news of other windows, until it is disposed: while a view is visible. */
  keepOpen(): Disposable;
  /** Waited for before a store of an earlier release is migrated; where it rejects, the store is left as it is. */
  guardMigrations(guard: (frozen: FrozenContent) => Promise<void>): void;
  /**
   * Puts all that is stored under a data key, 0: under none, in every window; may be asked again where it was interrupted. The
   * keys are those that the worker was started with.
   * @throws HearthlinkError `store-locked` where this key is not among them, or the one before
   */
  encrypt(keyId: number): Promise<EncryptionReport>;
  /** Ends the worker, lets `change` do to the store's folder what it must, and then goes on. Calls made meanwhile wait. */
  whileStopped<Result>(change: () => Promise<Result>): Promise<Result>;
}

/**
 * The store as the main thread has it: every method becomes a message to the store worker. Calls that were under way when a
 * worker died are repeated once to the next, writes under the same call id, so that none is applied twice; what fails again
 * rejects with `store-stopped`.
 */
export function createStoreClient(setup: StoreClientSetup): StoreClient {
  const emitter = new Emitter<StoreChange>((error) => { setup.log.error('A listener failed.', { detail: HearthlinkError.from(error).message }); });
  let guard: (frozen: FrozenContent) => Promise<void> = () => Promise.resolve();
  const calls = new WorkerCalls(setup, (change) => { emitter.fire(change); }, (frozen) => guard(frozen));
  // Putting a backup together takes seconds, in which the store answers as ever. What it restores is told of by the other one.
  const scratchCalls = new WorkerCalls({ ...setup, answerWithinMs: scratchAnswerWithinMs }, () => undefined);

  const method =
    <Name extends MethodName>(name: Name, unpack?: (texts: readonly string[]) => MethodResult<Name>) =>
    (argument: MethodArgument<Name>): Promise<MethodResult<Name>> =>
      calls.send((number, callId) => ({ type: 'call', number, callId, method: name, argument }), unpack);
  const task = <Result>(name: StoreTask, at: number): Promise<Result> =>
    calls.send<Result>((number) => ({ type: 'task', number, task: name, at }));
  const asked = <Result>(request: BackupRequest): Promise<Result> =>
    (isAboutScratch(request.method) ? scratchCalls : calls).send<Result>((number) => ({ type: 'backup', number, request }));

  return {
    sessions: {
      create: method('sessions.create'),
      get: method('sessions.get'),
      list: method('sessions.list'),
      rename: method('sessions.rename'),
      transition: method('sessions.transition'),
      activate: method('sessions.activate'),
      delete: method('sessions.delete'),
      undoDelete: method('sessions.undoDelete'),
      search: method('sessions.search'),
      expire: method('sessions.expire'),
    },
    messages: {
      startTurn: method('messages.startTurn'),
      appendReply: method('messages.appendReply'),
      finishReply: method('messages.finishReply'),
      get: method('messages.get'),
      page: method('messages.page', unpackMessagePage),
      path: method('messages.path'),
      all: method('messages.all'),
      writers: () => method('messages.writers')(undefined),
      cutOffAbandoned: method('messages.cutOffAbandoned'),
      blankText: method('messages.blankText'),
    },
    slices: {
      add: method('slices.add'),
      get: method('slices.get'),
      list: method('slices.list'),
      edit: method('slices.edit'),
      forget: method('slices.forget'),
      undoForget: method('slices.undoForget'),
      wipeForgotten: method('slices.wipeForgotten'),
      accept: method('slices.accept'),
      reject: method('slices.reject'),
      similar: method('slices.similar'),
      merge: method('slices.merge'),
      unmerge: method('slices.unmerge'),
      bringBack: method('slices.bringBack'),
      planTidying: method('slices.planTidying'),
      tidy: method('slices.tidy'),
      tidied: method('slices.tidied'),
      undoTidying: method('slices.undoTidying'),
      replace: method('slices.replace'),
      undoReplace: method('slices.undoReplace'),
      fitTogether: method('slices.fitTogether'),
      markContradiction: method('slices.markContradiction'),
      supersede: method('slices.supersede'),
      textHolders: method('slices.textHolders'),
      missingVectors: method('slices.missingVectors'),
      putVectors: method('slices.putVectors'),
      recordRecall: method('slices.recordRecall'),
    },
    browsing: {
      page: method('browsing.page'),
      count: method('browsing.count'),
      search: method('browsing.search'),
      detail: method('browsing.detail'),
      weeks: method('browsing.weeks'),
      statistics: method('browsing.statistics'),
      graph: method('browsing.graph'),
    },
    jobs: {
      enqueue: method('jobs.enqueue'),
      claim: method('jobs.claim'),
      renew: method('jobs.renew'),
      succeed: method('jobs.succeed'),
      fail: method('jobs.fail'),
      release: method('jobs.release'),
      cancel: method('jobs.cancel'),
      retry: method('jobs.retry'),
      list: method('jobs.list'),
    },
    leases: {
      acquire: method('leases.acquire'),
      release: method('leases.release'),
    },
    agents: {
      settings: method('agents.settings'),
      setCaptureMode: method('agents.setCaptureMode'),
    },
    transfer: {
      exportPage: method('transfer.exportPage'),
      begin: method('transfer.begin'),
      add: method('transfer.add'),
      list: () => method('transfer.list')(undefined),
      undo: method('transfer.undo'),
    },
    fileSearch: {
      files: (query) => calls.send((number) => ({ type: 'list-files', number, query })),
      inPiece: (piece) => calls.send((number) => ({ type: 'search-piece', number, piece })),
    },
    backup: {
      position: () => asked({ method: 'position', argument: undefined }),
      freeze: () => asked({ method: 'freeze', argument: undefined }),
      readPart: (of) => asked({ method: 'readPart', argument: of }),
      release: (frozen) => asked({ method: 'release', argument: frozen }),
      recordsAfter: (position) => asked({ method: 'recordsAfter', argument: position }),
      changedSince: (position) => asked({ method: 'changedSince', argument: position }),
      lastPurge: () => asked({ method: 'lastPurge', argument: undefined }),
      scratchBegin: () => asked({ method: 'scratchBegin', argument: undefined }),
      scratchPut: ({ bytes, ...of }) => {
        // Of a piece of something larger, all of it would go over.
        const piece = bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
        return scratchCalls.send((number) => ({ type: 'backup', number, request: { method: 'scratchPut', argument: { ...of, bytes: notGiven(piece) } } }));
      },
      scratchHolds: (search) => asked({ method: 'scratchHolds', argument: search }),
      scratchLoad: (load) => asked({ method: 'scratchLoad', argument: load }),
      scratchAsk: (question) => asked({ method: 'scratchAsk', argument: question }),
      scratchRestore: (restore) => asked({ method: 'scratchRestore', argument: restore }),
      scratchDrop: (scratch) => asked({ method: 'scratchDrop', argument: scratch }),
    },
    recall: method('recall'),
    status: () => task<StoreStatus>('status', setup.clock.now()),
    purge: (at) => task<PurgeReport>('purge', at),
    continueAfterDamage: (at) => task<StoreStatus>('continueAfterDamage', at),
    onDidChange: (listener: Listener<StoreChange>) => emitter.event(listener),
    encrypt: (keyId) => calls.send<EncryptionReport>((number) => ({ type: 'encrypt', number, request: { keyId, at: setup.clock.now() } })),
    keepOpen: () => calls.keepOpen(),
    guardMigrations: (backUp) => { guard = backUp; },
    whileStopped: (change) => calls.whileStopped(() => scratchCalls.whileStopped(change)),
    close: async () => {
      await Promise.all([calls.close(), scratchCalls.close()]);
    },
  };
}

/** To a worker that ended it may have gone over. Another one does not know the scratch, and says so, whatever it is given. */
function notGiven(piece: Uint8Array): Uint8Array {
  return piece.buffer instanceof ArrayBuffer && piece.buffer.detached ? new Uint8Array() : piece;
}
