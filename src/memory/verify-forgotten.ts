import type { FileToSearch, TextHolders } from '../store/file-search.ts';
import { generationsIn, journalsIn } from '../store/generation/names.ts';
import type { Store } from '../store/port.ts';

/** What a file is, as far as it matters to somebody who wants a text gone. */
export type FilePlace =
  /** Written to now. */
  | 'journal'
  /** The store as it was when the journal was begun. */
  | 'snapshot'
  /** An earlier journal or snapshot. */
  | 'older'
  /** A copy from before an update, or a damaged file that is kept. */
  | 'copy'
  /** What search is done with. */
  | 'index'
  | 'document'
  | 'other'
  | 'backup';

export interface Trace {
  readonly place: FilePlace;
  readonly file: FileToSearch;
}

export interface Verification {
  /** Where it stands in what can be read and recalled, or waits to be wiped. */
  readonly holders: TextHolders;
  readonly traces: readonly Trace[];
  readonly filesSearched: number;
  /** Names of backups that could not be looked into: locked, damaged, or of a later release. */
  readonly notSearched: readonly string[];
}

/** A backup is compressed, and may be encrypted: what is in it is not to be found in its bytes. */
export interface BackupSearch {
  readonly folders: readonly string[];
  /** Whether a file of these folders is a backup. */
  isBackup(file: FileToSearch): boolean;
  /** Whether a backup has the text in any of its parts; null where it cannot be looked into. */
  holds(file: FileToSearch, text: string, signal: AbortSignal): Promise<boolean | null>;
}

export interface VerifyParts {
  readonly store: Pick<Store, 'slices' | 'fileSearch'>;
  readonly backups: BackupSearch;
}

/**
 * Searches all that is remembered, every file of the store and what is in every backup for a text. The store worker does it, piece by piece.
 * @param progress told the share that is done, from 0 to 1
 * @throws HearthlinkError `invalid-input` for a text that is too short or too long to be looked for; `store-stopped` with the system's words when
 * a file cannot be read. An ended signal ends it with its reason.
 */
export async function verifyForgotten(
  { store, backups }: VerifyParts,
  text: string,
  options: { readonly signal: AbortSignal; readonly progress: (share: number) => void },
): Promise<Verification> {
  const files = await store.fileSearch.files({ backupFolders: backups.folders });
  const bytesToSearch = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const traces: Trace[] = [];
  const notSearched: string[] = [];
  let bytesDone = 0;
  for (const file of files) {
    const found = backups.isBackup(file) ? await backups.holds(file, text, options.signal) : await isInFile(store, file, text, options.signal);
    if (found === null) notSearched.push(file.name);
    else if (found) traces.push({ place: placeOf(file, files), file });
    bytesDone += file.bytes;
    options.progress(bytesDone / bytesToSearch);
  }
  options.signal.throwIfAborted();
  return { holders: await store.slices.textHolders({ text }), traces, filesSearched: files.length - notSearched.length, notSearched };
}

async function isInFile(store: VerifyParts['store'], file: FileToSearch, text: string, signal: AbortSignal): Promise<boolean> {
  for (let from: number | null = 0; from !== null; ) {
    signal.throwIfAborted();
    const searched = await store.fileSearch.inPiece({ file, text, from });
    if (searched.found) return true;
    from = searched.next;
  }
  return false;
}

function placeOf({ backupFolder, name }: FileToSearch, files: readonly FileToSearch[]): FilePlace {
  if (backupFolder !== null) return 'backup';
  const folders = files.filter((file) => file.backupFolder === null).map((file) => file.name.split('/')[0] ?? '');
  const [folder = ''] = name.split('/');
  if (folder === 'blobs') return 'document';
  if (/^(?:before-v|damaged-|creating-)/.test(folder)) return 'copy';
  if (journalsIn([folder]).length > 0) return journalsIn(folders)[0]?.name === folder ? 'journal' : 'older';
  if (generationsIn([folder]).length === 0) return 'other';
  if (generationsIn(folders)[0]?.name !== folder) return 'older';
  return name.endsWith('.bin') ? 'index' : 'snapshot';
}

/** What somebody can do about a text that is still somewhere. */
export type Remedy =
  /** It is remembered or said: forget it there first. */
  | 'forget'
  /** It is forgotten, and is wiped by itself. */
  | 'wait'
  /** Only files hold it; a purge makes them anew. */
  | 'purge'
  /** Backups hold it as well. */
  | 'delete-backups';

/** What to do, in this order; empty when it is nowhere any more. */
export function remediesFor({ holders, traces }: Verification): readonly Remedy[] {
  const isHeld = holders.messages + holders.attachments + holders.memories + holders.versions + holders.titles + holders.jobs > 0;
  const isInFiles = traces.some(({ place }) => place !== 'backup');
  return [
    ...(isHeld ? (['forget'] as const) : []),
    ...(holders.forgotten > 0 ? (['wait'] as const) : []),
    ...(!isHeld && holders.forgotten === 0 && isInFiles ? (['purge'] as const) : []),
    ...(traces.some(({ place }) => place === 'backup') ? (['delete-backups'] as const) : []),
  ];
}
