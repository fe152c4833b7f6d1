import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chatModel } from '../test/support/ollama/scripted-model.ts';
import { startScriptedOllama, type ScriptedOllama } from '../test/support/ollama/scripted-ollama.ts';
import { fillStore } from '../test/support/store/fill-store.ts';
import { openRealStore } from '../test/support/store/real-store.ts';
import { ChatPage } from '../test/workbench/driver/chat-page.ts';
import { openWorkbench } from '../test/workbench/driver/workbench.ts';
import { report, say } from './report.ts';
import { benchRow, median, quantile } from './rows.ts';
import { messagesPerSecondToTop, openMilliseconds, streamedFrames, type StreamedFrames } from './views-page.ts';

/** `npm run bench:views`: the chat view in a real workbench, with 10,000 messages beside 20. */

const root = path.join(import.meta.dirname, '..');
const long = { title: 'The long chat', messages: 10_000 };
const short = { title: 'The short chat', messages: 20 };
const rounds = 3;
const opensInRound = 3;
/** A reply of 1,000 tokens at 100 a second. */
const reply = { text: Array.from({ length: 1000 }, (_, index) => (index % 40 === 39 ? 'end.\n\n' : 'word ')).join(''), tokenMs: 10 };

interface Round {
  readonly open: number;
  readonly frameP95: number;
  readonly nodes: number;
}

const profile = mkdtempSync(path.join(tmpdir(), 'hearthlink-bench-views-'));
try {
  say('Filling a store with a chat of 10,000 messages and one of 20.');
  await fillProfile();
  await using ollama = await startScriptedOllama({ models: [chatModel('hearth-chat')] });
  const workspace = path.join(root, 'test/support/sample-workspace');
  const workbench = await openWorkbench({ extensionPath: root, workspace, dataDir: profile, settings: { 'hearthlink.endpoint': ollama.url } });
  try {
    const chat = await ChatPage.open(workbench.window);
    const ratios: { readonly open: number; readonly frames: number; readonly nodes: number }[] = [];
    const toTop: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      say(`Round ${String(round)} of ${String(rounds)}.`);
      const [peer, own] = [await measure(chat, ollama, short.title), await measure(chat, ollama, long.title)];
      ratios.push({ open: own.open / peer.open, frames: own.frameP95 / peer.frameP95, nodes: own.nodes });
      toTop.push(await messagesPerSecondToTop(await chat.ready()));
    }
    report('The chat view, with 10,000 messages beside 20', [
      benchRow('bench:views', 'chat-10k-open-vs-20', median(ratios.map(({ open }) => open)), 'times'),
      benchRow('bench:views', 'chat-10k-dom-nodes', Math.max(...ratios.map(({ nodes }) => nodes)), 'elements'),
      benchRow('bench:views', 'chat-10k-stream-frame-p95-vs-20', median(ratios.map(({ frames }) => frames)), 'times'),
      benchRow('bench:views', 'chat-10k-to-top-messages-per-s', median(toTop), '1/s'),
    ]);
  } finally {
    await workbench.close();
  }
} finally {
  rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
}

async function fillProfile(): Promise<void> {
  const folder = path.join(profile, 'data/User/globalStorage/hearthlink.hearthlink/store');
  mkdirSync(path.dirname(folder), { recursive: true });
  const store = openRealStore(folder);
  try {
    for (const { title, messages } of [long, short]) {
      await fillStore(store, { messages, turnsPerChat: messages / 2 });
      const made = (await store.sessions.list({ limit: 10 })).find(({ title: given }) => given === 'Chat 0');
      if (made === undefined) throw new Error('The chat was not stored.');
      await store.sessions.rename({ id: made.id, title, by: 'user', at: Date.now() });
    }
  } finally {
    await store.close();
  }
}

/** Opens the chat and the window anew, a few times, then lets a reply stream into it. */
async function measure(chat: ChatPage, ollama: ScriptedOllama, title: string): Promise<Round> {
  await chat.openChat(title);
  const opens: number[] = [];
  for (let open = 0; open < opensInRound; open++) {
    await chat.window.reload();
    opens.push(await openMilliseconds(await chat.ready()));
  }
  const { frames, nodes } = await stream(chat, ollama);
  return { open: median(opens), frameP95: quantile(frames, 0.95), nodes };
}

async function stream(chat: ChatPage, ollama: ScriptedOllama): Promise<StreamedFrames> {
  const question = `Tell me more (${String(ollama.requests('/api/chat').length)})`;
  ollama.chat.when(question).answers(reply);
  const watching = streamedFrames(await chat.ready());
  await chat.send(question);
  return watching;
}
