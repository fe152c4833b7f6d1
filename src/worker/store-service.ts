import type { SqlJsStatic } from 'sql.js';
import { rank } from '../memory/ranking.ts';
import { maskSecrets } from '../memory/secrets.ts';
import { freeBytesOf, leastRoomBytes } from '../operations/disk-room.ts';
import type { Clock, Log, Timers } from '../shared/ports.ts';
import { isAboutScratch } from '../store/backup-port.ts';
import { encryptedFiles } from '../store/encryption/encrypted-files.ts';
import { noKeys, type StoreKeys } from '../store/encryption/store-keys.ts';
import { Backups } from '../store/engine/backups.ts';
import { encryptStore } from '../store/engine/encrypting.ts';
import type { EngineSetup } from '../store/engine/engine-setup.ts';
import { StoreEngine } from '../store/engine/store-engine.ts';
import { nodeFileSearch } from '../store/files/node-file-search.ts';
import { nodeWindowLock } from '../store/files/node-window-lock.ts';
import type { StoreFiles } from '../store/files/store-files.ts';
import { MigrationGate } from '../store/migration-gate.ts';
import { maskedSearch } from '../store/masked-search.ts';
import { searchKeeping } from '../store/search-keeping.ts';
import type { SearchIndex } from '../store/search/search-index.ts';
import { createStoreContent } from '../store/sql/content.ts';
import type { StoreSchema } from '../store/sql/schema.ts';
import type { EncryptRequest, ToMain, ToWorker } from '../store/worker-protocol.ts';
import { WorkerService } from '../store/worker-service.ts';
import { pooledRandom } from './pooled-random.ts';

export interface StoreServiceParts {
  /** What the worker was started for. */
  readonly first: ToWorker;
  readonly folder: string;
  readonly files: StoreFiles;
  /** For what of the files is encrypted; without them it is locked. */
  readonly keys: StoreKeys | undefined;
  readonly sqlJs: SqlJsStatic;
  readonly post: (message: ToMain, transfer?: readonly ArrayBuffer[]) => void;
}

const clock: Clock = { now: () => Date.now() };
const random = pooledRandom();
const timers: Timers = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => { clearTimeout(timer); };
  },
};

/** Builds the engine from its parts, to answer the main thread. Nothing is opened before the first call. */
export function createStoreService({ first, folder, files, keys = noKeys, sqlJs, post }: StoreServiceParts) {
  // A worker for a scratch opens the store when it restores, and has no news for anybody.
  const isForScratch = first.type === 'backup' && isAboutScratch(first.request.method);
  const content = createStoreContent({ search: maskedSearch(searchKeeping, maskSecrets), rank, random });
  const setup: EngineSetup<StoreSchema, SearchIndex> = {
    content,
    files: encryptedFiles(files, keys, random),
    openDatabase: (bytes) => new sqlJs.Database(bytes),
    lock: nodeWindowLock(folder, clock, random),
    clock,
    timers,
    random,
    log: logTo(post),
    rotationLease: { acquire: content.methods['leases.acquire'], holder: Buffer.from(random.bytes(12)).toString('hex') },
    soon: (run) => void setImmediate(run),
    beforeMigration: (present) => gate.pass(backups.freezeHere(present)),
    migrates: !isForScratch,
    hasRoom: async () => ((await freeBytesOf(folder)) ?? Number.POSITIVE_INFINITY) >= leastRoomBytes,
  };
  const engine = new StoreEngine(setup);
  const watch = isForScratch ? null : engine.watch();
  const backups = new Backups({ engine, setup, methods: content.methods });
  const gate = new MigrationGate({ announce: (frozen) => { post({ type: 'migrating', frozen }); }, release: (frozen) => backups.release(frozen) });
  const encrypt = (to: EncryptRequest) => encryptStore(engine, setup.files, to);
  const calls = new WorkerService({ engine, methods: content.methods, fileSearch: nodeFileSearch(folder, setup.files), backups, encrypt, post });
  const close = async () => {
    watch?.dispose();
    backups.close();
    await engine.close();
  };
  return { calls, gate, close };
}

function logTo(post: (message: ToMain) => void): Log {
  const at = (level: Extract<ToMain, { type: 'log' }>['level']): Log['info'] => (message, fields = {}) => {
    post({ type: 'log', level, message, fields });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
