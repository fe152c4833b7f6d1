import { HearthlinkError } from '../shared/errors.ts';
import { type Asked, errorOfTransport } from './ollama-errors.ts';

const newline = 0x0a;

/**
 * The bytes of an answer as they come, cut at line ends, each line checked to be JSON. The `ollama` package skips a line
 * that is none and writes it to the console: a token would be lost, and a person's words be found in a log.
 */
export async function* checkedLines(answer: AsyncIterable<Uint8Array>, asked: Asked): AsyncGenerator<Uint8Array> {
  let held = Buffer.alloc(0);
  try {
    for await (const chunk of answer) {
      held = held.byteLength === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
      const end = held.lastIndexOf(newline) + 1;
      if (end === 0) continue;
      const lines = held.subarray(0, end);
      held = held.subarray(end);
      check(lines, asked);
      yield lines;
    }
  } catch (error) {
    throw errorOfTransport(error, asked);
  }
  if (held.byteLength === 0) return;
  check(held, asked);
  yield held;
}

function check(lines: Uint8Array, asked: Asked): void {
  for (const line of Buffer.from(lines).toString('utf8').split('\n')) {
    if (line.trim() === '') continue;
    try {
      JSON.parse(line);
    } catch {
      // Without the cause: its message quotes the line.
      const model = asked.model === undefined ? {} : { model: asked.model };
      throw new HearthlinkError('model-stream-cut', { ...model, detail: 'a line of the answer is not JSON' });
    }
  }
}
