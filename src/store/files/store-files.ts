import type { Disposable } from '../../shared/events.ts';

/**
 * The few things a store asks of a file system, in one folder. Names are relative to it, with `/` between folder and file.
 * What changes a file may answer later, so that a test can let other windows go first; the real one answers at once, except
 * for `writeFile`.
 * Every method throws a HearthlinkError: `store-full`, `store-read-only`, or `store-stopped` with the system's own words.
 */
export interface StoreFiles {
  /** The folder as a person would look for it. */
  readonly location: string;
  /** Names in the store's folder, or in one inside it; empty when it is not there. */
  list(folder?: string): readonly string[];
  /** Null when it is not there. */
  read(name: string): Buffer | null;
  /** CRC-32 of bytes that `read` gave, which may have been made while they were read. */
  checksum(bytes: Buffer): number;
  /** Bytes of a file; null when it is not there. */
  size(name: string): number | null;
  /** The data key that a file says it is encrypted by; 0: none, or that cannot be told. Null when it is not there. */
  keyIdOf(name: string): number | null;
  /** Bytes of a file, or of all files in a folder and the folders in it; without a name: of the whole store. */
  bytes(name?: string): number;
  /** Null when it is not there. Falls back to reading alone where writing is not allowed. */
  openJournal(name: string): JournalFile | null;
  /** To read it in pieces, also when it is removed meanwhile. Null when it is not there. */
  openFile(name: string): OpenedFile | null;
  /** Makes the folder that the store lives in; nothing when it is there. */
  createStoreFolder(): Awaitable<void>;
  /** Throws when it is there already. */
  createFolder(name: string): Awaitable<void>;
  /**
   * A new file, or one that replaces a file whole, written in pieces without holding up other work, and flushed. Answers
   * the CRC-32 of what was written.
   * @param keyId of the data key to encrypt it by; 0, or left out: not encrypted
   * @throws HearthlinkError `store-locked` where there is no such key here
   */
  writeFile(name: string, parts: Iterable<Uint8Array>, keyId?: number): Promise<number>;
  /** Flushes the entries of a folder: of files made, renamed or removed in it. */
  flushFolder(name?: string): Awaitable<void>;
  /** Atomic. False, with nothing changed, when there is something by the new name. */
  renameFolder(from: string, to: string): Awaitable<boolean>;
  /** Atomic; replaces what is there. */
  renameFile(from: string, to: string): Awaitable<void>;
  /** A file, or a folder with all that is in it; nothing when it is not there. */
  remove(name: string): Awaitable<void>;
  /** Calls back soon after something in the store's folder changed, as far as the system tells; never throws. */
  watch(changed: () => void): Disposable;
  /** When it was last written, in milliseconds; null when it is not there. */
  modifiedAt(name: string): number | null;
}

/** A file that is open for reading. */
export interface OpenedFile {
  /** Bytes in the file now. */
  size(): number;
  /** At most `length` bytes from `offset`; fewer at the end of the file. */
  read(offset: number, length: number): Buffer;
  close(): void;
}

/** An open journal. */
export interface JournalFile extends OpenedFile {
  readonly writable: boolean;
  /** Appends in one step. Answers how many bytes were written: fewer than given when there was no room for all. */
  append(bytes: Uint8Array): Awaitable<number>;
  /** Returns when everything appended so far is on the disk; throws when that is not known. */
  flush(): Awaitable<void>;
}

export type Awaitable<T> = T | Promise<T>;
