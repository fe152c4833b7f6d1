/**
 * What writing and reading archives asks of a file system, so that a test can let every step of it fail. Names are absolute.
 * Methods reject with the system's own errors.
 */
export interface ArchiveFiles {
  /** A new file that only its owner may read; rejects when there is one. */
  create(file: string): Promise<WritableFile>;
  /** A plain file, for reading; rejects with `EINVAL` when it is something else. */
  open(file: string): Promise<ReadableFile>;
  /** Atomic; replaces what is there. */
  rename(from: string, to: string): Promise<void>;
  /** Nothing when it is not there. */
  remove(file: string): Promise<void>;
  /** Returns when the entries of a folder are on the disk. */
  flushFolder(folder: string): Promise<void>;
}

export interface WritableFile {
  /** Appends all of it. */
  write(pieces: readonly Uint8Array[]): Promise<void>;
  /** Returns when everything written is on the disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface ReadableFile {
  readonly bytes: number;
  /** `length` bytes from `offset`; fewer at the end of the file. */
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}
