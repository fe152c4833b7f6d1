import type { FrozenContent, LoadedScratch, StorePosition } from '../../../src/store/backup-port.ts';
import { BackupSource } from '../../../src/store/engine/backup-source.ts';
import { restoredContent } from '../../../src/store/engine/restore.ts';
import { Scratch } from '../../../src/store/engine/scratch.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { NotesSchema, NotesSearch } from './notes-content.ts';
import type { NotesWindow } from './window.ts';

/** A backup of a store of notes. */
export interface NotesCopy extends Pick<FrozenContent, 'position' | 'base' | 'summary'> {
  readonly parts: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

export async function copyOf(window: NotesWindow): Promise<NotesCopy> {
  const source = sourceOf(window);
  const { frozen, parts, ...rest } = await source.freeze();
  const copied: { name: string; bytes: Uint8Array }[] = [];
  for (const { name } of parts) {
    for (let bytes = source.readPart({ frozen, part: name }); bytes !== null; bytes = source.readPart({ frozen, part: name })) copied.push({ name, bytes });
  }
  source.release(frozen);
  return { ...rest, parts: copied };
}

/** Everything that was written since a position. */
export async function recordsOf(window: NotesWindow, from: StorePosition): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const source = sourceOf(window);
  for (let answer = await source.recordsAfter(from); ; answer = await source.recordsAfter(answer.to)) {
    if (answer.state !== 'records') throw new Error(`A full backup is due: ${answer.reason}`);
    pieces.push(answer.bytes);
    if (!answer.more) return Buffer.concat(pieces);
  }
}

function sourceOf({ engine, setup }: NotesWindow): BackupSource<NotesSchema, NotesSearch> {
  return new BackupSource(setup, (look) => engine.inspect(look));
}

export interface LoadedNotes extends LoadedScratch {
  readonly scratch: Scratch<NotesSchema, NotesSearch>;
}

export async function loadNotes(window: NotesWindow, copy: NotesCopy, options: { readonly records?: Uint8Array; readonly until?: number | null } = {}): Promise<LoadedNotes> {
  const { records, until = null } = options;
  const scratch = new Scratch(window.setup);
  for (const { name, bytes } of copy.parts) scratch.put(name, bytes);
  if (records !== undefined) scratch.put('records', records);
  return { ...(await scratch.load({ until, expected: { chain: null, summary: null } })), scratch };
}

/** Makes a copy the content of the window's store. Throws `conflict` when the store has another chain value than `replaces`. */
export async function restoreNotes(window: NotesWindow, copy: NotesCopy, { replaces }: { readonly replaces: string | null } = { replaces: null }): Promise<void> {
  const { scratch } = await loadNotes(window, copy);
  try {
    await window.engine.replaceContent(async (present, place) => {
      if (replaces !== null && place.chain.toString('hex') !== replaces) throw new HearthlinkError('conflict');
      return (await restoredContent(window.setup, { restored: scratch.content, present, at: 0 })).parts;
    });
  } finally {
    scratch.close();
  }
}
