import type { Database } from 'sql.js';
import type { Clock, Log, RandomSource, Timers } from '../../shared/ports.ts';
import type { StoreFiles } from '../files/store-files.ts';
import type { EngineContent, MethodContext, StoreMethod } from '../methods-contract.ts';
import type { ReplicaContent } from './replica-content.ts';
import type { Place } from './replica.ts';
import type { WindowLock } from './window-lock.ts';

export interface LeaseRequest {
  readonly name: string;
  readonly holder: string;
  readonly until: number;
  readonly at: number;
}

/** Content as it is at a place of the history. */
export interface ContentAtPlace<Schema, Search> {
  readonly content: ReplicaContent<Schema, Search>;
  readonly place: Place;
}

/** What a store engine is built from. */
export interface EngineSetup<Schema, Search> {
  readonly content: EngineContent<Schema, Search>;
  readonly files: StoreFiles;
  /** A database in memory; it takes the bytes over and may change them. Without bytes: empty. */
  readonly openDatabase: (bytes?: Uint8Array) => Database;
  readonly lock: WindowLock;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomSource;
  readonly log: Log;
  /** Runs something after what has arrived until now, so that calls which came together are committed together. */
  readonly soon: (run: () => void) => void;
  /** When a journal is long enough to be sealed. Default: 4 MB or a quarter of the snapshot, whichever is more. */
  readonly rotateAtBytes?: (snapshotBytes: number) => number;
  /** False while the disk is nearly full: a generation repeats what is there, and leaves the room to what is written. Default: true. */
  readonly hasRoom?: () => boolean | Promise<boolean>;
  /**
   * Waited for before content of an earlier release is brought to this release's schema. Where it rejects, the store stays as it
   * is, and is not opened. It asks nothing of the store that waits for its turn.
   */
  readonly beforeMigration?: (present: ContentAtPlace<Schema, Search>) => Promise<void>;
  /** False where the store is opened to replace its content alone, so that content of an earlier release is left as it is. */
  readonly migrates?: boolean;
  /** Keeps several windows from writing a generation at the same time; without it they may, which is safe and a waste. */
  readonly rotationLease?: {
    readonly acquire: StoreMethod<MethodContext<Schema, Search>, LeaseRequest, unknown>;
    readonly holder: string;
  };
}
