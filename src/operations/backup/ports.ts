import type { BackupReason, BackupKind } from './backup-record.ts';

/** What backups ask of the files they lie in; `src/operations/archive` has the format. */
export interface Archives {
  /**
   * Writes a backup so that it is there whole or not at all. The parts are read one after the other.
   * @param describe asked once they have been read
   * @throws HearthlinkError `store-full`, `store-read-only`, `archive-locked` where it is to be encrypted and there is no key, or what
   * reading a part threw
   */
  write(file: string, parts: readonly PartSource[], describe: () => ManifestHead): Promise<Manifest>;
  /**
   * Opens a backup and reads what it says about itself, which is authenticated where it is encrypted.
   * @throws HearthlinkError `archive-damaged`, `archive-newer`, `archive-locked`, `archive-wrong-key`, `archive-refused`
   */
  open(file: string): Promise<OpenArchive>;
}

export interface PartSource {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface OpenArchive {
  readonly manifest: Manifest;
  /** Of the manifest, which has the checksums of all parts: tells whether this still is the file that was looked at before. */
  readonly manifestDigest: string;
  readonly isEncrypted: boolean;
  /** A part's content, checked on the way. @throws HearthlinkError `archive-damaged` before anything wrong is handed out as whole */
  read(part: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A place in a store's history as a manifest has it. */
export interface ManifestPosition {
  readonly journal: string;
  readonly offset: number;
  readonly sequence: number;
  readonly chain: string;
  readonly at: number;
}

/** What a backup says about itself, but for what only the writer of the file knows. */
export interface ManifestHead {
  readonly id: string;
  readonly kind: BackupKind;
  readonly storeId: string;
  readonly madeAt: number;
  readonly by: BackupReason;
  readonly base: { readonly id: string } | null;
  readonly from: ManifestPosition | null;
  readonly to: ManifestPosition;
  readonly schemaVersion: number;
  readonly extensionVersion: string;
  /** Rows of each table at `to`; empty where they could not be counted. */
  readonly counts: Readonly<Record<string, number>>;
  /** The newest row of each kind at `to`. */
  readonly newest: Readonly<Record<string, number>>;
}

export interface Manifest extends ManifestHead {
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}
