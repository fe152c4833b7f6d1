import type { Database, Statement } from 'sql.js';

import type { SqlParameter } from '../methods-contract.ts';

/** A row as an object, column name to value. */
export type SqlRow = Record<string, SqlParameter>;

interface PreparedStatement {
  readonly statement: Statement;
  readonly columns: readonly string[];
}

/** Enough for every statement of the repositories in all its forms; a journal's replay uses the same ones. */
const capacity = 400;

/**
 * Prepared statements of one database by their text, the least recently used freed first. Preparing costs more than running
 * most statements. No statement is left open: `export()` and COMMIT must find all of them reset.
 */
export class StatementCache {
  readonly #database: Database;
  readonly #prepared = new Map<string, PreparedStatement>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Runs a statement to its end and answers its rows, if it has any. */
  all(sql: string, parameters: readonly SqlParameter[]): SqlRow[] {
    const { statement, columns } = this.#prepare(sql);
    const rows: SqlRow[] = [];
    try {
      statement.bind([...parameters]);
      while (statement.step()) rows.push(toRow(columns, statement.get()));
    } finally {
      statement.reset();
    }
    return rows;
  }

  /** Runs a statement to its end, whatever rows it gives, and answers how many rows it changed. */
  run(sql: string, parameters: readonly SqlParameter[]): number {
    const { statement } = this.#prepare(sql);
    try {
      statement.bind([...parameters]);
      while (statement.step());
    } finally {
      statement.reset();
    }
    return this.#database.getRowsModified();
  }

  /** How many rows the last writing statement changed. */
  get changes(): number {
    return this.#database.getRowsModified();
  }

  /** Needed before the schema changes: a statement holds on to the columns it was prepared with. */
  clear(): void {
    for (const { statement } of this.#prepared.values()) statement.free();
    this.#prepared.clear();
  }

  #prepare(sql: string): PreparedStatement {
    const known = this.#prepared.get(sql);
    if (known !== undefined) {
      this.#prepared.delete(sql);
      this.#prepared.set(sql, known);
      return known;
    }
    const statement = this.#database.prepare(sql);
    const prepared = { statement, columns: statement.getColumnNames() };
    this.#prepared.set(sql, prepared);
    if (this.#prepared.size > capacity) this.#freeOldest();
    return prepared;
  }

  #freeOldest(): void {
    for (const [sql, { statement }] of this.#prepared) {
      statement.free();
      this.#prepared.delete(sql);
      return;
    }
  }
}

function toRow(columns: readonly string[], values: readonly SqlParameter[]): SqlRow {
  const row: SqlRow = {};
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i];
    if (column !== undefined) row[column] = values[i] ?? null;
  }
  return row;
}
