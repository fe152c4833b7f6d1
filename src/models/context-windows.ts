import { HearthlinkError } from '../shared/errors.ts';
import type { Log } from '../shared/ports.ts';
import { fullName, isSameModel } from './model-name.ts';
import type { OllamaClient } from './ollama-client.ts';

/** Below these shares of what was expected, a count of prompt tokens means that a part was dropped. */
const cut = { counted: 0.6, window: 0.9 };

/** Reads back which context window the server gave a model: it may be smaller than asked for, without a word. */
export class ContextWindows {
  readonly #client: OllamaClient;
  readonly #log: Log;
  readonly #given = new Map<string, number>();

  constructor(client: OllamaClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  /** Tokens; what was asked for, until it has been read back. */
  given(model: string, asked: number): number {
    return Math.min(asked, this.#given.get(key(model, asked)) ?? asked);
  }

  /** Asks once per model and size, after a reply has shown that it is loaded. */
  async readBack(model: string, asked: number, signal: AbortSignal): Promise<void> {
    if (this.#given.has(key(model, asked))) return;
    try {
      const running = await this.#client.running(signal);
      const given = running.find(({ name }) => isSameModel(name, model))?.context_length;
      if (given === undefined) return;
      this.#given.set(key(model, asked), given);
      if (given < asked) this.#log.warn('the server gave a smaller context window', { model, asked, given });
    } catch (error) {
      this.#log.debug('the context window could not be read back', { code: HearthlinkError.from(error).code });
    }
  }
}

/**
 * True where the server seems to have dropped a part of the prompt, as servers do that do not know `truncate`: a prompt
 * that was expected to fill the window was counted as much less. All in tokens.
 */
export function looksCut({ expected, counted, window }: { expected: number; counted: number; window: number }): boolean {
  return expected > window * cut.window && counted < expected * cut.counted;
}

function key(model: string, asked: number): string {
  return `${fullName(model)} ${String(asked)}`;
}
