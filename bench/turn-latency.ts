import { Ollama } from 'ollama/browser';
import type { Conversation } from '../src/agents/conversation.ts';
import type { Message } from '../src/store/records.ts';
import type { ChatBody } from '../test/support/ollama/request-bodies.ts';
import { chatBody } from '../test/support/ollama/request-bodies.ts';
import type { ScriptedOllama } from '../test/support/ollama/scripted-ollama.ts';
import { type BenchRow, benchRow, median, quantile } from './rows.ts';
import type { TurnRig } from './turn-rig.ts';

const rounds = 3;
const turnsPerRound = 40;
/** Before anything is measured: the index is read, the model is known, the code is warm. */
const warmingTurns = 10;

/** One turn, seen from both ends. */
interface MeasuredTurn {
  /** Milliseconds from sending to the first token. */
  readonly firstTokenMs: number;
  /** Flushes of the store worker from sending to the arrival of the request at the server. */
  readonly flushes: number;
  readonly request: ChatBody;
  readonly reply: Message;
}

/** Chats of 40 turns; each turn's prompt is then sent once more, by the bare client. */
export async function latencyRows(rig: TurnRig): Promise<BenchRow[]> {
  rig.ollama.chat.when(() => true).answers(reply);
  const warm = rig.newChat();
  for (let turn = 0; turn < warmingTurns; turn++) await measureBoth(rig, warm, turn);

  const over: number[] = [];
  const flushes: number[] = [];
  const kept: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const chat = rig.newChat();
    const turns: MeasuredTurn[] = [];
    const bare: number[] = [];
    for (let turn = 0; turn < turnsPerRound; turn++) {
      const { ours, bareMs } = await measureBoth(rig, chat, round * turnsPerRound + turn);
      turns.push(ours);
      bare.push(bareMs);
    }
    over.push(quantile(turns.map(({ firstTokenMs }) => firstTokenMs), 0.95) - quantile(bare, 0.95));
    flushes.push(...turns.map((turn) => turn.flushes));
    kept.push(prefixKept(turns));
  }
  return [
    benchRow('bench:turn', 'first-token-over-bare-client-p95-ms', median(over), 'ms'),
    benchRow('bench:turn', 'flushes-before-request', Math.max(...flushes), 'flushes'),
    benchRow('bench:turn', 'prompt-prefix-kept', Math.min(...kept), 'share'),
  ];
}

async function measureBoth(rig: TurnRig, chat: Conversation, turn: number): Promise<{ readonly ours: MeasuredTurn; readonly bareMs: number }> {
  const ours = await measureTurn(rig, chat, question(turn));
  const bareMs = await firstTokenOfBareClient(rig.ollama, ours.request);
  return { ours, bareMs };
}

async function measureTurn(rig: TurnRig, chat: Conversation, text: string): Promise<MeasuredTurn> {
  await rig.settled();
  const flushesBefore = rig.flushes();
  const arrived = rig.ollama.nextRequest('/api/chat').then(({ body }) => ({ body, flushes: rig.flushes() - flushesBefore }));
  const sentAt = performance.now();
  let firstTokenMs = NaN;
  const heard = chat.onDidHappen((event) => {
    if (event.type === 'delta' && Number.isNaN(firstTokenMs)) firstTokenMs = performance.now() - sentAt;
  });
  const turn = await chat.send({ text, attachments: [], editOf: null });
  const finished = await turn.finished;
  heard.dispose();
  const { body, flushes } = await arrived;
  if (finished.memoriesUsed.length === 0) throw new Error('A turn went without memories.');
  if (!JSON.stringify(rig.ollama.requests('/api/embed').at(-1)?.body).includes(text)) throw new Error('A question was not embedded.');
  return { firstTokenMs, flushes, request: chatBody.parse(body), reply: finished };
}

/** Milliseconds to the first token, with the package's own defaults and the very prompt of the turn. */
async function firstTokenOfBareClient({ url }: ScriptedOllama, { model, messages, options }: ChatBody): Promise<number> {
  const client = new Ollama({ host: url });
  const sentAt = performance.now();
  let firstTokenMs = NaN;
  const turns = messages.map(({ role, content }) => ({ role, content }));
  for await (const part of await client.chat({ model, messages: turns, options: { num_ctx: options.num_ctx ?? 8192 }, stream: true })) {
    if (part.message.content !== '' && Number.isNaN(firstTokenMs)) firstTokenMs = performance.now() - sentAt;
  }
  return firstTokenMs;
}

/**
 * The share of each prompt, up to its last user message, that the next one begins with, over all bytes of a chat. Turns at
 * which the history was shortened are left out.
 */
function prefixKept(turns: readonly MeasuredTurn[]): number {
  let bytes = 0;
  let kept = 0;
  let compared = 0;
  for (const [index, { request, reply: { statistics } }] of turns.entries()) {
    const next = turns[index + 1];
    if (next === undefined || next.reply.statistics?.omittedMessages !== statistics?.omittedMessages) continue;
    const prefix = promptBytes(request.messages.slice(0, -1));
    bytes += prefix.length;
    kept += sharedLength(prefix, promptBytes(next.request.messages));
    compared++;
  }
  if (compared < turns.length / 2) throw new Error(`Only ${compared} of ${turns.length} prompts could be compared.`);
  return kept / bytes;
}

/** As a chat template lays a prompt out: role, text, end. */
function promptBytes(messages: ChatBody['messages']): Buffer {
  return Buffer.from(messages.map(({ role, content }) => `<|${role}|>\n${content}<|end|>\n`).join(''));
}

function sharedLength(a: Buffer, b: Buffer): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return length;
}

const things = ['build', 'garden', 'invoice', 'parser', 'holiday', 'router', 'recipe', 'ticket', 'meeting', 'script', 'train', 'review'];
const happenings = ['fail', 'grow', 'wait', 'change', 'stop', 'move', 'return', 'break', 'improve', 'start'];

function question(turn: number): string {
  const pick = (list: readonly string[], by: number): string => list[Math.floor(turn / by) % list.length] ?? '';
  return `Question ${turn}: why did the ${pick(things, 1)} ${pick(happenings, 5)} after lunch, and what did we say about the ${pick(things, 7)} last spring?`;
}

/** Long enough that 40 turns fill the context window and the history is shortened on the way. */
const reply = Array.from({ length: 12 }, (_, i) => `Point ${i + 1} is that the order of things matters, and that what was seen before lunch is seen again after it.`).join(' ');
