/** How a text is looked for in the rows of the store and in the bytes of files, by the store worker. */

export interface FileToSearch {
  /** Null: in the store's own folder. */
  readonly backupFolder: string | null;
  /** Below the folder, with `/` between names. */
  readonly name: string;
  readonly bytes: number;
}

/** A part of a file to look through; the worker decides where it ends, so that no call takes long. */
export interface FilePiece {
  readonly file: FileToSearch;
  readonly text: string;
  /** Offset in bytes. */
  readonly from: number;
}

export interface PieceSearched {
  readonly found: boolean;
  /** Where the next piece begins; null at the end of the file, and when it was found. */
  readonly next: number | null;
}

export interface FileSearch {
  /** Every file of the store, and of these folders; what cannot be listed is left out with its folder. */
  files(query: { readonly backupFolders: readonly string[] }): Promise<readonly FileToSearch[]>;
  /**
   * Whether a piece of a file holds the text: as UTF-8 in any capitals, normal form and white space, or escaped as in JSON; as UTF-16; and in
   * an SQLite file also where a page ends in the middle of it. Its bytes are read in small parts. The text is at most
   * `longestSearched` characters.
   * @throws HearthlinkError `invalid-input` for a text that is too short or too long; `store-stopped` when the file cannot be read.
   */
  inPiece(piece: FilePiece): Promise<PieceSearched>;
}

/** Shorter ones stand everywhere by chance. */
export const shortestSearched = 3;
export const longestSearched = 500;

/** In how many rows a text stands, by what they are. */
export interface TextHolders {
  readonly messages: number;
  readonly attachments: number;
  /** Held, proposed, replaced or archived. */
  readonly memories: number;
  /** What memories said before they were edited. */
  readonly versions: number;
  readonly titles: number;
  readonly jobs: number;
  /** Memories and messages that are forgotten and not wiped yet. */
  readonly forgotten: number;
  /** When the last of these can no longer be brought back; null without any. */
  readonly wipedAfter: number | null;
}
