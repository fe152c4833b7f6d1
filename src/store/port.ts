import type { ErrorData } from '../shared/errors.ts';
import type { Disposable, Listener } from '../shared/events.ts';
import type { BackupRepository } from './backup-port.ts';
import type { BrowsingRepository } from './browsing-port.ts';
import type { FileSearch } from './file-search.ts';
import type { JobRepository } from './job-port.ts';
import type { MessageRepository } from './message-port.ts';
import type { RecallQuery, RecallResult } from './recall-port.ts';
import type { AgentSettings, CaptureMode } from './records.ts';
import type { SessionRepository } from './session-port.ts';
import type { SliceRepository } from './slice-port.ts';
import type { TransferRepository } from './transfer-port.ts';

/**
 * The store as every other room sees it: repositories of async methods, no SQL. Behind it stands the store worker (or, one
 * day, another database). Each method that writes is one atomic call: when its promise resolves the write is on disk; when it
 * rejects with `store-not-known-saved` the caller may repeat it with the same ids. Ids and times are the caller's.
 */
export interface Store {
  readonly sessions: SessionRepository;
  readonly messages: MessageRepository;
  readonly slices: SliceRepository;
  readonly browsing: BrowsingRepository;
  readonly jobs: JobRepository;
  readonly leases: LeaseRepository;
  readonly agents: AgentRepository;
  /** Looks for a text in the bytes of the store's files and of backups, to show that it is gone. */
  readonly fileSearch: FileSearch;
  readonly transfer: TransferRepository;
  readonly backup: BackupRepository;
  /** Searches memory and ranks what it finds; see `src/memory/ranking.ts`. Reads only. */
  recall(query: RecallQuery): Promise<RecallResult>;
  status(): Promise<StoreStatus>;
  /** Makes a new generation without anything that was forgotten and wiped, and drops the files that still hold it. */
  purge(at: number): Promise<PurgeReport>;
  /** After damage: goes on with what could be read, in a new generation. Keeps the damaged files aside. */
  continueAfterDamage(at: number): Promise<StoreStatus>;
  /** Heard within a second of a change by this or another window. */
  onDidChange(listener: Listener<StoreChange>): Disposable;
  /** Lets what is under way finish, and ends. Every later call rejects with `store-stopped`. */
  close(): Promise<void>;
}

export interface LeaseRepository {
  /** True when `holder` has the lease until `until`; taken by compare-and-set, also renewed by its holder. */
  acquire(lease: { name: string; holder: string; until: number; at: number }): Promise<boolean>;
  release(lease: { name: string; holder: string; at: number }): Promise<void>;
}

export interface AgentRepository {
  settings(agentId: string): Promise<AgentSettings>;
  setCaptureMode(change: { agentId: string; mode: CaptureMode; at: number }): Promise<AgentSettings>;
}

export type StoreState = 'ready' | 'read-only' | 'damaged' | 'newer-schema' | 'locked' | 'stopped';

/** What could not be read when somebody went on after damage. */
export interface LeftBehind {
  /** What was damaged, relative to the store's folder. It is kept there. */
  readonly file: string;
  /** Bytes of journals that nobody could read; null where that cannot be known, for a file is not there. */
  readonly bytes: number | null;
  /** When the last write that could be read was made; null where none is known. */
  readonly lastWriteAt: number | null;
}

export interface StoreStatus {
  readonly state: StoreState;
  /** Why it is not ready; null when it is. */
  readonly problem: ErrorData | null;
  /** Names of files that were found damaged and are kept. */
  readonly damagedFiles: readonly string[];
  /** What this window left behind when it went on after damage; null unless it has done so since it was opened. */
  readonly leftBehind: LeftBehind | null;
  readonly folder: string;
  readonly counts: { readonly sessions: number; readonly messages: number; readonly slices: number };
  /** Of the data key that all of it is encrypted by; 0: it is not encrypted, or that is not known. */
  readonly keyId: number;
  /** Bytes of all files of the store. */
  readonly bytes: number;
  readonly generation: number;
  /** Wiped content that older files still hold, until a purge. */
  readonly purgeDue: boolean;
  /** Equal chain values mean equal content in two windows. */
  readonly chain: string;
  readonly sequence: number;
}

export interface PurgeReport {
  readonly generation: number;
  readonly filesRemoved: number;
  readonly bytesFreed: number;
}

/** What became of putting all that is stored under a key. */
export interface EncryptionReport {
  /** 0: it is not encrypted. */
  readonly keyId: number;
  /** Files that could not be removed yet and are not under this key: another window is still at work on them, or was. */
  readonly filesLeft: number;
}

/** What changed, by id, so that a view asks again for just that. An empty list with `everything` set means: ask for all. */
export interface StoreChange {
  readonly origin: 'this-window' | 'other-window';
  readonly everything: boolean;
  readonly sessions: readonly string[];
  readonly messages: readonly string[];
  readonly slices: readonly string[];
  readonly jobs: boolean;
  readonly agents: boolean;
  readonly status: boolean;
}
