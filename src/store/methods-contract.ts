/**
 * The seam between the store engine (journal, generations, several windows) and what is kept in it (tables, repositories,
 * search). The engine knows nothing of tables; the content knows nothing of files.
 */
import type { Kysely } from 'kysely';
import type { Database } from 'sql.js';
import type { ContentSummary } from './backup-port.ts';
import type { Effect, IndexedDocument } from './effects.ts';
import type { Store } from './port.ts';

/** What a statement's parameter may be. Numbers within 32 bits and whole are bound as INTEGER, others as REAL. */
export type SqlParameter = null | number | string | Uint8Array;

/**
 * Called around every statement that writes. Runs it, and keeps it for the journal once it has succeeded.
 * Throws, without running it, when the call may only read.
 */
export type WriteHook = <T>(sql: string, parameters: readonly SqlParameter[], run: () => T) => T;

/** Rows that a call has changed, by id, so that views of every window ask again for just those. */
export interface ChangedRows {
  readonly sessions?: readonly string[];
  readonly messages?: readonly string[];
  readonly slices?: readonly string[];
  readonly jobs?: boolean;
  readonly agents?: boolean;
}

/** What a method is run with. Everything it does to the store goes through here. */
export interface MethodContext<Schema, Search> {
  /** Answers at once: promises of it settle without leaving the current turn of the event loop. */
  readonly db: Kysely<Schema>;
  /** The search structures as of the last acknowledged write. For methods that read; effects of an open batch are not in it. */
  readonly search: Search;
  /** Changes the search structures once the write is acknowledged, here and in every other window. */
  emit(effect: Effect): void;
  changed(rows: ChangedRows): void;
}

/**
 * One method of a repository. It awaits nothing but `context.db`, and takes times and ids from its argument, so that it may
 * be run again when another window was faster. A method that throws leaves no trace: it runs in a savepoint of its own.
 */
export interface StoreMethod<Context, Argument, Result> {
  readonly kind: 'read' | 'write';
  run(context: Context, argument: Argument): Promise<Result>;
  /**
   * Answers a call that was applied already, from what is stored; reads only. Without it the result itself (as JSON, at most
   * `keptResultBytes`) is kept beside the call's id for seven days, so it is meant for results that are large or that hold a
   * person's words.
   */
  answerAgain?(context: Context, argument: Argument): Promise<Result>;
}

/** Results above this size (UTF-8 bytes of JSON) are not kept; a repeated call is then refused with `conflict`. */
export const keptResultBytes = 1024;

/** The repositories of the port, by their property name. */
export type RepositoryName = 'sessions' | 'messages' | 'slices' | 'browsing' | 'jobs' | 'leases' | 'agents' | 'transfer';

type Method<Repository extends RepositoryName, Name extends keyof Store[Repository]> = Store[Repository][Name];

/** `sessions.create`, `messages.page`, ...: the name under which a method crosses from the main thread to the worker. */
export type RepositoryMethodName = {
  [Repository in RepositoryName]: `${Repository}.${Extract<keyof Store[Repository], string>}`;
}[RepositoryName];

type MethodOf<Name> = Name extends `${infer Repository extends RepositoryName}.${infer Member}`
  ? Member extends keyof Store[Repository]
    ? Method<Repository, Member>
    : never
  : Name extends 'recall'
    ? Store['recall']
    : never;

export type MethodName = RepositoryMethodName | 'recall';
export type MethodArgument<Name extends MethodName> = MethodOf<Name> extends (argument: infer Argument) => Promise<unknown> ? Argument : never;
export type MethodResult<Name extends MethodName> = MethodOf<Name> extends (argument: never) => Promise<infer Result> ? Result : never;

/**
 * A result as texts that SQLite has written: that is faster than to make rows into objects, and a few texts cross to the
 * caller's thread faster than many objects. It is unpacked there.
 */
export class Packed<Result> {
  readonly texts: readonly string[];
  readonly #unpack: (texts: readonly string[]) => Result;

  constructor(texts: readonly string[], unpack: (texts: readonly string[]) => Result) {
    this.texts = texts;
    this.#unpack = unpack;
  }

  unpacked(): Result {
    return this.#unpack(this.texts);
  }
}

/** Every method of the port. */
export type MethodTable<Context> = {
  readonly [Name in MethodName]: StoreMethod<Context, MethodArgument<Name>, MethodResult<Name> | Packed<MethodResult<Name>>>;
};

/** What the engine asks of the content for its own work. */
export interface HousekeepingMethods<Context> {
  /** Everything that can be searched, in any order, to make the index again where its file cannot be read. */
  readonly allDocuments: StoreMethod<Context, undefined, readonly IndexedDocument[]>;
  readonly status: StoreMethod<Context, undefined, ContentStatus>;
  /** When a purge was last made, in milliseconds; null: never. */
  readonly lastPurge: StoreMethod<Context, undefined, number | null>;
  /**
   * A write, run before each purge: removes for good what is forgotten past its undo, deleted, or expired (rows, quotes of it,
   * jobs, vectors by effects).
   */
  readonly wipe: StoreMethod<Context, { readonly at: number }, unknown>;
  /** A write, for when the file of the vectors cannot be read: takes all of them back, so that they are found missing and made again. */
  readonly dropAllVectors: StoreMethod<Context, undefined, unknown>;
  readonly forgotten: StoreMethod<Context, undefined, ForgottenHere>;
  /**
   * A write, run on restored content: removes for good what is forgotten elsewhere, and keeps it from being learned again.
   * Answers how many slices and messages it changed. Changes nothing when it is run once more.
   */
  readonly forgetAgain: StoreMethod<Context, { readonly forgotten: ForgottenHere; readonly at: number }, number>;
}

/** What a backup that is restored must not bring back: all that was forgotten or blanked here, whatever the backup holds of it. */
export interface ForgottenHere {
  /** The key with which the fingerprints were made. */
  readonly key: Uint8Array;
  readonly fingerprints: readonly string[];
  /** Forgotten, and not wiped yet. */
  readonly sliceIds: readonly string[];
  /** Messages in which words were blanked, as they are now. */
  readonly messages: readonly { readonly id: string; readonly text: string; readonly thinking: string }[];
}

export interface ContentStatus {
  readonly counts: { readonly sessions: number; readonly messages: number; readonly slices: number };
  readonly purgeDue: boolean;
}

/** A file of a generation beside the snapshot. `name` is `index.bin` or `vectors-<digest>.bin`. */
export interface IndexFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** That the bytes are those that were written is known already, as a rule since they were summed up while they were read. */
  readonly isChecked?: boolean;
}

/** How the search structures outside SQLite are kept. They follow the records, and are loaded on first use. */
export interface SearchKeeping<Search> {
  /** In the order of the journal. Must not throw for an effect that names what is not there, or one that is applied again. */
  apply(search: Search, effects: readonly Effect[]): void;
  /** As files that later effects do not change, and in which nothing is left of what was removed, not even single words. */
  save(search: Search, storeId: string): readonly IndexFile[];
  /**
   * From the files of a generation, as they are on the disk. Words that are missing, damaged, or were made by another version
   * are made again from the documents; vectors that are damaged throw `store-damaged`. No files at all: an empty store.
   */
  load(files: readonly IndexFile[], storeId: string, documents: () => Promise<readonly IndexedDocument[]>): Promise<Search>;
}

/** All that the engine is given to fill a store. */
export interface EngineContent<Schema, Search> {
  /** Raised by each migration, from 1. */
  readonly schemaVersion: number;
  /** Brings a database from an older version (0: empty) to `schemaVersion`. Runs on a copy, outside any record. */
  migrate(database: Database, fromVersion: number): void;
  /** Counts and newest times. Of a database of any schema version up to this one; reads only. */
  summary(database: Database): ContentSummary;
  /** Tables of what windows leave each other while they look after things. Of what stands in them alone, no backup is made. */
  readonly passingTables: ReadonlySet<string>;
  /** Registers the throwing versions of what is not deterministic. Called once for every database that is opened. */
  guard(database: Database): void;
  /**
   * Clears what makes `purgeDue` true, and notes the time, in the copy that a purge makes a generation of: when the purge is not
   * brought to its end, it stays due.
   */
  purged?(database: Database, at: number): void;
  /** The in-process Kysely over this database; every statement that writes goes through `write`. */
  connect(database: Database, write: WriteHook): Kysely<Schema>;
  readonly search: SearchKeeping<Search>;
  readonly housekeeping: HousekeepingMethods<MethodContext<Schema, Search>>;
}

/** That, and the methods which the main thread may call. */
export interface StoreContent<Schema, Search> extends EngineContent<Schema, Search> {
  readonly methods: MethodTable<MethodContext<Schema, Search>>;
}
