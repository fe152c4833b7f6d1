import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import initSqlJs, { type Database } from 'sql.js';
import { rank } from '../src/memory/ranking.ts';
import { createIdSource } from '../src/shared/ids.ts';
import { silentLog, type Clock, type Timers } from '../src/shared/ports.ts';
import type { AnyMethod } from '../src/store/engine/batch-run.ts';
import type { EngineSetup } from '../src/store/engine/engine-setup.ts';
import { StoreEngine } from '../src/store/engine/store-engine.ts';
import { nodeStoreFiles } from '../src/store/files/node-store-files.ts';
import { nodeWindowLock } from '../src/store/files/node-window-lock.ts';
import type { SqlParameter } from '../src/store/methods-contract.ts';
import { searchKeeping } from '../src/store/search-keeping.ts';
import type { SearchIndex } from '../src/store/search/search-index.ts';
import { createStoreContent } from '../src/store/sql/content.ts';
import type { StoreSchema } from '../src/store/sql/schema.ts';
import { pooledRandom } from '../src/worker/pooled-random.ts';

export const wasmFile = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
export const sqlJs = await initSqlJs({ locateFile: () => wasmFile });

export const clock: Clock = { now: () => Date.now() };
export const random = pooledRandom();
export const ids = createIdSource(clock, random);
export const timers: Timers = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds).unref();
    return () => { clearTimeout(timer); };
  },
};

export type ProductSetup = EngineSetup<StoreSchema, SearchIndex>;
export type ProductMethod = AnyMethod<StoreSchema, SearchIndex>;

export const content = createStoreContent({ search: searchKeeping, rank, random });
export const enqueue: ProductMethod = content.methods['jobs.enqueue'];

/** A new empty folder on the machine's disk. */
export function newFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-bench-'));
}

/** The product's engine without its thread, on the machine's disk. */
export function setupIn(folder: string, changed: Partial<ProductSetup> = {}): ProductSetup {
  return {
    content, clock, timers, random, log: silentLog,
    files: nodeStoreFiles(folder),
    openDatabase: (bytes) => new sqlJs.Database(bytes),
    lock: nodeWindowLock(folder, clock, random),
    soon: (run) => void setImmediate(run),
    rotateAtBytes: () => Infinity,
    ...changed,
  };
}

export interface BenchEngine {
  readonly engine: StoreEngine<StoreSchema, SearchIndex>;
  call(method: ProductMethod, argument: unknown): Promise<unknown>;
}

export function engineIn(folder: string, changed: Partial<ProductSetup> = {}): BenchEngine {
  const engine = new StoreEngine(setupIn(folder, changed));
  return { engine, call: (method, argument) => engine.call({ id: ids.next(), method, argument }) };
}

/** A job with 500 bytes to keep: two statements, one that looks and one that writes. */
export function newJob(payloadBytes = 500) {
  const id = ids.next();
  return { id, kind: 'bench', key: null, payload: id.padEnd(payloadBytes, 'x'), runAfter: 0, at: clock.now() };
}

export interface Executed {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

/** Every statement that goes through a database, with what was bound to it. */
function recordStatements(database: Database, executed: Executed[]): Database {
  const prepare = database.prepare.bind(database);
  database.prepare = (sql) => {
    const statement = prepare(sql);
    const bind = statement.bind.bind(statement);
    statement.bind = (values) => {
      if (Array.isArray(values)) executed.push({ sql, parameters: values });
      return bind(values);
    };
    return statement;
  };
  return database;
}

/** The statements that one job costs, as the product's method runs them. */
export async function statementsOfOneJob(): Promise<Executed[]> {
  const executed: Executed[] = [];
  const folder = newFolder();
  const { engine, call } = engineIn(folder, { openDatabase: (bytes) => recordStatements(new sqlJs.Database(bytes), executed) });
  await call(enqueue, newJob());
  executed.length = 0;
  await call(enqueue, newJob());
  const [statements] = [executed.filter(({ parameters }) => parameters.length > 0)];
  await engine.close();
  fs.rmSync(folder, { recursive: true });
  return statements;
}

/** The peer: the same tables and statements in a file of SQLite's own, durable with each commit. */
export class SqlitePeer {
  readonly #database: DatabaseSync;
  readonly #statements: { readonly statement: StatementSync; readonly parameters: readonly SqlParameter[] }[];
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #idOfExample: SqlParameter;

  constructor(folder: string, example: readonly Executed[]) {
    const file = path.join(folder, 'peer.sqlite');
    const schema = new sqlJs.Database();
    content.migrate(schema, 0);
    fs.writeFileSync(file, schema.export());
    schema.close();
    this.#database = new DatabaseSync(file);
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    this.#begin = this.#database.prepare('BEGIN');
    this.#commit = this.#database.prepare('COMMIT');
    this.#statements = example.map(({ sql, parameters }) => ({ statement: this.#database.prepare(sql), parameters }));
    this.#idOfExample = example[0]?.parameters[0] ?? null;
  }

  /** Commits the example's statements for another job. */
  commit(): void {
    const id = ids.next();
    this.#begin.run();
    for (const { statement, parameters } of this.#statements) {
      const bound = parameters.map((value) => (value === this.#idOfExample ? id : value));
      if (/^\s*select/i.test(statement.sourceSQL)) statement.all(...bound);
      else statement.run(...bound);
    }
    this.#commit.run();
  }

  close(): void {
    this.#database.close();
  }
}

/** Milliseconds that each of `count` turns took; they are numbered from 0. */
export async function timedTurns(count: number, turn: (number: number) => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await turn(i);
    times.push(performance.now() - start);
  }
  return times;
}
