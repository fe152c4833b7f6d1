import fs from 'node:fs';
import path from 'node:path';
import { silentLog } from '../src/shared/ports.ts';
import { createStoreClient, type StoreClient } from '../src/store/client.ts';
import { startStoreWorker } from '../src/store/store-worker-thread.ts';
import { redisIsHere, RedisPeer } from './redis-peer.ts';
import { benchRow, median, missingRow, quantile, type BenchRow } from './rows.ts';
import { clock, ids, newFolder, timedTurns, timers, wasmFile } from './store-rig.ts';

const bench = 'bench:store';
const rounds = 5;
const turnsPerRound = 200;
const messagesPerSession = 50;
const messageText = 'A sentence of a chat that says something about the day. '.repeat(14);

/** A chat of 50 messages: storing what is added to it, and reading it, beside Redis that keeps it as one value. */
export async function sessionRows(workerFile: string): Promise<BenchRow[]> {
  if (!redisIsHere()) {
    return ['session-append-p95-vs-redis', 'session-get-p95-vs-redis'].map((name) => missingRow(bench, name, 'ratio', 'redis-server is not installed'));
  }
  const folder = newFolder();
  const redis = await RedisPeer.start(folder);
  const store = createStoreClient({
    startWorker: () => startStoreWorker(workerFile, { folder: path.join(folder, 'store'), wasmFile }), clock, timers, ids, log: silentLog,
  });
  const whole = JSON.stringify(Array.from({ length: messagesPerSession }, () => ({ id: ids.next(), role: 'user', text: messageText, at: clock.now() })));
  const append: number[] = [];
  const get: number[] = [];
  for (let round = 0; round < rounds + 1; round++) {
    const chats = await Promise.all(Array.from({ length: turnsPerRound }, () => chatOf(store, messagesPerSession)));
    const ours = await timedTurns(turnsPerRound, (turn) => appendText(store, chats[turn] ?? fail()));
    const theirs = await timedTurns(turnsPerRound, (turn) => redis.command('SET', String(turn), whole));
    // Each session once, there as here: reading one again and again would find it in the processor's cache.
    const ourGets = await timedTurns(turnsPerRound, (turn) => store.messages.page({ sessionId: (chats[turn] ?? fail()).sessionId, limit: messagesPerSession }));
    const theirGets = await timedTurns(turnsPerRound, async (turn) => { JSON.parse(await redis.command('GET', String(turn))); });
    if (round === 0) continue; // everything is compiled by then
    append.push(quantile(ours, 0.95) / quantile(theirs, 0.95));
    get.push(quantile(ourGets, 0.95) / quantile(theirGets, 0.95));
  }
  await store.close();
  await redis.stop();
  fs.rmSync(folder, { recursive: true });
  return [
    benchRow(bench, 'session-append-p95-vs-redis', median(append), 'ratio'),
    benchRow(bench, 'session-get-p95-vs-redis', median(get), 'ratio'),
  ];
}

/** A chat, and the reply at its end that is being written. */
interface Chat {
  readonly sessionId: string;
  readonly replyId: string;
}

function fail(): never {
  throw new Error('There are fewer chats than turns.');
}

async function chatOf(store: StoreClient, messages: number): Promise<Chat> {
  const sessionId = ids.next();
  await store.sessions.create({ id: sessionId, agentId: 'alden', title: 'Chat', temporary: false, workspaceId: null, expiresAt: null, at: clock.now() });
  let replyId: string | null = null;
  for (let i = 0; i < messages; i += 2) {
    const userId = ids.next();
    const parentId: string | null = replyId;
    replyId = ids.next();
    const at = clock.now();
    await store.messages.startTurn({
      sessionId, holder, leaseUntil: at + leaseMs, at,
      user: { id: userId, parentId, text: messageText, attachments: [] },
      reply: { id: replyId, parentId: userId, origin: 'model', model: 'm' },
    });
    if (i + 2 < messages) await appendText(store, { sessionId, replyId });
  }
  return { sessionId, replyId: replyId ?? fail() };
}

const holder = 'bench';
const leaseMs = 3_600_000;

/** What a chat stores as a reply comes in: a message's worth of text at its end. */
async function appendText(store: StoreClient, { replyId }: Chat): Promise<void> {
  const at = clock.now();
  await store.messages.appendReply({ messageId: replyId, sequence: 0, text: messageText, thinking: '', holder, leaseUntil: at + leaseMs, at });
}
