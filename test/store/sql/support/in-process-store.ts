import { Kysely } from 'kysely';
import initSqlJs, { type Database, type SqlJsStatic } from 'sql.js';

import { HearthlinkError } from '../../../../src/shared/errors.ts';
import type { RandomSource } from '../../../../src/shared/ports.ts';
import type { Effect } from '../../../../src/store/effects.ts';
import {
  Packed,
  type ChangedRows,
  type MethodArgument,
  type MethodName,
  type MethodResult,
  type MethodTable,
  type SqlParameter,
} from '../../../../src/store/methods-contract.ts';
import { SearchIndex } from '../../../../src/store/search/search-index.ts';
import { forbidNondeterminism } from '../../../../src/store/sql/determinism.ts';
import { SqlJsDialect } from '../../../../src/store/sql/dialect.ts';
import { createMethods, type StoreMethodContext } from '../../../../src/store/sql/methods.ts';
import { migrate } from '../../../../src/store/sql/migrations.ts';
import { allDocuments } from '../../../../src/store/sql/repositories/housekeeping.ts';
import type { RankSignals } from '../../../../src/store/sql/repositories/recall.ts';
import type { StoreSchema } from '../../../../src/store/sql/schema.ts';
import { StatementCache } from '../../../../src/store/sql/statement-cache.ts';

export const sqlJs: SqlJsStatic = await initSqlJs();

interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

/** Always the same bytes: the key of a test's fingerprints needs no secrecy. */
const fixedRandom: RandomSource = { bytes: (length) => Uint8Array.from({ length }, (_, i) => i) };

/** By the words they hold, as the search says, and a little by importance; enough to test what may be recalled. */
export const rankByWords: RankSignals = (signals, facts) =>
  signals.candidates
    .map((candidate) => ({
      id: signals.idOf(candidate),
      score: (candidate.words.own + candidate.factWords + candidate.meaning.own) * (1 + 0.01 * facts.importanceOf(candidate)),
      why: { words: signals.matchedWords(candidate), meaning: candidate.meaning.own > 0, neighbour: false, fact: candidate.factWords > 0 },
    }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);

const methods = createMethods(rankByWords);

type Method<Name extends MethodName> = MethodTable<StoreMethodContext>[Name];

/** As the main thread has it. */
function asObjects<Result>(result: Result | Packed<Result>): Result {
  return result instanceof Packed ? result.unpacked() : result;
}

/**
 * The methods of the store on a database in this process: each call in a savepoint, its statements and effects kept as the
 * journal would keep them, so that they can be repeated on another database.
 */
export class InProcessStore {
  readonly database: Database;
  readonly search = new SearchIndex();
  readonly statements: Statement[] = [];
  readonly effects: Effect[] = [];
  /** What the last call said to have changed. */
  changes: ChangedRows[] = [];
  readonly db: Kysely<StoreSchema>;
  #isWriting = false;

  private constructor(database: Database) {
    this.database = database;
    forbidNondeterminism(database);
    this.db = new Kysely<StoreSchema>({
      dialect: new SqlJsDialect({
        statements: new StatementCache(database),
        write: (sql, parameters, run) => {
          if (!this.#isWriting) throw new HearthlinkError('internal', { detail: 'A method that reads tried to write.' });
          const result = run();
          this.statements.push({ sql, parameters });
          return result;
        },
      }),
    });
  }

  static create(): InProcessStore {
    const database = new sqlJs.Database();
    database.exec('PRAGMA secure_delete = ON');
    migrate(database, 0, fixedRandom);
    return new InProcessStore(database);
  }

  /** Runs a method as the engine would: whole, or not at all. */
  async call<Name extends MethodName>(name: Name, argument: MethodArgument<Name>): Promise<MethodResult<Name>> {
    const method: Method<Name> = methods[name];
    return asObjects(await this.#run(method.kind, (context) => method.run(context, argument)));
  }

  /** What a repeated call is answered, from the rows alone. */
  async again<Name extends MethodName>(name: Name, argument: MethodArgument<Name>): Promise<MethodResult<Name>> {
    const method: Method<Name> = methods[name];
    return asObjects(await this.#run('read', (context) => {
      const answer = method.answerAgain?.(context, argument);
      if (answer === undefined) throw new Error(`${name} keeps its result`);
      return answer;
    }));
  }

  /** Runs what is no method of the port. */
  async run<Result>(kind: 'read' | 'write', run: (context: StoreMethodContext) => Promise<Result>): Promise<Result> {
    return this.#run(kind, run);
  }

  /** Another store that heard only of the journal. */
  replica(): InProcessStore {
    const replica = InProcessStore.create();
    for (const { sql, parameters } of this.statements) replica.database.run(sql, [...parameters]);
    for (const effect of this.effects) replica.search.apply(effect);
    return replica;
  }

  /** Every table, every row, in the order of the keys. */
  content(): Record<string, unknown> {
    const [tables] = this.database.exec("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    const names = (tables?.values ?? []).map(([name]) => String(name));
    return Object.fromEntries(names.map((name) => [name, this.database.exec(`SELECT * FROM "${name}"`)[0]?.values ?? []]));
  }

  /** What the index holds must be what the rows say. */
  documents(): Promise<readonly { readonly id: string; readonly visible: boolean; readonly text: string }[]> {
    return this.#run('read', (context) => allDocuments(context));
  }

  /** A copy without free pages, as a purge writes it. */
  purgedBytes(): string {
    this.database.exec('VACUUM');
    return Buffer.from(this.database.export()).toString('latin1');
  }

  async #run<Result>(kind: 'read' | 'write', run: (context: StoreMethodContext) => Promise<Result>): Promise<Result> {
    const statements = this.statements.length;
    const effects: Effect[] = [];
    this.changes = [];
    const context: StoreMethodContext = {
      db: this.db,
      search: this.search,
      emit: (effect) => void effects.push(effect),
      changed: (rows) => void this.changes.push(rows),
    };
    this.#isWriting = kind === 'write';
    this.database.run('SAVEPOINT method');
    try {
      const result = await run(context);
      this.database.run('RELEASE method');
      for (const effect of effects) {
        this.effects.push(effect);
        this.search.apply(effect);
      }
      return result;
    } catch (error) {
      this.database.run('ROLLBACK TO method');
      this.database.run('RELEASE method');
      this.statements.length = statements;
      throw error;
    } finally {
      this.#isWriting = false;
    }
  }
}
