import type { Kysely } from 'kysely';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Effect } from '../effects.ts';
import { notEncrypted } from '../encryption/store-keys.ts';
import type { BatchBody, CapturedStatement } from '../journal/batch-body.ts';
import { ChangeCollector } from '../journal/changes.ts';
import type { IndexFile, MethodContext, EngineContent, WriteHook } from '../methods-contract.ts';
import type { CallLedger } from './call-ledger.ts';
import { LazyIndex } from './lazy-index.ts';
import { ReplicaDatabase } from './replica-database.ts';
import type { Database } from 'sql.js';

/** What one call did, kept until its batch is known to have won. */
export class Capture {
  readonly statements: CapturedStatement[] = [];
  readonly effects: Effect[] = [];
  readonly changes = new ChangeCollector();

  get isEmpty(): boolean {
    return this.statements.length === 0 && this.effects.length === 0;
  }
}

export interface LoadedParts {
  readonly database: Database;
  readonly calls: CallLedger;
  readonly schemaVersion: number;
  readonly storeId: string;
  /** Of the data key that its files are encrypted by; left out, or 0: none. */
  readonly keyId?: number;
  /** Name of the generation that it was loaded from. */
  readonly generation: string;
  /** Reads the index's files, when they are needed. */
  readonly indexFiles: (withVectors: boolean) => readonly IndexFile[];
}

/** Rows, index and calls of a replica: all that a chain value stands for. Changed by whole records alone. */
export class ReplicaContent<Schema, Search> {
  readonly database: ReplicaDatabase;
  readonly calls: CallLedger;
  readonly index: LazyIndex<Search>;
  readonly storeId: string;
  /** 0: not encrypted. */
  readonly keyId: number;
  readonly generation: string;
  #schemaVersion: number;
  readonly #db: Kysely<Schema>;
  #capture: Capture | null = null;

  constructor(definition: EngineContent<Schema, Search>, parts: LoadedParts) {
    this.database = new ReplicaDatabase(parts.database);
    this.calls = parts.calls;
    this.#schemaVersion = parts.schemaVersion;
    this.storeId = parts.storeId;
    this.keyId = parts.keyId ?? notEncrypted;
    this.generation = parts.generation;
    definition.guard(parts.database);
    this.#db = definition.connect(parts.database, this.#write);
    const { search, housekeeping } = definition;
    const documents = () => housekeeping.allDocuments.run(this.readingContext(), undefined);
    this.index = new LazyIndex({
      load: (withVectors) => search.load(parts.indexFiles(withVectors), parts.storeId, documents),
      apply: (loaded, effects) => { search.apply(loaded, effects); },
      save: (loaded) => search.save(loaded, parts.storeId),
    });
  }

  get schemaVersion(): number {
    return this.#schemaVersion;
  }

  /** Brings rows that no journal goes on from to another schema. What `migrate` throws leaves them of no use. */
  migrate(schemaVersion: number, migrate: (database: Database) => void): void {
    migrate(this.database.raw);
    this.#schemaVersion = schemaVersion;
  }

  /** Repeats what other windows did, in one transaction. Throws, with nothing of it done, what SQLite says. */
  apply(batches: readonly BatchBody[]): void {
    this.database.begin();
    try {
      for (const batch of batches) {
        for (const statement of batch.statements) this.database.replay(statement);
      }
      this.database.commit();
    } catch (error) {
      this.database.rollback();
      throw error;
    }
    for (const batch of batches) this.keepBesideRows(batch);
  }

  /** What stands outside the rows: the index and the ledger of calls. */
  keepBesideRows(batch: BatchBody): void {
    this.index.apply(batch.effects);
    this.calls.add(batch.calls, batch.at);
  }

  readingContext(): MethodContext<Schema, Search> {
    const refuse = () => { throw new HearthlinkError('internal', { detail: 'A method that reads tried to write.' }); };
    return this.#context(refuse, refuse);
  }

  /** From now until the next one, whatever is written is kept in `capture`. */
  writingContext(capture: Capture): MethodContext<Schema, Search> {
    this.#capture = capture;
    return this.#context(
      (effect) => void capture.effects.push(effect),
      (rows) => { capture.changes.add(rows); },
    );
  }

  stopCapturing(): void {
    this.#capture = null;
  }

  close(): void {
    this.database.close();
  }

  #context(emit: MethodContext<Schema, Search>['emit'], changed: MethodContext<Schema, Search>['changed']): MethodContext<Schema, Search> {
    const index = this.index;
    return {
      db: this.#db,
      get search() { return index.current; },
      emit,
      changed,
    };
  }

  readonly #write: WriteHook = (sql, parameters, run) => {
    if (this.#capture === null) throw new HearthlinkError('internal', { detail: 'A method that reads tried to write.' });
    const result = run();
    this.#capture.statements.push({ sql, parameters });
    return result;
  };
}
