import { createReadStream } from 'node:fs';
import path from 'node:path';
import { storeFileError } from '../../store/files/file-error.ts';
import { segmentsIn } from './audit-folder.ts';
import { decodeAuditLine, type AuditRecord } from './audit-record.ts';

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
