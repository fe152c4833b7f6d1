import type { MethodArgument, MethodName, MethodResult } from './methods-contract.ts';

/**
 * The store's side of backups: its content and its records as bytes, and a scratch place in which a backup is put together
 * again, compared, looked into, and made the content of the store. What a backup's file is like is not the store's concern.
 *
 * Whatever begins with `scratch` runs in a worker of its own, so that the store answers meanwhile.
 */
export interface BackupRepository {
  /** Where the store is now. Two equal chain values: nothing was written between. */
  position(): Promise<StorePosition>;
  /**
   * Holds on to the content as it is now, whatever is written, sealed or purged from now on, until it is released. Nothing is
   * copied for it: it is the newest generation, and the records since.
   * @throws HearthlinkError `store-damaged` and `store-newer-schema` where the store is not whole or not known
   */
  freeze(): Promise<FrozenContent>;
  /**
   * The next piece of a part, of 1 MB at most (but a record is never divided); null after the last. Each part is read once,
   * from its beginning, and is compared with its checksum on the way.
   * @throws HearthlinkError `not-found` when nothing is held under this name any more; `store-damaged` at what was not as it
   * was written
   */
  readPart(of: { readonly frozen: string; readonly part: string }): Promise<Uint8Array | null>;
  /** Lets go of it. Nothing happens when that was done. */
  release(frozen: string): Promise<void>;
  /**
   * Whole records that were written after a position, across sealed journals. To be asked again from `to` while there are
   * more. The pieces of several answers, put one behind the other, are one stream that `scratchPut` takes.
   */
  recordsAfter(position: StorePosition): Promise<RecordsAfter>;
  /** What was written since a position, and would be missed if it were lost. */
  changedSince(position: StorePosition): Promise<ChangedSince>;
  /** When what was forgotten was last purged, in milliseconds: what was backed up before may hold it. Null: never. */
  lastPurge(): Promise<number | null>;

  /** Makes room to put a backup together. Answers the name by which it goes. */
  scratchBegin(): Promise<string>;
  /**
   * Adds the next piece to a part, in the order in which they were read. The part `records` takes the stream of the backup and,
   * behind it, those of the incremental ones that follow. Where the piece is all of its memory, that is taken over, and empty then.
   */
  scratchPut(piece: { readonly scratch: string; readonly part: string; readonly bytes: Uint8Array }): Promise<void>;
  /**
   * Puts it together: checksums of every file, records repeated one by one in their chain, integrity of the rows, counts and
   * newest times compared with what is expected, and brought to this release's schema. The live store is not touched.
   * @throws HearthlinkError `archive-damaged` with what is not as it should be; `store-newer-schema` for one of a later release
   */
  scratchLoad(load: ScratchLoad): Promise<LoadedScratch>;
  /**
   * Whether a text stands anywhere in what was put into a scratch that is not loaded, in any of the forms in which it is looked
   * for in files.
   * @throws HearthlinkError `invalid-input` for a text that is too short or too long
   */
  scratchHolds(search: { readonly scratch: string; readonly text: string }): Promise<boolean>;
  /** Asks of a loaded scratch what may be asked of the store. Of what is forgotten here since, nothing is among the answers. */
  scratchAsk<Name extends ScratchQuestion>(question: ScratchAsked<Name>): Promise<MethodResult<Name>>;
  /**
   * Makes a loaded scratch the content of the store, in every window. What was forgotten here since the backup stays
   * forgotten, and calls that were answered are not done again. When it fails the store is as it was. A damaged store goes on
   * with what can be read of it first, and where that is nothing, with the scratch alone.
   */
  scratchRestore(restore: ScratchRestore): Promise<RestoreReport>;
  /** Gives its room back. Nothing happens when that was done. */
  scratchDrop(scratch: string): Promise<void>;
}

/** A place in the store's history. */
export interface StorePosition {
  /** 32 hexadecimal digits. */
  readonly storeId: string;
  readonly schemaVersion: number;
  /** Number of the journal, which is that of the generation it goes on from. */
  readonly generation: number;
  /** The journal's file, and bytes in it up to this place. */
  readonly journal: string;
  readonly offset: number;
  /** Number of the last record before it, and the chain value after that: 32 hexadecimal digits. */
  readonly sequence: number;
  readonly chain: string;
  /** When the store was known to be there, in milliseconds. */
  readonly at: number;
}

/** What a content amounts to. Equal content has equal counts and times; the other way round they only are a strong sign. */
export interface ContentSummary {
  /** Rows of every table. */
  readonly tables: Readonly<Record<string, number>>;
  /** The newest time in each kind of row, in milliseconds; null where there is none. */
  readonly newest: Readonly<Record<string, number | null>>;
}

export interface FrozenContent {
  /** The name by which it goes. */
  readonly frozen: string;
  /** What the parts amount to, with all of their records. */
  readonly position: StorePosition;
  /** The earliest moment that can be restored from it: the content without the records in it. */
  readonly base: StorePosition;
  readonly summary: ContentSummary;
  /** In the order in which they are best read. Files of a generation, and `records`. */
  readonly parts: readonly FrozenPart[];
}

export interface FrozenPart {
  readonly name: string;
  /** Null for `records`, which is as long as it is. */
  readonly bytes: number | null;
}

export type RecordsAfter =
  | {
      readonly state: 'records';
      /** About 1 MB, more only when a single record is longer; empty when nothing was written. */
      readonly bytes: Uint8Array;
      /** How many records they are, seals included, and the time of the last that has one. */
      readonly count: number;
      readonly lastAt: number | null;
      /** The position behind them, from which to go on. */
      readonly to: StorePosition;
      readonly more: boolean;
    }
  /**
   * - `tidied`: the records are no longer kept;
   * - `replaced`: a purge, a migration or a restore has begun a new content. The records up to it were answered;
   * - `other-history`: the position is none of this store, or was left behind when the store went on after damage.
   */
  | { readonly state: 'full-due'; readonly reason: 'tidied' | 'replaced' | 'other-history' };

/**
 * - `nothing`: no records, or only what windows leave for each other while they look after things: leases, states of jobs;
 * - `changes`: records that go on from the position;
 * - `new-content`: what is there now cannot be told by records, so only all of it can be backed up.
 */
export type ChangedSince = 'nothing' | 'changes' | 'new-content';

export interface ScratchLoad {
  readonly scratch: string;
  /** Goes on to the last record that was written at this time, in milliseconds, or before; null: to the end. */
  readonly until: number | null;
  /** Compared with what comes out. Without `until` give both; `chain` alone says that every record was there. */
  readonly expected: { readonly chain: string | null; readonly summary: ContentSummary | null };
  /** The very same bytes were put together before: the integrity of the rows need not be looked at again. */
  readonly isKnownSound?: boolean;
}

export interface LoadedScratch {
  /** The store it was made from, and where in its history it stands. */
  readonly storeId: string;
  readonly chain: string;
  readonly sequence: number;
  /** When the last of its records was made, in milliseconds; null when it has none. */
  readonly at: number | null;
  readonly summary: ContentSummary;
  /** How many records were repeated, seals included. */
  readonly records: number;
  /** The schema version it was brought here from; null when it had this one. */
  readonly migratedFrom: number | null;
}

/** What may be asked of a scratch. */
export type ScratchQuestion = Extract<
  MethodName,
  | 'sessions.get' | 'sessions.list' | 'sessions.search' | 'messages.page' | 'messages.path' | 'slices.get' | 'slices.list'
  | 'browsing.page' | 'browsing.count' | 'browsing.detail' | 'transfer.exportPage'
>;

export interface ScratchAsked<Name extends ScratchQuestion> {
  readonly scratch: string;
  readonly method: Name;
  readonly argument: MethodArgument<Name>;
}

export interface ScratchRestore {
  readonly scratch: string;
  /** The time of the restore, in milliseconds. */
  readonly at: number;
  /** Refused with `conflict` when something has changed since this position; null: whatever is there is replaced. */
  readonly replaces: StorePosition | null;
}

export interface RestoreReport {
  /** Number of the new generation. */
  readonly generation: number;
  /** The content that was replaced. */
  readonly replaced: StorePosition;
  /** What came out, read back from the store. */
  readonly summary: ContentSummary;
  /** Memories and messages of the backup that were forgotten or blanked here since, and stay so. */
  readonly keptForgotten: number;
}

export type BackupMethodName = keyof BackupRepository;
export type BackupArgument<Name extends BackupMethodName> = Parameters<BackupRepository[Name]>[0];

/** What is asked of the store worker: one of the methods above, with its argument. */
export type BackupRequest<Name extends BackupMethodName = BackupMethodName> = {
  readonly [Each in Name]: { readonly method: Each; readonly argument: BackupArgument<Each> };
}[Name];

/** Whether it is about a scratch, for which there is a worker of its own. */
export function isAboutScratch(method: BackupMethodName): boolean {
  return method.startsWith('scratch');
}
