import { createRequire } from 'node:module';
import initSqlJs, { type Database } from 'sql.js';
import { silentLog, type RandomSource } from '../../../src/shared/ports.ts';
import type { EngineSetup } from '../../../src/store/engine/engine-setup.ts';
import { StoreEngine } from '../../../src/store/engine/store-engine.ts';
import { noLock } from '../../../src/store/engine/window-lock.ts';
import type { StoreFiles } from '../../../src/store/files/store-files.ts';
import { HandClock } from '../../support/seeded-ports.ts';
import { notesContent, type NotesMethod, type NotesSchema, type NotesSearch } from './notes-content.ts';

const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
const sqlJs = await initSqlJs({ locateFile: () => wasm });

/** All databases of one instance of SQLite share 2 GB; whoever opens many gives them back. */
export const openDatabase = (bytes?: Uint8Array): Database => new sqlJs.Database(bytes);

/** Random bytes that are the same in every run with the same seed. */
export function seededRandom(seed: number): RandomSource {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return (x ^ (x >>> 15)) >>> 24;
  };
  return { bytes: (length) => Uint8Array.from({ length }, next) };
}

export type NotesSetup = EngineSetup<NotesSchema, NotesSearch>;

/** One window on a store of notes. */
export class NotesWindow {
  readonly engine: StoreEngine<NotesSchema, NotesSearch>;
  readonly setup: NotesSetup;
  /** Moves only when it is told to, unless the test gave its own. */
  readonly clock = new HandClock();
  #calls = 0;
  readonly #name: string;
  readonly #databases = new Set<Database>();

  constructor(name: string, files: StoreFiles, changed: Partial<NotesSetup> = {}) {
    this.#name = name;
    this.setup = {
      content: notesContent(),
      files,
      openDatabase: (bytes) => this.#opened(openDatabase(bytes)),
      lock: noLock,
      clock: this.clock,
      timers: this.clock,
      random: seededRandom(Buffer.from(name).reduce((sum, byte) => sum * 31 + byte, 7)),
      log: silentLog,
      soon: setImmediate,
      ...changed,
    };
    this.engine = new StoreEngine(this.setup);
  }

  call(method: NotesMethod, argument?: unknown, id = `${this.#name}-${++this.#calls}`): Promise<unknown> {
    return this.engine.call({ id, method, argument });
  }

  /** As when the process ends, whatever it was doing. */
  discard(): void {
    for (const database of this.#databases) database.close();
    this.#databases.clear();
  }

  #opened(database: Database): Database {
    this.#databases.add(database);
    const close = database.close.bind(database);
    database.close = () => {
      this.#databases.delete(database);
      close();
    };
    return database;
  }
}
