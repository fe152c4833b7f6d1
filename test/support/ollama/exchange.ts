import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { until } from './waiting.ts';

/** How the lines of a stream are cut into writes. A client must read them all alike. */
export type Framing = 'line-per-write' | 'one-write' | 'byte-per-write' | 'no-last-newline';

/** What the server saw of one request, and what became of it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON; the text itself where it is none; undefined without a body. */
  readonly body: unknown;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The client went away before the answer was complete. */
  readonly aborted: boolean;
  /** Lines of a stream that were sent so far. */
  readonly linesSent: number;
  /** Settles when the answer is complete or the client is gone. */
  readonly finished: Promise<void>;
  /** Resolves when that many lines were sent; rejects when the exchange ends before. */
  sentLines(count: number): Promise<void>;
}

/** One request and its answer. Everything a route does goes through here, so that it is recorded. */
export class Exchange implements RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly at: number;
  readonly finished: Promise<void>;
  aborted = false;
  linesSent = 0;
  readonly #response: ServerResponse;
  readonly #left = new AbortController();
  readonly #lineWaiters = new Set<() => void>();
  #held = '';
  #framing: Framing = 'line-per-write';
  #cutByUs = false;

  constructor(request: IncomingMessage, response: ServerResponse, body: unknown) {
    this.method = request.method ?? 'GET';
    this.path = new URL(request.url ?? '/', 'http://scripted').pathname;
    this.headers = request.headers;
    this.body = body;
    this.at = Date.now();
    this.#response = response;
    this.finished = new Promise((resolve) => {
      response.once('close', () => {
        this.aborted = !response.writableFinished && !this.#cutByUs;
        this.#left.abort();
        this.#wakeLineWaiters();
        resolve();
      });
    });
  }

  /** Aborted as soon as the client is gone; what a route waits for must end with it. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  isGone(): boolean {
    return this.#left.signal.aborted;
  }

  sentLines(count: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): boolean => {
        if (this.linesSent >= count) resolve();
        else if (this.isGone()) reject(new Error(`Ended after ${String(this.linesSent)} of ${String(count)} lines.`));
        else return false;
        this.#lineWaiters.delete(check);
        return true;
      };
      if (!check()) this.#lineWaiters.add(check);
    });
  }

  json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
    this.#response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
    this.#response.end(goJson(value));
  }

  /** An error before any byte of a reply, in the server's words. */
  refuse(status: number, error: string): void {
    this.json(status, { error });
  }

  raw(status: number, headers: Readonly<Record<string, string>>, text: string): void {
    this.#response.writeHead(status, headers);
    this.#response.end(text);
  }

  openStream(framing: Framing): void {
    this.#framing = framing;
    this.#response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    this.#response.flushHeaders();
  }

  async line(value: unknown): Promise<void> {
    if (this.isGone()) return;
    await this.#write(`${goJson(value)}\n`);
    this.linesSent++;
    this.#wakeLineWaiters();
  }

  endStream(): void {
    if (this.isGone()) return;
    if (this.#framing === 'no-last-newline') this.#held = this.#held.replace(/\n$/, '');
    this.#response.end(this.#held);
  }

  /** The server dies: the socket is closed without an end. */
  cut(): void {
    this.#cutByUs = true;
    this.#response.destroy();
  }

  async #write(line: string): Promise<void> {
    switch (this.#framing) {
      case 'line-per-write':
        await this.#flush(line);
        return;
      case 'one-write':
        this.#held += line;
        return;
      case 'no-last-newline':
        await this.#flush(this.#held);
        this.#held = line;
        return;
      case 'byte-per-write':
        for (const byte of Buffer.from(line)) await this.#flush(Uint8Array.of(byte));
    }
  }

  /** Until the bytes are on their way, so that a cut that follows does not take them back; or until the client is gone. */
  async #flush(bytes: string | Uint8Array): Promise<void> {
    const written = new Promise((resolve) => {
      this.#response.write(bytes, resolve);
    });
    await until(written, this.left);
  }

  #wakeLineWaiters(): void {
    for (const wake of [...this.#lineWaiters]) wake();
  }
}

/** JSON as Go writes it: `<`, `>` and `&` escaped, so that a client that cuts text by hand is found out. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}
