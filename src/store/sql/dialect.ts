import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
} from 'kysely';

import { HearthlinkError } from '../../shared/errors.ts';
import type { SqlParameter, WriteHook } from '../methods-contract.ts';
import { isLongText, storableText, utf8Bytes } from './storable-text.ts';
import type { StatementCache } from './statement-cache.ts';

export interface SqlJsDialectOptions {
  readonly statements: StatementCache;
  /** Runs every statement that writes, and keeps it for the other replicas. */
  readonly write: WriteHook;
}

/**
 * Kysely on a sql.js database of the same thread. Every query has its answer before its promise is given back, so between
 * BEGIN and COMMIT nothing else gets a turn on this thread but promise callbacks. Transactions belong to the store engine and
 * are refused here.
 */
export class SqlJsDialect implements Dialect {
  readonly #options: SqlJsDialectOptions;

  constructor(options: SqlJsDialectOptions) {
    this.#options = options;
  }

  createDriver(): Driver {
    return new SqlJsDriver(this.#options);
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqlJsQueryCompiler();
  }

  createAdapter(): SqliteAdapter {
    return new SqliteAdapter();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

/** Every text is brought into the form that can be stored where it enters the database. */
class SqlJsQueryCompiler extends SqliteQueryCompiler {
  protected override appendValue(parameter: unknown): void {
    if (typeof parameter !== 'string') {
      super.appendValue(parameter);
      return;
    }
    const text = storableText(parameter);
    if (!isLongText(text)) {
      super.appendValue(text);
      return;
    }
    this.append('cast(');
    super.appendValue(utf8Bytes(text));
    this.append(' as text)');
  }
}

class SqlJsDriver implements Driver {
  readonly #connection: SqlJsConnection;

  constructor(options: SqlJsDialectOptions) {
    this.#connection = new SqlJsConnection(options);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }

  beginTransaction(): Promise<void> {
    return Promise.reject(notHere());
  }

  commitTransaction(): Promise<void> {
    return Promise.reject(notHere());
  }

  rollbackTransaction(): Promise<void> {
    return Promise.reject(notHere());
  }

  releaseConnection(): Promise<void> {
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    return Promise.resolve();
  }
}

class SqlJsConnection implements DatabaseConnection {
  readonly #statements: StatementCache;
  readonly #write: WriteHook;

  constructor(options: SqlJsDialectOptions) {
    this.#statements = options.statements;
    this.#write = options.write;
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      return Promise.resolve(this.#execute<Row>(query));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new HearthlinkError('internal', { detail: String(error) }));
    }
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery<Row>(query);
  }

  #execute<Row>(query: CompiledQuery): QueryResult<Row> {
    const parameters = query.parameters.map(toParameter);
    // Kysely knows a row's type from the query it built, and this is the one place where it has to be believed.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion
    const run = (): Row[] => this.#statements.all(query.sql, parameters) as Row[];
    if (!isWriting(query)) return { rows: run() };
    const rows = this.#write(query.sql, parameters, run);
    return { rows, numAffectedRows: BigInt(this.#statements.changes) };
  }
}

function isWriting(query: CompiledQuery): boolean {
  if (query.query.kind === 'SelectQueryNode') return false;
  return query.query.kind !== 'RawNode' || !/^\s*(select|explain)\b/i.test(query.sql);
}

function toParameter(value: unknown): SqlParameter {
  if (value === null || typeof value === 'string' || value instanceof Uint8Array) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new HearthlinkError('internal', { detail: `a ${typeof value} cannot be stored` });
}

function notHere(): HearthlinkError {
  return new HearthlinkError('internal', { detail: 'transactions belong to the store engine' });
}
