import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { captureHandler, captureKind, enqueueCapture } from '../../src/memory/capture.ts';
import type { CapturedItem } from '../../src/memory/capture-prompt.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { CaptureMode, Job } from '../../src/store/records.ts';
import { closeMemoryStores, createMemoryStore } from '../support/store/memory-store.ts';
import { chosenModel, says, saysJson, scriptedChatModel, type ScriptedChatModel } from '../support/scripted-chat-model.ts';
import { HandClock, keepingLog, seededIds } from '../support/seeded-ports.ts';
import { openScene, say } from '../agents/conversation-kit.ts';

afterEach(closeMemoryStores);

const day = 24 * 60 * 60 * 1000;

/** A chat in which these things were said, each answered with `Noted.`, and what is needed to read it for facts. */
async function chatWith(said: readonly string[], facts: readonly Partial<CapturedItem>[] | ScriptedChatModel, options: { mode?: CaptureMode; temporary?: boolean; reply?: string } = {}) {
  const clock = new HandClock();
  const store = createMemoryStore();
  const scene = openScene({ model: scriptedChatModel(...said.map(() => says(options.reply ?? 'Noted.'))), store, clock, ...(options.temporary === true ? { temporaryForMs: day } : {}) });
  for (const text of said) await say(scene.conversation, text);
  if (options.mode !== undefined) await store.agents.setCaptureMode({ agentId: 'alden', mode: options.mode, at: 0 });
  const sessionId = scene.conversation.sessionId ?? '';
  const { messages } = await scene.conversation.page({ limit: 100 });
  const chat = 'chat' in facts ? facts : scriptedChatModel(saysJson({ facts: facts.map((fact) => ({ ...plainItem, ...fact })) }));
  const log = keepingLog();
  const parts = { store, chat, choice: chosenModel('tiny'), clock, ids: seededIds(clock, 99), log, timeZone: 'UTC' };
  const run = async (fromMessageId = messages[0]?.id ?? ''): Promise<void> => {
    await captureHandler(parts)(jobWith({ sessionId, fromMessageId }), new AbortController().signal);
  };
  const slices = async () => (await store.slices.list({ limit: 50, offset: 0, kinds: ['semantic', 'procedural', 'working'] })).slices;
  return { ...scene, parts, chat, run, slices, messages, sessionId };
}

const plainItem: CapturedItem = { a_message: 1, b_quote: 'I live in Lisbon', c_kind: 'fact', d_text: 'The user lives in Lisbon.', e_sure: 'yes', f_days: 0 };

function jobWith(payload: object): Job {
  return { id: 'j', kind: captureKind, payload: JSON.stringify(payload), status: 'running', tries: 0, runAfter: 0, holder: null, leaseUntil: null, error: null, createdAt: 0, updatedAt: 0, version: 1 };
}

describe('capture', () => {
  it('proposes a fact with the exact words it was said in', async () => {
    const { messages, run, sessionId, slices } = await chatWith(['Good evening! I live in  Lisbon now.'], [{ b_quote: '"I live in Lisbon"' }]);

    await run();

    const [slice] = await slices();
    assert.equal(slice?.text, 'The user lives in Lisbon.');
    assert.equal(slice.state, 'proposed');
    assert.equal(slice.speaker, 'user');
    assert.deepEqual(slice.provenance, { type: 'message', sessionId, messageId: messages[0]?.id, quote: 'I live in  Lisbon' });
  });

  it('keeps at once when that was chosen, proposes when asked or not yet chosen, and is silent when off', async () => {
    for (const [mode, states, requests] of [['automatic', ['held'], 1], ['ask', ['proposed'], 1], ['unset', ['proposed'], 1], ['off', [], 0]] as const) {
      const { chat, run, slices } = await chatWith(['I live in Lisbon.'], [{}], { mode });
      await run();
      assert.deepEqual((await slices()).map(({ state }) => state), states);
      assert.equal(chat.requests.length, requests);
    }
  });

  it('reads what the person said alone: no reply, no attachment, no quotation', async () => {
    const { chat, run } = await chatWith(['I live in Lisbon.\n> She likes tea', 'Go on'], [{}], { reply: 'The reply says so.' });

    await run();

    const prompt = chat.requests[0]?.messages.at(-1)?.content ?? '';
    assert.match(prompt, /<message number="1">\nI live in Lisbon\./);
    assert.match(prompt, /<message number="2">\nGo on/);
    assert.doesNotMatch(prompt, /She likes tea|The reply says so/);
    assert.match(prompt, /^It is Saturday, 2026-03-28\./);
  });

  it('asks at temperature 0, in the background, with a schema and without thinking', async () => {
    const { chat, run } = await chatWith(['I live in Lisbon.'], [{}]);
    await run();
    const request = chat.requests[0];
    assert.deepEqual([request?.temperature, request?.background, request?.think], [0, true, false]);
    assert.ok(request?.schema !== undefined);
  });

  it('begins with the message it was planned for, and leaves out what was edited away', async () => {
    const { chat, messages, run } = await chatWith(['I live in Porto.', 'I live in Lisbon.'], [{}]);

    await run(messages[2]?.id);
    await run('a message on another branch');

    assert.equal(chat.requests.length, 1);
    assert.doesNotMatch(chat.requests[0]?.messages.at(-1)?.content ?? '', /Porto/);
  });

  it('also reads what was said before while no model could be reached', async () => {
    const store = createMemoryStore();
    const offline = new HearthlinkError('model-not-running');
    const scene = openScene({ model: scriptedChatModel(says('Hello.'), [offline], [offline], says('Noted.')), store });
    for (const text of ['Hello there', 'I live in Lisbon.', 'I like tea.', 'Back again']) await say(scene.conversation, text);
    const last = (await scene.conversation.page({ limit: 10 })).messages.at(-2);
    const chat = scriptedChatModel(saysJson({ facts: [] }));
    const parts = { store, chat, choice: chosenModel('tiny'), clock: scene.clock, ids: seededIds(scene.clock, 9), log: keepingLog() };

    await captureHandler(parts)(jobWith({ sessionId: scene.conversation.sessionId, fromMessageId: last?.id }), new AbortController().signal);

    const prompt = chat.requests[0]?.messages.at(-1)?.content ?? '';
    assert.match(prompt, /Lisbon[\s\S]*tea[\s\S]*Back again/);
    assert.doesNotMatch(prompt, /Hello there/);
  });

  it('gives what holds for now an end, and what is like a preference its kind', async () => {
    const { messages, run, slices } = await chatWith(
      ['I am in Porto until Friday. I prefer short answers.'],
      [{ b_quote: 'I am in Porto until Friday', c_kind: 'for-now', d_text: 'Is in Porto until Friday', f_days: 5 }, { b_quote: 'I prefer short answers', c_kind: 'preference', d_text: 'Prefers short answers' }],
    );

    await run();

    const said = messages[0]?.createdAt ?? 0;
    assert.deepEqual(new Map((await slices()).map(({ kind, expiresAt }) => [kind, expiresAt])), new Map([['working', said + 5 * day], ['procedural', null]]));
  });

  it('never keeps a secret, nor shows one to the model', async () => {
    const { chat, run, slices, log } = await chatWith(['My password is hunter2xyz and I live in Lisbon.'], [{ b_quote: 'My password is hunter2xyz', d_text: 'The password is hunter2xyz' }, {}]);

    await run();

    assert.doesNotMatch(JSON.stringify(chat.requests), /hunter2xyz/);
    assert.deepEqual((await slices()).map(({ text }) => text), ['The user lives in Lisbon.']);
    assert.doesNotMatch(log.lines.join('\n'), /hunter2xyz|Lisbon/);
  });

  it('does not learn what was forgotten, nor twice what is known', async () => {
    const { parts, run, slices, store } = await chatWith(['I live in Lisbon.', 'I live in Lisbon!'], scriptedChatModel(
      ...[1, 2, 3].map(() => saysJson({ facts: [plainItem, { ...plainItem, a_message: 2 }] })),
    ));
    await run();
    const [first, ...others] = await slices();
    assert.deepEqual(others, []);
    await run();
    assert.equal((await slices()).length, 1);

    await store.slices.forget({ id: first?.id ?? '', undoUntil: 0, at: 0 });
    await run();

    assert.deepEqual((await slices()).map(({ state }) => state), ['forgotten']);
    assert.equal(parts.chat.requests.length, 2, 'what is forgotten is not even shown to the model');
  });

  it('leaves temporary chats alone', async () => {
    const { chat, run } = await chatWith(['I live in Lisbon.'], [{}], { temporary: true });
    await run();
    assert.equal(chat.requests.length, 0);
  });

  it('plans one job for a chat, from its first unread message, once the person is quiet', async () => {
    const { messages, parts, sessionId, store, clock } = await chatWith(['I live in Lisbon.', 'And more'], [{}]);

    await enqueueCapture(parts, { sessionId, messageId: messages[0]?.id ?? '' });
    await enqueueCapture(parts, { sessionId, messageId: messages[2]?.id ?? '' });

    const jobs = await store.jobs.list({ limit: 10 });
    assert.deepEqual(jobs.map(({ kind, payload }) => [kind, payload]), [['capture', JSON.stringify({ sessionId, fromMessageId: messages[0]?.id })]]);
    assert.ok((jobs[0]?.runAfter ?? 0) >= clock.now() + 10_000);
  });

  it('keeps nothing that a model makes up, whatever it answers', async () => {
    const said = ['I live in Lisbon. My dog is called Bo.', 'We use Vitest 3 at work'];
    const reply = 'You seem to like the sea very much.';
    const items = fc.array(
      fc.record({
        a_message: fc.integer({ min: 1, max: 3 }),
        b_quote: fc.oneof(fc.constantFrom('I live in Lisbon', 'My dog is called Bo', 'We use Vitest 3', 'I like the sea', 'You seem to like the sea very much', 'Noted.'), fc.string({ maxLength: 40 })),
        c_kind: fc.constantFrom('fact', 'preference', 'for-now'),
        d_text: fc.oneof(fc.constantFrom('The user lives in Lisbon.', 'The user lives in Paris.', 'The user likes the sea.'), fc.string({ maxLength: 60 })),
        e_sure: fc.constantFrom('yes', 'fairly', 'no'),
        f_days: fc.integer({ min: 0, max: 90 }),
      }),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(items, async (facts) => {
        const { messages, run, slices } = await chatWith(said, scriptedChatModel(saysJson({ facts })), { reply });
        await run();
        for (const { provenance, speaker } of await slices()) {
          assert.equal(speaker, 'user');
          if (provenance.type !== 'message') assert.fail('a fact comes from a message');
          const source = messages.find(({ id }) => id === provenance.messageId);
          assert.equal(source?.role, 'user');
          assert.ok(provenance.quote !== null && source.text.includes(provenance.quote));
        }
      }),
      { numRuns: 60 },
    );
  });
});
