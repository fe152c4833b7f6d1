import assert from 'node:assert/strict';
import { createOllama, type OllamaRoom } from '../../src/models/create-ollama.ts';
import type { ModelSettings } from '../../src/models/model-settings.ts';
import type { ChatEvent, ChatRequest } from '../../src/models/port.ts';
import { type ErrorCode, HearthlinkError } from '../../src/shared/errors.ts';
import { chatBody, type ChatBody } from '../support/ollama/request-bodies.ts';
import { type ScriptedOllama, type ScriptedOllamaOptions, startScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { HandClock, keepingLog } from '../support/seeded-ports.ts';

export function settingsFor(endpoint: string, changes: Partial<ModelSettings> = {}): ModelSettings {
  return { endpoint, chatModel: '', embeddingModel: '', contextSize: 4096, replyLength: 512, keepAlive: '15m', silenceSeconds: 120, ...changes };
}

export interface OllamaKit extends AsyncDisposable {
  readonly ollama: ScriptedOllama;
  readonly room: OllamaRoom;
  readonly clock: HandClock;
  readonly log: ReturnType<typeof keepingLog>;
  /** What the room reads; change it at will. */
  settings: ModelSettings;
}

/** The room in front of a scripted server of its own, with time that stands still until it is moved. */
export async function startKit(options: ScriptedOllamaOptions = {}, changes: Partial<ModelSettings> = {}): Promise<OllamaKit> {
  const ollama = await startScriptedOllama(options);
  const clock = new HandClock();
  const log = keepingLog();
  const kit: OllamaKit = {
    ollama,
    clock,
    log,
    settings: settingsFor(ollama.url, changes),
    room: createOllama({ settings: () => kit.settings, clock, timers: clock, log }),
    [Symbol.asyncDispose]: () => ollama.stop(),
  };
  return kit;
}

/** The bodies of the chat requests that reached the server. */
export function chatBodies(ollama: ScriptedOllama): readonly ChatBody[] {
  return ollama.requests('/api/chat').map(({ body }) => chatBody.parse(body));
}

export const never = new AbortController().signal;

export function ask(content: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return { model: 'hearth-chat', messages: [{ role: 'user', content }], ...more };
}

/** Reads to the end. When it fails, the error carries on; `seen` then holds what had come. */
export async function collect(events: AsyncIterable<ChatEvent>, seen: ChatEvent[] = []): Promise<readonly ChatEvent[]> {
  for await (const event of events) seen.push(event);
  return seen;
}

export function textOf(events: readonly ChatEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

/** The HearthlinkError that the promise is rejected with, checked for its code. */
export async function failure(promise: Promise<unknown>, code: ErrorCode): Promise<HearthlinkError> {
  const error = await promise.then(
    () => assert.fail(`expected ${code}, but it succeeded`),
    (reason: unknown) => reason,
  );
  assert.ok(HearthlinkError.is(error), `expected ${code}, got ${String(error)}`);
  assert.equal(error.code, code, error.message);
  return error;
}

/** Resolves once the condition holds; checked each turn of the event loop, without waiting for time. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
