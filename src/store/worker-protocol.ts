import type { ErrorData } from '../shared/errors.ts';
import type { LogFields } from '../shared/ports.ts';
import type { BackupRequest, FrozenContent } from './backup-port.ts';
import type { FilePiece } from './file-search.ts';
import type { MethodName } from './methods-contract.ts';
import type { StoreChange } from './port.ts';

/** What the main thread and the store worker say to each other. Both sides are built together, from the same types. */

/** Work of the store as a whole, beside the methods of the repositories. */
export type StoreTask = 'status' | 'purge' | 'continueAfterDamage';

/** Puts all that is stored under a key; see `encryptStore`. */
export interface EncryptRequest {
  /** 0: under none. */
  readonly keyId: number;
  readonly at: number;
}

export type ToWorker =
  | {
      readonly type: 'call';
      /** Names the answer. */
      readonly number: number;
      /** Stays the same when a call is repeated, also to another worker. */
      readonly callId: string;
      readonly method: MethodName;
      readonly argument: unknown;
    }
  | { readonly type: 'task'; readonly number: number; readonly task: StoreTask; readonly at: number }
  | { readonly type: 'encrypt'; readonly number: number; readonly request: EncryptRequest }
  | { readonly type: 'backup'; readonly number: number; readonly request: BackupRequest }
  | { readonly type: 'list-files'; readonly number: number; readonly query: { readonly backupFolders: readonly string[] } }
  | { readonly type: 'search-piece'; readonly number: number; readonly piece: FilePiece }
  /** What `migrating` waits for. With an error the store is left as it is. */
  | { readonly type: 'migrate'; readonly error: ErrorData | null }
  /** Flush nothing, finish what is queued, and end. */
  | { readonly type: 'close' };

/** What is answered under its number. */
export type StoreRequest = Extract<ToWorker, { readonly number: number }>;

export type ToMain =
  | { readonly type: 'answer'; readonly number: number; readonly result: unknown }
  /** The texts of a `Packed` result. */
  | { readonly type: 'packed-answer'; readonly number: number; readonly texts: readonly string[] }
  | { readonly type: 'failure'; readonly number: number; readonly error: ErrorData }
  /** The store is of an earlier release; it is migrated once what it holds, which can be read by its parts, was backed up. */
  | { readonly type: 'migrating'; readonly frozen: FrozenContent }
  | { readonly type: 'change'; readonly change: StoreChange }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string; readonly fields: LogFields };
