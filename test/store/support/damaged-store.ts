import assert from 'node:assert/strict';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { MemoryDisk } from './memory-disk.ts';
import { listNotes, putNote } from './notes-content.ts';
import { NotesWindow } from './window.ts';

export const isDamage = (error: unknown) => HearthlinkError.is(error, 'store-damaged');

/** Changes one bit. */
export function flip(disk: MemoryDisk, file: string, at: number): void {
  disk.alter(file, (bytes) => {
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x20, at);
    return bytes;
  });
}

export function nameLike(disk: MemoryDisk, pattern: RegExp): string {
  return disk.names().find((name) => pattern.test(name)) ?? assert.fail(`Nothing is named like ${pattern.source}.`);
}

/** A store with notes 0 to `count` - 1, each in a record of its own, and where each record ends in the journal. */
export async function storeOf(count: number): Promise<{ disk: MemoryDisk; journal: string; ends: number[] }> {
  const disk = new MemoryDisk();
  const window = new NotesWindow('maker', disk.filesOf('maker'));
  await window.call(listNotes);
  const journal = nameLike(disk, /^journal-1-/);
  const ends = [disk.bytesOf(journal).length];
  for (let i = 0; i < count; i++) {
    await window.call(putNote, { id: `${i}`, text: `text ${i}` });
    ends.push(disk.bytesOf(journal).length);
  }
  window.discard();
  return { disk, journal, ends };
}

/** What `listNotes` answers of the first `count` notes of `storeOf`. */
export const notes = (count: number) => Array.from({ length: count }, (_, i) => `${i}:1`);
