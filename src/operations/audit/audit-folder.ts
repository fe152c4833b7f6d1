import { open, readFile, readdir, rename, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { systemCode } from '../../store/files/file-error.ts';
import { decodeAuditLine, hashOfLine, type ChainEnd } from './audit-record.ts';

/** The files of a record: segments named by their first line's number, and HEAD with the end of the chain. */

const headFile = 'HEAD';
/** Longer than any line is. */
const longestLineBytes = 16 * 1024;

const headSchema = z.object({ sequence: z.int().nonnegative(), hash: z.string() });

export function segmentName(firstSequence: number): string {
  return `activity-${String(firstSequence).padStart(10, '0')}.jsonl`;
}

/** Null for what is no segment. */
export function firstSequenceOf(name: string): number | null {
  const digits = /^activity-(\d{10,})\.jsonl$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Names of all segments, oldest first; none where there is no folder. */
export async function segmentsIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => firstSequenceOf(name) !== null).sort((a, b) => Number(firstSequenceOf(a)) - Number(firstSequenceOf(b)));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Where the chain was when somebody last wrote; it is written after the lines, so it may be behind. Null: not there, or not readable. */
export async function readHead(folder: string): Promise<ChainEnd | null> {
  try {
    return headSchema.parse(JSON.parse(await readFile(path.join(folder, headFile), 'utf8')));
  } catch {
    return null;
  }
}

export async function writeHead(folder: string, head: ChainEnd): Promise<void> {
  const file = path.join(folder, headFile);
  await writeFile(`${file}.new`, `${JSON.stringify(head)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export async function openForAppending(folder: string, name: string): Promise<FileHandle> {
  return open(path.join(folder, name), 'a+', 0o600);
}

/** What a segment ends with. */
export interface SegmentEnd {
  /** Bytes up to and with the last line feed; what stands behind was never finished. */
  readonly bytes: number;
  /** Null where the segment has no whole line. */
  readonly line: string | null;
}

export async function readSegmentEnd(file: FileHandle): Promise<SegmentEnd> {
  const { size } = await file.stat();
  const start = Math.max(0, size - 2 * longestLineBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
  const tail = buffer.subarray(0, bytesRead);
  const lastFeed = tail.lastIndexOf(0x0a);
  if (lastFeed < 0) return { bytes: start, line: null };
  const lineStart = tail.subarray(0, lastFeed).lastIndexOf(0x0a) + 1;
  return { bytes: start + lastFeed + 1, line: tail.toString('utf8', lineStart, lastFeed) };
}

/** Where a chain is behind a line. The number of one that was made unreadable is taken to be the one that HEAD remembers. */
export function endOfLine(line: string, head: ChainEnd | null): ChainEnd {
  return { sequence: decodeAuditLine(line)?.sequence ?? head?.sequence ?? 0, hash: hashOfLine(line) };
}
