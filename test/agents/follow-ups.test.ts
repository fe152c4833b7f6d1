import assert from 'node:assert/strict';
import { planFollowUps } from '../../src/agents/follow-ups.ts';
import { titleHandler, titleKind } from '../../src/agents/title-job.ts';
import { plainTitle } from '../../src/agents/title.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { closeMemoryStores, createMemoryStore } from '../support/store/memory-store.ts';
import { chosenModel, says, saysJson, scriptedChatModel, type ChatStep } from '../support/scripted-chat-model.ts';
import { seededIds, settled } from '../support/seeded-ports.ts';
import { openScene, say } from './conversation-kit.ts';

afterEach(closeMemoryStores);

/** What is planned after each message of a chat. */
async function plansAfter(options: { replies: readonly (readonly ChatStep[])[]; temporary?: boolean; off?: boolean; named?: boolean }) {
  const store = createMemoryStore();
  const scene = openScene({ model: scriptedChatModel(...options.replies), store, ...(options.temporary === true ? { temporaryForMs: 1_000 } : {}) });
  if (options.off === true) await store.agents.setCaptureMode({ agentId: 'alden', mode: 'off', at: 0 });
  for (const [index] of options.replies.entries()) await say(scene.conversation, `I like tea ${String(index)}`);
  await settled();
  const sessionId = scene.conversation.sessionId ?? '';
  if (options.named === true) await store.sessions.rename({ id: sessionId, title: 'Mine', by: 'user', at: 0 });
  const ids = seededIds(scene.clock, 50);
  for (const turn of scene.finishedTurns) await planFollowUps({ store, clock: scene.clock, ids }, turn);
  const jobs = await store.jobs.list({ limit: 10 });
  return { ...scene, sessionId, jobs, kinds: jobs.map(({ kind }) => kind).sort() };
}

describe('after a reply', () => {
  it('a title, vectors and the search for facts are planned, once each', async () => {
    const { kinds } = await plansAfter({ replies: [says('One.'), says('Two.')] });
    assert.deepEqual(kinds, ['capture', 'embedding', 'title']);
  });

  it('no facts are looked for in a temporary chat, or when that is off', async () => {
    assert.deepEqual((await plansAfter({ replies: [says('One.')], temporary: true })).kinds, ['embedding', 'title']);
    assert.deepEqual((await plansAfter({ replies: [says('One.')], off: true })).kinds, ['embedding', 'title']);
  });

  it('a chat is not named again, nor by an exchange in which no model spoke', async () => {
    assert.deepEqual((await plansAfter({ replies: [says('One.')], named: true })).kinds, ['capture', 'embedding']);
    assert.deepEqual((await plansAfter({ replies: [[new HearthlinkError('model-not-running')]] })).kinds, ['embedding']);
  });

  it('the memories that stood in the prompt are counted', async () => {
    const store = createMemoryStore();
    await say(openScene({ model: scriptedChatModel(says('Noted.')), store }).conversation, 'I like green tea');
    const scene = openScene({ model: scriptedChatModel(says('Green.')), store, seed: 2 });
    const reply = await say(scene.conversation, 'Which tea?');
    await settled();

    for (const turn of scene.finishedTurns) await planFollowUps({ store, clock: scene.clock, ids: seededIds(scene.clock, 9) }, turn);

    assert.deepEqual((await store.slices.get(reply.memoriesUsed.slice(0, 1))).map(({ text, recallCount }) => [text, recallCount]), [['I like green tea', 1]]);
  });
});

describe('the title of a chat', () => {
  async function name(title: string, named = false) {
    const { jobs, sessionId, store, clock } = await plansAfter({ replies: [says('Green, most of the time.')] });
    const job = jobs.find(({ kind }) => kind === titleKind);
    assert.ok(job !== undefined);
    if (named) await store.sessions.rename({ id: sessionId, title: 'Mine', by: 'user', at: 0 });
    const chat = scriptedChatModel(saysJson({ title }));
    await titleHandler({ store, chat, choice: chosenModel('tiny'), clock })(job, new AbortController().signal);
    return { session: await store.sessions.get(sessionId), chat };
  }

  it('is made by the model from the first exchange', async () => {
    const { chat, session } = await name('“Green tea.”');
    assert.deepEqual([session?.title, session?.titleBy], ['Green tea', 'agent']);
    assert.match(chat.requests[0]?.messages.at(-1)?.content ?? '', /I like tea 0[\s\S]*Green, most of the time\./);
    assert.equal(chat.requests[0]?.background, true);
  });

  it('stays the person\'s when they have named it', async () => {
    const { chat, session } = await name('Green tea', true);
    assert.equal(session?.title, 'Mine');
    assert.equal(chat.requests.length, 0);
  });

  it('is at first made of its first words', () => {
    assert.equal(plainTitle('  Invoices are due.\n'), 'Invoices are due');
    assert.equal(plainTitle('When did we settle on 30 calendar days for invoices, and why?'), 'When did we settle on 30 calendar days for…');
    assert.equal(plainTitle('```\ncode\n``` what is this'), 'what is this');
    assert.equal(plainTitle('東'.repeat(60)), `${'東'.repeat(48)}…`);
    assert.equal(plainTitle(''), '');
  });
});
