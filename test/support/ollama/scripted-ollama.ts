import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerChat } from './chat-route.ts';
import { ChatScript } from './chat-script.ts';
import { answerEmbed, EmbedScript } from './embed-route.ts';
import { Exchange, type Framing, type RecordedRequest } from './exchange.ts';
import { answerPs, answerShow, answerTags } from './model-routes.ts';
import { ModelRunners, type RunnerLimits } from './model-runners.ts';
import { answerPull, PullScript } from './pull-route.ts';
import { chatModel, embeddingModel, type ScriptedModel, withTag } from './scripted-model.ts';

export interface ScriptedOllamaOptions {
  /** Default: `hearth-chat` and `hearth-embed`. */
  readonly models?: readonly ScriptedModel[];
  readonly version?: string;
  /** Default: any free one. */
  readonly port?: number;
  /** For answers that do not name their own. */
  readonly framing?: Framing;
  readonly limits?: Partial<RunnerLimits>;
}

/** An answer that takes the place of a route's own. */
export interface RawAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Nothing is sent before this settles; never, for a server that accepts and does not answer. */
  readonly hold?: Promise<unknown>;
}

/**
 * A server that speaks Ollama's protocol over real HTTP and answers by a script. Each test starts its own:
 *
 *     await using ollama = await startScriptedOllama();
 *     ollama.chat.answers('Hello there.');
 *     ...
 *     assert.equal(ollama.requests('/api/chat').length, 1);
 */
export interface ScriptedOllama extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Answers to chat requests without `format`. */
  readonly chat: ChatScript;
  /** Answers to chat requests with `format`; without a script, an instance of the schema that was sent. */
  readonly structured: ChatScript;
  readonly embeddings: EmbedScript;
  readonly pulls: PullScript;
  readonly runners: ModelRunners;
  /** The models there are; change it at will. */
  readonly models: ScriptedModel[];
  /** All requests so far, oldest first; of one path, or of all. */
  requests(path?: string): readonly RecordedRequest[];
  /** The next request to a path that arrives from now on. */
  nextRequest(path: string): Promise<RecordedRequest>;
  /** Requests to the path are answered so: `times` of them, or all from now on. */
  replace(path: string, answer: RawAnswer, times?: number): void;
  /** Ends all connections and closes the port: from now on it refuses. */
  stop(): Promise<void>;
  /** Listens again on the same port, with nothing in memory. */
  restart(): Promise<void>;
}

export async function startScriptedOllama(options: ScriptedOllamaOptions = {}): Promise<ScriptedOllama> {
  const models = [...(options.models ?? [chatModel('hearth-chat'), embeddingModel('hearth-embed')])];
  const chat = new ChatScript();
  const structured = new ChatScript();
  const embeddings = new EmbedScript();
  const pulls = new PullScript();
  const runners = new ModelRunners({ maxLoaded: 3, maxQueue: 512, ...options.limits });
  const recorded: Exchange[] = [];
  const arrivals = new Set<{ readonly path: string; readonly resolve: (request: RecordedRequest) => void }>();
  const replacements: { readonly path: string; readonly answer: RawAnswer; left: number }[] = [];
  const find = (name: string): ScriptedModel | undefined =>
    models.find((model) => model.name.toLowerCase() === withTag(name).toLowerCase());
  const framing = options.framing ?? 'line-per-write';

  async function answer(exchange: Exchange): Promise<void> {
    if (!isLocalCaller(exchange)) {
      exchange.raw(403, {}, '');
      return;
    }
    const replacement = replacements.find(({ path, left }) => path === exchange.path && left > 0);
    if (replacement !== undefined) {
      replacement.left--;
      await answerRaw(exchange, replacement.answer);
      return;
    }
    switch (`${exchange.method} ${exchange.path}`) {
      case 'GET /':
      case 'HEAD /':
        exchange.raw(200, { 'Content-Type': 'text/plain; charset=utf-8' }, exchange.method === 'GET' ? 'Ollama is running' : '');
        return;
      case 'GET /api/version':
        exchange.json(200, { version: options.version ?? '0.33.0' });
        return;
      case 'GET /api/tags':
        answerTags(exchange, models);
        return;
      case 'GET /api/ps':
        answerPs(exchange, runners.loaded());
        return;
      case 'POST /api/show':
        answerShow(exchange, find);
        return;
      case 'POST /api/chat':
        await answerChat(exchange, { plain: chat, structured, runners, framing, find });
        return;
      case 'POST /api/embed':
        await answerEmbed(exchange, { script: embeddings, runners, find });
        return;
      case 'POST /api/pull':
        await answerPull(exchange, { script: pulls, models, framing });
        return;
      default:
        exchange.raw(404, { 'Content-Type': 'text/plain' }, '404 page not found');
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = new Exchange(request, response, await readBody(request));
    recorded.push(exchange);
    for (const arrival of [...arrivals]) {
      if (arrival.path !== exchange.path) continue;
      arrivals.delete(arrival);
      arrival.resolve(exchange);
    }
    await answer(exchange);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
      if (!request.destroyed) throw error;
    });
  });
  const port = await listen(server, options.port ?? 0);
  const stop = async (): Promise<void> => {
    runners.unloadAll();
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    chat,
    structured,
    embeddings,
    pulls,
    runners,
    models,
    requests: (path) => recorded.filter((request) => path === undefined || request.path === path),
    nextRequest: (path) => new Promise((resolve) => arrivals.add({ path, resolve })),
    replace: (path, raw, times = Infinity) => {
      replacements.unshift({ path, answer: raw, left: times });
    },
    stop,
    [Symbol.asyncDispose]: stop,
    restart: async () => {
      await listen(server, port);
    },
  };
}

/** A server on loopback refuses pages and names from elsewhere, with an empty body. */
function isLocalCaller({ headers }: RecordedRequest): boolean {
  const host = headers.host?.replace(/:\d+$/, '') ?? '';
  const knownHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.(local|localhost|internal))$/.test(host);
  const { origin } = headers;
  return knownHost && (origin === undefined || /^(vscode-webview:|vscode-file:|https?:\/\/(localhost|127\.0\.0\.1)(:|$))/.test(origin));
}

async function answerRaw(exchange: Exchange, answer: RawAnswer): Promise<void> {
  if (answer.hold !== undefined) {
    await Promise.race([answer.hold, new Promise((resolve) => { exchange.left.addEventListener('abort', resolve); })]);
  }
  if (exchange.isGone()) return;
  exchange.raw(answer.status, { 'Content-Type': 'application/json; charset=utf-8', ...answer.headers }, answer.body ?? '');
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The server has no port.'));
      else resolve(address.port);
    });
  });
}
