import type { BindParams, Database, Statement } from 'sql.js';
import type { CapturedStatement } from '../journal/batch-body.ts';

/** Prepared statements kept for replay; repositories use a few dozen, lists of changing length could make more. */
const keptStatements = 400;

/**
 * The journal makes writes durable, so SQLite keeps its own for rollback in memory alone. What is deleted is overwritten at
 * once, so that an export of this replica never holds it.
 */
const pragmas = `
  PRAGMA journal_mode = MEMORY;
  PRAGMA synchronous = OFF;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA temp_store = MEMORY;
  PRAGMA secure_delete = ON;
  PRAGMA cache_size = -16384;
`;

/** A window's copy of the rows: transactions, savepoints, and the replay of captured statements. */
export class ReplicaDatabase {
  readonly raw: Database;
  readonly #statements = new Map<string, Statement>();
  /** Journals repeat one statement often; text fresh from a journal is compared faster than it is looked up. */
  #lastReplayed: { readonly sql: string; readonly statement: Statement } | null = null;

  constructor(raw: Database) {
    this.raw = raw;
    raw.run(pragmas);
  }

  begin(): void {
    this.#prepared('BEGIN').run();
  }

  commit(): void {
    this.#prepared('COMMIT').run();
  }

  rollback(): void {
    this.#prepared('ROLLBACK').run();
  }

  savepoint(): void {
    this.#prepared('SAVEPOINT call').run();
  }

  releaseSavepoint(): void {
    this.#prepared('RELEASE call').run();
  }

  rollbackToSavepoint(): void {
    this.#prepared('ROLLBACK TO call').run();
    this.#prepared('RELEASE call').run();
  }

  replay({ sql, parameters }: CapturedStatement): void {
    const values: BindParams = [...parameters];
    if (this.#lastReplayed?.sql !== sql) this.#lastReplayed = { sql, statement: this.#prepared(sql) };
    this.#lastReplayed.statement.run(values);
  }

  /** The bytes of an SQLite file. Not while a transaction is open. */
  export(): Uint8Array {
    return this.raw.export();
  }

  close(): void {
    this.#statements.clear();
    this.#lastReplayed = null;
    this.raw.close();
  }

  #prepared(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= keptStatements) this.#forgetStatements();
    const statement = this.raw.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #forgetStatements(): void {
    for (const statement of this.#statements.values()) statement.free();
    this.#statements.clear();
    this.#lastReplayed = null;
  }
}
