import type { Event } from '../../shared/events.ts';
import type { ArchiveKey } from '../archive/archive-cipher.ts';

/** What rooms that encrypt and decrypt are given of the keys. No key is to be kept: it is overwritten when they are locked. */
export interface DataKeys {
  /** What is to be encrypted with from now on. Null while locked, and where nothing is encrypted. Does not count as use. */
  currentKey(): ArchiveKey | null;
  /** For what was encrypted before. Null for a key that is not known, and for each while locked. @param ringId ours where it is left out */
  keyOf(keyId: number, ringId?: string): Uint8Array | null;
  readonly onDidUnlock: Event<void>;
  /** The keys are overwritten already; whatever was read with them is to leave memory and every view now. */
  readonly onDidLock: Event<void>;
}
