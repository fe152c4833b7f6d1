import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { HearthlinkError } from '../shared/errors.ts';
import type { Timers } from '../shared/ports.ts';
import { checkedLines } from './checked-lines.ts';
import { type Asked, errorOfAnswer, errorOfTransport, wrongServer } from './ollama-errors.ts';

export interface FetchLimits {
  /** How long the connection may take to open, in milliseconds. */
  readonly connectMs: number;
  /**
   * How long the first byte of the answer may take, in milliseconds; null for no limit: a chat's headers come with its first
   * token, which may be minutes away while a model loads and reads.
   */
  readonly answerMs: number | null;
}

export interface FetchOptions extends FetchLimits {
  readonly asked: Asked;
  readonly timers: Timers;
  /** Ends the request at any point, before its first byte too. */
  readonly signal: AbortSignal;
}

const longestErrorText = 64 * 1024;

/**
 * A `fetch` for one request of the `ollama` package: over `node:http`, without a proxy, without Node's own time limits,
 * without redirects, and with the caller's signal. Answers are checked as they arrive, so that it fails with a
 * HearthlinkError in the server's own words, and never gives the package a body that is not JSON.
 */
export function createOllamaFetch(options: FetchOptions): typeof fetch {
  return async (input, init = {}) => {
    const signal = init.signal ? AbortSignal.any([options.signal, init.signal]) : options.signal;
    try {
      signal.throwIfAborted();
      const answer = await send(new URL(input instanceof Request ? input.url : input), init, options, signal);
      return await checkedResponse(answer, options.asked);
    } catch (error) {
      throw signal.aborted ? signal.reason : errorOfTransport(error, options.asked);
    }
  };
}

function send(url: URL, init: RequestInit, options: FetchOptions, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const body = typeof init.body === 'string' ? Buffer.from(init.body) : undefined;
    const headers: Record<string, string> = Object.fromEntries(new Headers(init.headers));
    if (body !== undefined) headers['content-length'] = String(body.byteLength);
    // A connection of its own for each request: one that was kept may be closed by the server just as it is used.
    const agent = new (url.protocol === 'https:' ? https : http).Agent({ keepAlive: false });
    // Not `http.request`: VS Code replaces that, for extensions, by one that sends requests through its proxy settings. What
    // is said to a model is to reach the endpoint and nothing else.
    const request = new http.ClientRequest({ ...urlToHttpOptions(url), method: init.method ?? 'GET', headers, agent });
    const stopLimits = limit(request, options);
    const abort = (): void => {
      (answer ?? request).destroy();
    };
    let answer: IncomingMessage | undefined;
    signal.addEventListener('abort', abort, { once: true });
    request.once('response', (arrived) => {
      stopLimits();
      answer = arrived;
      resolve(arrived);
    });
    // Stays for the whole exchange: what fails after the answer has begun is reported by the answer as well.
    request.on('error', (error) => {
      stopLimits();
      reject(error);
    });
    request.once('close', () => {
      signal.removeEventListener('abort', abort);
    });
    request.end(body);
  });
}

/** Starts the timers of a request; the result ends them. */
function limit(request: http.ClientRequest, { connectMs, answerMs, asked, timers }: FetchOptions): () => void {
  const stopConnect = timers.after(connectMs, () => {
    const detail = `no connection within ${String(connectMs / 1000)} s`;
    request.destroy(new HearthlinkError('model-not-running', { endpoint: asked.endpoint, detail }));
  });
  request.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', stopConnect);
    else stopConnect();
  });
  const stopAnswer =
    answerMs === null
      ? undefined
      : timers.after(answerMs, () => {
          request.destroy(new HearthlinkError('model-silent', { endpoint: asked.endpoint, seconds: answerMs / 1000 }));
        });
  return () => {
    stopConnect();
    stopAnswer?.();
  };
}

async function checkedResponse(answer: IncomingMessage, asked: Asked): Promise<Response> {
  const status = answer.statusCode ?? 0;
  const contentType = answer.headers['content-type'] ?? '';
  if (status >= 300 && status < 400) {
    answer.destroy();
    throw wrongServer(asked, `${String(status)} ${answer.headers.location ?? ''}`.trim());
  }
  if (status < 200 || status > 299) throw errorOfAnswer(status, contentType, await readText(answer), asked);
  if (!contentType.includes('json')) {
    answer.destroy();
    throw wrongServer(asked, `${String(status)} ${contentType}`.trim());
  }
  const chunks = contentType.includes('ndjson') ? checkedLines(bytesOf(answer), asked) : bytesOf(answer);
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const next = await chunks.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: () => {
        answer.destroy();
      },
    },
    // Nothing is read ahead: what has come is handed on before a failure that follows it.
    { highWaterMark: 0 },
  );
  return new Response(body, { status, headers: { 'content-type': contentType } });
}

async function* bytesOf(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  for await (const chunk of answer) if (chunk instanceof Uint8Array) yield chunk;
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytesOf(answer)) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > longestErrorText) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
