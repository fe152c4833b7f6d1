import { foldedText } from '../folded-text.ts';
import type { BytePatterns } from './byte-patterns.ts';
import { headerBytes, pageSizeOf, spansPages } from './page-breaks.ts';

/** Read at once. */
export const partBytes = 1 << 20;
/** Read again with the next part: longer than any form of the longest text. */
const overlapBytes = 16 * 1024;

/** Bytes that can be read in any order: of a file, or in memory. Fewer are given at the end. */
export interface SearchedBytes {
  readonly size: number;
  read(position: number, length: number): Promise<Buffer>;
  readNow(position: number, length: number): Buffer;
}

/** Whether a text stands in the bytes from `from` to `to`, or begins there. Between two parts other calls have their turn. */
export async function standsIn(bytes: SearchedBytes, { from, to }: { readonly from: number; readonly to: number }, patterns: BytePatterns): Promise<boolean> {
  const pageSize = pageSizeOf(await bytes.read(0, headerBytes));
  for (let at = from; at < to; at += partBytes) {
    if (holds(await bytes.read(at, partBytes + overlapBytes), patterns)) return true;
    if (pageSize !== null && (await spansPagesIn(bytes, { at, end: Math.min(bytes.size, at + partBytes), pageSize }, patterns.narrow))) return true;
    await nextTurn();
  }
  return false;
}

/** What an archive's part or another whole thing in memory looks like to a search. */
export function bytesInMemory(whole: Buffer): SearchedBytes {
  const readNow = (position: number, length: number): Buffer => whole.subarray(position, position + length);
  return { size: whole.length, readNow, read: (position, length) => Promise.resolve(readNow(position, length)) };
}

function holds(bytes: Buffer, patterns: BytePatterns): boolean {
  if (patterns.wide.some((pattern) => bytes.includes(pattern))) return true;
  // What is no text becomes a sign that no text holds.
  const text = foldedText(bytes.toString('utf8'));
  return patterns.folded.some((pattern) => text.includes(pattern));
}

interface PageRange {
  readonly at: number;
  readonly end: number;
  readonly pageSize: number;
}

/** Pages begin at multiples of their size, and so do the parts. */
async function spansPagesIn(source: SearchedBytes, { at, end, pageSize }: PageRange, patterns: readonly Buffer[]): Promise<boolean> {
  const bytes = await source.read(at, end - at);
  const pages = Math.ceil(source.size / pageSize);
  const read = (page: number): Buffer => {
    const found = source.readNow((page - 1) * pageSize, pageSize);
    return found.length === pageSize ? found : Buffer.concat([found], pageSize);
  };
  for (let offset = 0; offset < bytes.length; offset += pageSize) {
    if (spansPages(bytes.subarray(offset, offset + pageSize), patterns, pages, read)) return true;
  }
  return false;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
