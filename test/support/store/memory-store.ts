import { rank } from '../../../src/memory/ranking.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { silentLog } from '../../../src/shared/ports.ts';
import { createStoreClient } from '../../../src/store/client.ts';
import { Backups } from '../../../src/store/engine/backups.ts';
import { encryptStore } from '../../../src/store/engine/encrypting.ts';
import type { EngineSetup } from '../../../src/store/engine/engine-setup.ts';
import { StoreEngine } from '../../../src/store/engine/store-engine.ts';
import { noLock } from '../../../src/store/engine/window-lock.ts';
import type { FileSearch } from '../../../src/store/file-search.ts';
import type { Store } from '../../../src/store/port.ts';
import { searchKeeping } from '../../../src/store/search-keeping.ts';
import type { SearchIndex } from '../../../src/store/search/search-index.ts';
import { createStoreContent } from '../../../src/store/sql/content.ts';
import type { StoreSchema } from '../../../src/store/sql/schema.ts';
import type { StoreWorker } from '../../../src/store/store-worker-thread.ts';
import type { ToMain, ToWorker } from '../../../src/store/worker-protocol.ts';
import { WorkerService } from '../../../src/store/worker-service.ts';
import { MemoryDisk } from '../../store/support/memory-disk.ts';
import { openDatabase, seededRandom } from '../../store/support/window.ts';
import { HandClock, seededIds } from '../seeded-ports.ts';

/** The product's store on a disk in memory and in this thread, with a look at what is asked of it. */
export interface MemoryStore extends Store {
  readonly disk: MemoryDisk;
  /** Names of the methods that were called, in order (`messages.startTurn`, `recall`, `purge`). */
  readonly calls: string[];
  /** Makes the next call of a method reject. */
  failNext(method: string, code: HearthlinkError['code']): void;
}

export interface MemoryStoreOptions {
  /** Shared by windows of one profile. */
  readonly disk?: MemoryDisk;
  readonly seed?: number;
  /** In place of the product's, to change what the index is told. */
  readonly search?: typeof searchKeeping;
}

const open = new Set<{ readonly close: () => void }>();

/** Gives back the memory of every store that a test has opened; for `afterEach`. */
export function closeMemoryStores(): void {
  for (const { close } of open) close();
  open.clear();
}

export function createMemoryStore({ disk = new MemoryDisk(), seed = 1, search = searchKeeping }: MemoryStoreOptions = {}): MemoryStore {
  // Of its own, and never moved: the store takes its times from its callers, and looks at the disk before each call.
  const clock = new HandClock();
  const calls: string[] = [];
  const failures = new Map<string, HearthlinkError['code']>();
  let workers = 0;
  const client = createStoreClient({
    // A second one puts backups together, and has ids of its own.
    startWorker: () => startInThisThread({ disk, clock, seed: seed + 1_000_000 * workers++, search, calls, failures }),
    clock,
    timers: clock,
    ids: seededIds(clock, seed + 1_000),
    log: silentLog,
    idleMs: Number.MAX_SAFE_INTEGER,
  });
  return { ...client, disk, calls, failNext: (method, code) => void failures.set(method, code) };
}

interface Parts extends Required<MemoryStoreOptions> {
  readonly clock: HandClock;
  readonly calls: string[];
  readonly failures: Map<string, HearthlinkError['code']>;
}

/** A disk in memory has no files that could be searched; `real-store.ts` has. */
const noFiles: FileSearch = { files: async () => Promise.resolve([]), inPiece: async () => Promise.resolve({ found: false, next: null }) };

/** What the store worker is, without a thread: messages arrive in turns of their own. */
function startInThisThread({ disk, clock, seed, search, calls, failures }: Parts): StoreWorker {
  let listener: (message: ToMain) => void = () => undefined;
  const post = (message: ToMain): void => {
    setImmediate(() => {
      listener(structuredClone(message));
    });
  };
  const random = seededRandom(seed);
  const databases = new Set<{ close: () => void }>();
  const content = createStoreContent({ search, rank, random });
  const setup: EngineSetup<StoreSchema, SearchIndex> = {
    content,
    files: disk.filesOf(`window-${String(seed)}`),
    openDatabase: (bytes) => {
      const database = openDatabase(bytes);
      const close = database.close.bind(database);
      const owned = { close };
      databases.add(owned);
      database.close = () => {
        databases.delete(owned);
        close();
      };
      return database;
    },
    lock: noLock,
    clock,
    timers: clock,
    random,
    log: silentLog,
    soon: setImmediate,
  };
  const engine = new StoreEngine(setup);
  const backups = new Backups({ engine, setup, methods: content.methods });
  const watching = engine.watch();
  const service = new WorkerService({ engine, methods: content.methods, fileSearch: noFiles, backups, encrypt: (to) => encryptStore(engine, setup.files, to), post });
  const receive = (message: ToWorker): void => {
    if (message.type === 'close' || message.type === 'migrate') return;
    const name = message.type === 'call' ? message.method : message.type === 'task' ? message.task : message.type === 'backup' ? message.request.method : message.type;
    calls.push(name);
    const code = failures.get(name);
    failures.delete(name);
    if (code === undefined) void service.receive(message);
    else post({ type: 'failure', number: message.number, error: new HearthlinkError(code).toData() });
  };
  open.add({
    close: () => {
      watching.dispose();
      for (const { close } of databases) close();
      databases.clear();
    },
  });
  return {
    post: (message) => {
      const copy = structuredClone(message);
      setImmediate(() => {
        receive(copy);
      });
    },
    onMessage: (heard) => {
      listener = heard;
    },
    onEnd: () => undefined,
    kill: async () => Promise.resolve(),
  };
}
