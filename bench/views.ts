import type { ScriptedOllama } from '../test/support/ollama/scripted-ollama.ts';
import { ChatPage } from '../test/workbench/driver/chat-page.ts';
import { Profile } from '../test/workbench/driver/profile.ts';
import { report, say } from './report.ts';
import { type BenchRow, benchRow, median, quantile } from './rows.ts';
import { createVocabulary, seededRandom } from './synthetic-corpus.ts';
import { storeChat } from './views-chats.ts';
import { goToTop, openMilliseconds, streamedFrames, type WayToTop } from './views-page.ts';

/** `npm run bench:views`: the chat view in a real workbench, with 10,000 messages beside 20. */

const long = { title: 'The long chat', messages: 10_000 };
const short = { title: 'The short chat', messages: 20 };
const rounds = 3;
const opensInRound = 7;
/** A reply of 1,000 tokens, which are words to the scripted model, at 100 a second. */
const reply = { text: Array.from({ length: 1000 }, (_, index) => (index % 40 === 39 ? 'end.\n\n' : index % 17 === 0 ? '**word** ' : 'word ')).join(''), tokenMs: 10 };

const profile = await Profile.make();
try {
  say('Filling a store with a chat of 10,000 messages and one of 20.');
  await profile.inStore(async (store) => {
    const words = createVocabulary(5_000, seededRandom(long.messages));
    for (const { title, messages } of [long, short]) await storeChat(store, words, title, messages / 2);
  });
  const { window } = await profile.open();
  report('The chat view, with 10,000 messages beside 20', await measure(await ChatPage.open(window), profile.ollama));
} finally {
  await profile.close();
}

async function measure(chat: ChatPage, ollama: ScriptedOllama): Promise<BenchRow[]> {
  const opens: number[] = [];
  const frames: number[] = [];
  const ways: WayToTop[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`Round ${round} of ${rounds}.`);
    const openShort = await openAgain(chat, short.title);
    const framesShort = await streamP95(chat, ollama);
    opens.push((await openAgain(chat, long.title)) / openShort);
    ways.push(await goToTop(await chat.ready()));
    // All 10,000 messages are in the view's hands from here on; sending leads back to the end.
    frames.push((await streamP95(chat, ollama)) / framesShort);
  }
  return [
    benchRow('bench:views', 'chat-10k-open-vs-20', median(opens), 'times'),
    benchRow('bench:views', 'chat-10k-dom-nodes', Math.max(...ways.map(({ mostElements }) => mostElements)), 'elements'),
    benchRow('bench:views', 'chat-10k-stream-frame-p95-vs-20', median(frames), 'times'),
    benchRow('bench:views', 'chat-10k-to-top-messages-per-s', median(ways.map(({ messagesPerSecond }) => messagesPerSecond)), '1/s'),
  ];
}

/**
 * The median of several times that the view comes back from behind another one. A hidden view is thrown away, so each time its
 * script starts anew, while the extension and the store are awake.
 */
async function openAgain(chat: ChatPage, title: string): Promise<number> {
  await chat.openChat(title);
  const times: number[] = [];
  while (times.length < opensInRound) {
    await chat.window.openView('Explorer');
    await chat.window.openView('Hearthlink');
    times.push(await openMilliseconds(await chat.ready()));
  }
  return median(times);
}

async function streamP95(chat: ChatPage, ollama: ScriptedOllama): Promise<number> {
  ollama.chat.answers(reply);
  const watching = streamedFrames(await chat.ready());
  await chat.send('Tell me more.');
  return quantile(await watching, 0.95);
}
