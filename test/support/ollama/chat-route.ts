import type * as z from 'zod';
import type { ChatAnswer, ChatScript } from './chat-script.ts';
import type { Exchange, Framing } from './exchange.ts';
import type { ModelRunners, Turn } from './model-runners.ts';
import { chatBody, type ChatBody } from './request-bodies.ts';
import { schemaInstance, schemaRefusal } from './schema-instance.ts';
import { fitIntoContext } from './scripted-context.ts';
import type { ScriptedModel } from './scripted-model.ts';
import { pause, until } from './waiting.ts';

export interface ChatRoute {
  /** Answers to plain chat requests, and to those that ask for JSON. */
  readonly plain: ChatScript;
  readonly structured: ChatScript;
  readonly runners: ModelRunners;
  readonly framing: Framing;
  find(name: string): ScriptedModel | undefined;
}

/** `POST /api/chat`, with every check in the server's order and words. */
export async function answerChat(exchange: Exchange, route: ChatRoute): Promise<void> {
  const parsed = chatBody.safeParse(exchange.body);
  if (!parsed.success) {
    refuseBody(exchange, parsed.error);
    return;
  }
  const request = parsed.data;
  const model = route.find(request.model);
  if (model === undefined) {
    exchange.refuse(404, `model '${request.model}' not found`);
    return;
  }
  const refusal = abilityRefusal(request, model) ?? formatRefusal(request.format);
  if (refusal !== undefined) {
    exchange.refuse(refusal.status, refusal.error);
    return;
  }
  if (request.messages.length === 0) {
    await loadOrUnload(exchange, route, request, model);
    return;
  }
  const answer = scriptedAnswer(route, request);
  if (answer.refusal !== undefined) {
    exchange.refuse(answer.refusal.status, answer.refusal.error);
    return;
  }
  const turn = await route.runners.take(model, wishOf(request), exchange.left);
  if (turn === 'gone') return;
  if (turn === 'busy') {
    exchange.refuse(503, 'server busy, please try again.  maximum pending requests exceeded');
    return;
  }
  try {
    await reply({ exchange, request, model, answer, turn, framing: answer.framing ?? route.framing });
  } finally {
    turn.release();
  }
}

interface Reply {
  readonly exchange: Exchange;
  readonly request: ChatBody;
  readonly model: ScriptedModel;
  readonly answer: ChatAnswer;
  readonly turn: Turn;
  readonly framing: Framing;
}

async function reply(chat: Reply): Promise<void> {
  const { exchange, request, model, answer, turn } = chat;
  const started = performance.now();
  const fitted = fitIntoContext(request, model);
  if (fitted.refusal !== undefined) {
    exchange.refuse(400, fitted.refusal);
    return;
  }
  await pause(answer.promptMs ?? 0, exchange.left);
  await until(answer.hold, exchange.left);
  if (exchange.isGone()) return;

  const pieces = piecesOf(chat);
  const limit = request.options.num_predict ?? 2048;
  const spoken = pieces.slice(0, Math.min(limit, answer.endAfter ?? Infinity));
  if (!request.stream) {
    await answerWhole(chat, spoken, fitted.promptTokens, started);
    return;
  }
  exchange.openStream(chat.framing);
  const tokens = await stream(chat, spoken, limit);
  if (exchange.isGone()) return;
  const ending = answer.ending ?? 'done';
  if (ending === 'cut') {
    exchange.cut();
    return;
  }
  if (ending === 'done') {
    const reason = answer.doneReason ?? (pieces.length > limit ? 'length' : 'stop');
    await exchange.line(lastFrame(chat, { reason, tokens, promptTokens: fitted.promptTokens, started, loadMs: turn.loadMs }));
  } else if (ending !== 'no-done') {
    await exchange.line({ error: ending.error });
  }
  exchange.endStream();
}

type Piece = { readonly thinking: string } | { readonly text: string };

async function stream({ exchange, model, answer }: Reply, spoken: readonly Piece[], limit: number): Promise<number> {
  const holds = [answer.holdAfter ?? []].flat();
  const held = (): Promise<void> => until(holds.find((hold) => hold.tokens === tokens)?.until, exchange.left);
  let tokens = 0;
  do {
    for (const piece of spoken) {
      if (tokens >= limit || exchange.isGone()) return tokens;
      await held();
      await pause(answer.tokenMs ?? 0, exchange.left);
      await exchange.line(frame(model, piece));
      tokens++;
    }
    await held();
    if (answer.endless === true) await new Promise((resolve) => setImmediate(resolve));
  } while (answer.endless === true);
  return tokens;
}

async function answerWhole(chat: Reply, spoken: readonly Piece[], promptTokens: number, started: number): Promise<void> {
  const { exchange, answer, turn } = chat;
  await pause((answer.tokenMs ?? 0) * spoken.length, exchange.left);
  if (exchange.isGone()) return;
  if (typeof answer.ending === 'object') {
    exchange.refuse(500, answer.ending.error);
    return;
  }
  const content = spoken.map((piece) => ('text' in piece ? piece.text : '')).join('');
  const last = lastFrame(chat, { reason: answer.doneReason ?? 'stop', tokens: spoken.length, promptTokens, started, loadMs: turn.loadMs });
  exchange.json(200, { ...last, message: { ...last.message, content } });
}

function frame(model: ScriptedModel, piece: Piece): object {
  const message = 'text' in piece ? { role: 'assistant', content: piece.text } : { role: 'assistant', content: '', thinking: piece.thinking };
  return { model: model.name, created_at: new Date().toISOString(), message, done: false };
}

function lastFrame(
  { model, answer }: Reply,
  end: { reason: string; tokens: number; promptTokens: number; started: number; loadMs: number },
): { message: { role: string; content: string } } {
  const nanoseconds = (milliseconds: number): number => Math.round(milliseconds * 1e6);
  const calls = answer.toolCalls?.map((call, index) => ({
    id: `call_${String(index)}`,
    function: { index, name: call.name, arguments: call.arguments },
  }));
  return withoutZeros({
    model: model.name,
    created_at: new Date().toISOString(),
    message: { role: 'assistant', content: '', ...(calls === undefined ? {} : { tool_calls: calls }) },
    done: true,
    done_reason: end.reason,
    total_duration: nanoseconds(end.loadMs + performance.now() - end.started),
    load_duration: nanoseconds(end.loadMs),
    prompt_eval_count: answer.promptTokens ?? end.promptTokens,
    prompt_eval_duration: nanoseconds(answer.promptMs ?? 0),
    eval_count: end.tokens,
    eval_duration: nanoseconds((answer.tokenMs ?? 0) * end.tokens),
  });
}

/** The server leaves out counts and durations that are zero. */
function withoutZeros<T extends object>(value: T): T {
  for (const [key, held] of Object.entries(value)) if (held === 0) Reflect.deleteProperty(value, key);
  return value;
}

function scriptedAnswer(route: ChatRoute, request: ChatBody): ChatAnswer {
  if (request.format === undefined || request.format === '') {
    return route.plain.take(request) ?? { text: `You said: ${request.messages.at(-1)?.content ?? ''}` };
  }
  return route.structured.take(request) ?? { json: schemaInstance(request.format, request.options.seed ?? 0) };
}

function piecesOf({ request, model, answer }: Reply): readonly Piece[] {
  const thinks = model.capabilities.includes('thinking') && request.think !== false;
  const thought = answer.thinking ?? 'Let me think.';
  const said = answer.json === undefined ? (answer.text ?? '') : JSON.stringify(answer.json);
  return [...(thinks ? words(thought).map((thinking) => ({ thinking })) : []), ...words(said).map((text) => ({ text }))];
}

/** Words with the space before them, as models make them. */
function words(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/gu) ?? [];
}

async function loadOrUnload(exchange: Exchange, route: ChatRoute, request: ChatBody, model: ScriptedModel): Promise<void> {
  const unload = request.keep_alive === 0;
  if (unload) route.runners.unload(model.name);
  else {
    const turn = await route.runners.take(model, wishOf(request), exchange.left);
    if (typeof turn === 'string') return;
    turn.release();
  }
  exchange.json(200, {
    model: model.name,
    created_at: new Date().toISOString(),
    message: { role: 'assistant', content: '' },
    done: true,
    done_reason: unload ? 'unload' : 'load',
  });
}

function wishOf(request: ChatBody): { contextSize: number | undefined; keepAlive: string | number | undefined } {
  return { contextSize: request.options.num_ctx, keepAlive: request.keep_alive };
}

function abilityRefusal(request: ChatBody, model: ScriptedModel): { status: number; error: string } | undefined {
  const lacks = (capability: string): boolean => !model.capabilities.includes(capability);
  const name = JSON.stringify(request.model);
  if (lacks('completion')) return { status: 400, error: `${name} does not support chat` };
  if (request.tools !== undefined && request.tools.length > 0 && lacks('tools')) return { status: 400, error: `${name} does not support tools` };
  if (request.think !== undefined && request.think !== false && lacks('thinking')) return { status: 400, error: `${name} does not support thinking` };
  if (request.messages.some(({ images }) => (images?.length ?? 0) > 0) && lacks('vision')) {
    return { status: 400, error: 'this model is missing data required for image input' };
  }
  return undefined;
}

function formatRefusal(format: unknown): { status: number; error: string } | undefined {
  if (format === undefined || format === '' || format === 'json') return undefined;
  if (typeof format !== 'object' || format === null || Array.isArray(format)) {
    const error = `invalid format: ${JSON.stringify(JSON.stringify(format))}; expected "json" or a valid JSON Schema object`;
    return { status: 500, error };
  }
  const refusal = schemaRefusal(format);
  if (refusal === undefined) return undefined;
  return { status: 400, error: JSON.stringify({ error: { code: 400, message: refusal, type: 'invalid_request_error' } }) };
}

/** A wrong option is the server's fault in its own eyes (500); any other part of the body is the caller's (400). */
function refuseBody(exchange: Exchange, error: z.ZodError): void {
  const issue = error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  if (path.startsWith('options.')) exchange.refuse(500, `option "${path.slice('options.'.length)}" must be of type integer`);
  else exchange.refuse(400, path === 'model' ? 'model is required' : `invalid request body: ${path}`);
}

