import * as z from 'zod';
import { HearthlinkError, type ErrorCode, type ErrorParameters } from '../shared/errors.ts';

/** What a failed request was about; it stands in the error's parameters. */
export interface Asked {
  readonly endpoint: string;
  readonly model?: string;
}

const wordsInJson = z.object({ error: z.string() });
/** The engine's own answer, which the server relays as a JSON text inside `error`. */
const engineError = z.object({
  error: z.object({
    message: z.string(),
    type: z.string().optional(),
    n_prompt_tokens: z.number().optional(),
    n_ctx: z.number().optional(),
  }),
});

/** The error for an answer with a status above 299. `body` is all of its text. */
export function errorOfAnswer(status: number, contentType: string, body: string, asked: Asked): HearthlinkError {
  if (!contentType.includes('json')) {
    return wrongServer(asked, `${String(status)} ${contentType === '' ? '' : body.trim().slice(0, 200)}`.trim());
  }
  const words = wordsInJson.safeParse(parseJson(body)).data?.error;
  return errorOfWords(words ?? body.slice(0, 500), status, asked);
}

/** The error for the server's own words; `status` is null for words in the middle of a stream, where the status was 200. */
export function errorOfWords(words: string, status: number | null, asked: Asked): HearthlinkError {
  const engine = engineError.safeParse(parseJson(words));
  const detail = engine.data?.error.message ?? words;
  const parameters: Record<string, string | number> = { ...modelOf(asked), detail };
  if (status !== null) parameters['status'] = status;
  if (isOverflow(detail, engine.data?.error.type)) {
    if (engine.data?.error.n_prompt_tokens !== undefined) parameters['promptTokens'] = engine.data.error.n_prompt_tokens;
    if (engine.data?.error.n_ctx !== undefined) parameters['contextTokens'] = engine.data.error.n_ctx;
    return new HearthlinkError('model-context-overflow', parameters);
  }
  const code = codeOf(status, detail);
  return code === 'model-wrong-server' ? wrongServer(asked, `${String(status)} ${detail}`.trim()) : new HearthlinkError(code, parameters);
}

/** The error for a request that got no answer, or whose answer broke off. */
export function errorOfTransport(error: unknown, asked: Asked): HearthlinkError {
  if (HearthlinkError.is(error)) return error;
  const detail = error instanceof Error ? error.message : String(error);
  const code = systemCode(error);
  if (unreachable.has(code)) return new HearthlinkError('model-not-running', { endpoint: asked.endpoint, detail }, error);
  if (/^(EPROTO|ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HPE_)/.test(code)) return wrongServer(asked, detail, error);
  if (code !== '') return new HearthlinkError('model-stream-cut', { ...modelOf(asked), detail }, error);
  return new HearthlinkError('model-server-error', { ...modelOf(asked), detail }, error);
}

/** What answers there does not speak the protocol. */
export function wrongServer(asked: Asked, detail: string, cause?: unknown): HearthlinkError {
  return new HearthlinkError('model-wrong-server', { endpoint: asked.endpoint, detail }, cause);
}

/** True where the same request may succeed a little later: transport, the server's own faults, output that does not parse. */
export function isTransient(error: HearthlinkError): boolean {
  if (error.code === 'model-server-error') {
    const status = error.parameters['status'];
    return typeof status !== 'number' || status >= 500;
  }
  return transientCodes.has(error.code);
}

/** True where the server itself failed or was not there, whatever was asked of it. */
export function isServerFault(error: HearthlinkError): boolean {
  return error.code === 'model-wrong-server' || (error.code !== 'model-bad-output' && isTransient(error));
}

const transientCodes: ReadonlySet<ErrorCode> = new Set([
  'model-not-running',
  'model-busy',
  'model-load-failed',
  'model-crashed',
  'model-stream-cut',
  'model-silent',
  'model-bad-output',
]);

const unreachable: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
]);

function codeOf(status: number | null, detail: string): ErrorCode {
  if (status === 404 && /not found|does not exist/i.test(detail)) return 'model-missing';
  if (status === null && /file does not exist/i.test(detail)) return 'model-missing';
  if (status === 404 || status === 405 || status === 403 || status === 401) return 'model-wrong-server';
  if (status === 503) return 'model-busy';
  if (status === 501 || /does not support|missing data required for image/i.test(detail)) return 'model-unsupported';
  if (/invalid tool call arguments/i.test(detail)) return 'model-bad-output';
  if (/load(ing)? (the )?model|failed to load|timed out waiting for|more system memory|insufficient memory/i.test(detail)) return 'model-load-failed';
  if (/unexpected EOF|terminated|exited|crash|unexpectedly stopped/i.test(detail)) return 'model-crashed';
  return 'model-server-error';
}

function isOverflow(detail: string, type: string | undefined): boolean {
  return type === 'exceed_context_size_error' || /exceeds? the (available )?context|longer than the context/i.test(detail);
}

function modelOf({ model }: Asked): ErrorParameters {
  return model === undefined ? {} : { model };
}

function systemCode(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    const inner: unknown = current instanceof AggregateError ? current.errors[0] : undefined;
    if (inner !== undefined) return systemCode(inner);
  }
  return '';
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
