import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { storeFileError } from '../store/files/file-error.ts';

/** What is kept of a log: enough for some days, and no more than a photo takes. */
export const recentLogBytes = 1024 * 1024;

/** As VS Code writes it: local time, level, text. */
const logLine = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) \[(\w{1,20})\] (.*)$/;

/**
 * The end of a log file as lines of JSON, `{at, level, text}` each; of a line that has no time of its own, `{text}`. A line without a
 * line feed behind it is still being written, and left out.
 * @param mostBytes of the file, from its end; a line that begins before is left out
 * @throws HearthlinkError where the file cannot be read
 */
export async function* recentLog(file: string, mostBytes = recentLogBytes): AsyncGenerator<Uint8Array> {
  try {
    const { size } = await stat(file);
    const start = Math.max(0, size - mostBytes);
    // From one byte before, so that a line that begins just there is known to be whole.
    let isInLine = start > 0;
    let rest = '';
    for await (const piece of createReadStream(file, { encoding: 'utf8', start: Math.max(0, start - 1), end: Math.max(0, size - 1) })) {
      const lines = (rest + String(piece)).split('\n');
      rest = lines.pop() ?? '';
      const whole = isInLine ? lines.slice(1) : lines;
      isInLine &&= lines.length === 0;
      if (whole.length > 0) yield Buffer.from(whole.map(jsonLine).join(''));
    }
  } catch (error) {
    throw storeFileError(error);
  }
}

function jsonLine(line: string): string {
  const [, at, level, text = line.trimEnd()] = logLine.exec(line.trimEnd()) ?? [];
  return `${JSON.stringify({ at, level, text })}\n`;
}
