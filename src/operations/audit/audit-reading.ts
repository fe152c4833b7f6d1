import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { storeFileError } from '../../store/files/file-error.ts';
import { readSegmentEnd, segmentsIn } from './audit-folder.ts';
import { decodeAuditLine, type AuditRecord } from './audit-record.ts';

/** Read at once. */
const pieceBytes = 256 * 1024;

/** A line as it stands in a file; `record` is null for one that is no line of a record. */
export interface AuditLine {
  readonly file: string;
  /** In the file, from 1. */
  readonly number: number;
  readonly text: string;
  readonly record: AuditRecord | null;
}

/**
 * All lines, oldest first, a piece of a file at a time, so that nobody is held up by a long record. What has no line feed behind it
 * is being written, or was never finished, and is no line.
 */
export async function* auditLines(folder: string): AsyncGenerator<AuditLine> {
  try {
    for (const file of await segmentsIn(folder)) {
      let number = 0;
      let rest = '';
      for await (const piece of createReadStream(path.join(folder, file), { encoding: 'utf8' })) {
        const lines = (rest + String(piece)).split('\n');
        rest = lines.pop() ?? '';
        for (const text of lines) yield { file, number: ++number, text, record: decodeAuditLine(text) };
      }
    }
  } catch (error) {
    throw storeFileError(error);
  }
}

/** The record as it stands: its segments one behind the other, each up to the end of its last whole line. */
export async function* auditBytes(folder: string): AsyncGenerator<Uint8Array> {
  try {
    for (const name of await segmentsIn(folder)) yield* wholeLinesOf(path.join(folder, name));
  } catch (error) {
    throw storeFileError(error);
  }
}

async function* wholeLinesOf(segment: string): AsyncGenerator<Uint8Array> {
  const file = await open(segment, 'r');
  try {
    const { bytes } = await readSegmentEnd(file);
    for (let at = 0; at < bytes;) {
      const length = Math.min(pieceBytes, bytes - at);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}
