import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, Log, Timers } from '../shared/ports.ts';
import type { ReplyEnd } from '../store/message-port.ts';
import type { Transcript } from './transcript.ts';

/** For how long a reply belongs to the window that writes it; renewed well before. */
export const replyLeaseMs = 15_000;

/** Below a second, so that with the time a flush takes a streamed word is still stored within one. */
const storeEveryMs = 800;
const renewEveryMs = 5_000;

export interface ReplyWriterParts {
  readonly transcript: Pick<Transcript, 'appendReply'>;
  readonly holder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

type Chunk = Pick<ReplyEnd, 'sequence' | 'text' | 'thinking'>;

/**
 * Stores a reply as it streams: what has come at least once a second, and the lease every five seconds while nothing comes.
 * A chunk that could not be stored is kept and stored again with the next one, in order and unchanged.
 */
export class ReplyWriter {
  readonly #parts: ReplyWriterParts;
  readonly #messageId: string;
  #text = '';
  #thinking = '';
  #sequence = 0;
  #unsaved: Chunk | null = null;
  #lastWrite: number;
  #writing: Promise<void> = Promise.resolve();
  #cancelTimer: () => void = () => undefined;
  #closed = false;

  constructor(parts: ReplyWriterParts, messageId: string) {
    this.#parts = parts;
    this.#messageId = messageId;
    this.#lastWrite = parts.clock.now();
    this.#schedule();
  }

  add(text: string, thinking: string): void {
    this.#text += text;
    this.#thinking += thinking;
  }

  /**
   * Ends the storing in chunks and answers what is left for the reply's end.
   * @throws HearthlinkError of the store when an earlier chunk can still not be stored.
   */
  async close(): Promise<Chunk> {
    this.#closed = true;
    this.#cancelTimer();
    await this.#writing;
    if (this.#unsaved !== null) await this.#append(this.#unsaved);
    return { sequence: this.#sequence, text: this.#text, thinking: this.#thinking };
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#cancelTimer = this.#parts.timers.after(storeEveryMs, () => {
      this.#writing = this.#store();
    });
  }

  async #store(): Promise<void> {
    const chunk = this.#unsaved ?? { sequence: this.#sequence, text: wholeCharacters(this.#text), thinking: wholeCharacters(this.#thinking) };
    const isEmpty = chunk.text === '' && chunk.thinking === '';
    if (!isEmpty || this.#parts.clock.now() - this.#lastWrite >= renewEveryMs) {
      try {
        await this.#append(chunk);
      } catch (error) {
        this.#parts.log.warn('A part of a reply is not stored yet.', { code: HearthlinkError.from(error).code });
      }
    }
    this.#schedule();
  }

  async #append(chunk: Chunk): Promise<void> {
    if (this.#unsaved === null) {
      this.#unsaved = chunk;
      this.#text = this.#text.slice(chunk.text.length);
      this.#thinking = this.#thinking.slice(chunk.thinking.length);
    }
    const at = this.#parts.clock.now();
    const { holder } = this.#parts;
    await this.#parts.transcript.appendReply({ ...chunk, messageId: this.#messageId, holder, leaseUntil: at + replyLeaseMs, at });
    this.#unsaved = null;
    this.#sequence = chunk.sequence + 1;
    this.#lastWrite = at;
  }
}

/** `text` without a last half of a surrogate pair, whose other half is still to come. */
function wholeCharacters(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
