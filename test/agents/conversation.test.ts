import assert from 'node:assert/strict';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { closeMemoryStores, createMemoryStore } from '../support/store/memory-store.ts';
import { chosenModel, says, scriptedChatModel, someStatistics } from '../support/scripted-chat-model.ts';
import { settled } from '../support/seeded-ports.ts';
import { openScene, say } from './conversation-kit.ts';

afterEach(closeMemoryStores);

const never = (): Promise<void> => new Promise(() => undefined);

describe('a conversation', () => {
  it('stores the chat and its first message in one write before the model is called', async () => {
    const store = createMemoryStore();
    const storedFirst: string[] = [];
    const model = scriptedChatModel([async () => Promise.resolve(void storedFirst.push(...store.calls)), ...says('Hello.')]);
    const { conversation } = openScene({ model, store });

    await say(conversation, 'Good morning');

    assert.deepEqual(storedFirst.filter((call) => /create|start|finish/.test(call)), ['messages.startTurn']);
    assert.equal((await store.sessions.list({ limit: 9 })).length, 1);
  });

  it('does not call the model when the message could not be stored', async () => {
    const store = createMemoryStore();
    const model = scriptedChatModel(says('Hello.'));
    const { conversation, events } = openScene({ model, store });
    store.failNext('messages.startTurn', 'store-full');

    await assert.rejects(say(conversation, 'Good morning'), { code: 'store-full' });

    assert.equal(model.requests.length, 0);
    assert.deepEqual(events, []);
    assert.deepEqual(await store.sessions.list({ limit: 9 }), [], 'nor is there a chat without a message');
  });

  it('tells what happens in order and keeps the reply with its statistics', async () => {
    const model = scriptedChatModel([
      { type: 'waiting', phase: 'loading', seconds: 3, lastLoadSeconds: null },
      { type: 'thinking', text: 'A greeting.' },
      { type: 'text', text: 'Good ' },
      { type: 'text', text: 'morning.' },
      { type: 'end', reason: 'stop', statistics: someStatistics },
    ]);
    const { conversation, events, finishedTurns } = openScene({ model });

    const reply = await say(conversation, 'Good morning');
    await settled();

    assert.deepEqual(events.map(({ type }) => type), ['started', 'waiting', 'delta', 'delta', 'delta', 'finished']);
    assert.deepEqual(events.flatMap((event) => (event.type === 'delta' ? [event.length] : [])), [0, 0, 5]);
    assert.equal(reply.text, 'Good morning.');
    assert.equal(reply.thinking, 'A greeting.');
    assert.equal(reply.status, 'complete');
    assert.equal(reply.model, 'tiny');
    assert.deepEqual(reply.statistics, { ...someStatistics, omittedMessages: 0, omittedAttachments: 0, omittedMemories: 0 });
    assert.deepEqual(finishedTurns.map(({ isNewMessage, reply: { id } }) => [isNewMessage, id]), [[true, reply.id]]);
  });

  it('gives a new chat a title of its first words and stores one session for two quick messages', async () => {
    const model = scriptedChatModel(says('One.'), says('Two.'));
    const { conversation, store } = openScene({ model });

    const [first, second] = await Promise.all([
      conversation.send({ text: 'Invoices are due in 30 days', attachments: [], editOf: null }),
      conversation.send({ text: 'And reminders?', attachments: [], editOf: null }),
    ]);
    await Promise.all([first.finished, second.finished]);

    const sessions = await store.sessions.list({ limit: 10 });
    assert.deepEqual(sessions.map(({ title }) => title), ['Invoices are due in 30 days']);
    const { messages } = await conversation.page({ limit: 10 });
    assert.deepEqual(messages.map(({ text }) => text), ['Invoices are due in 30 days', 'One.', 'And reminders?', 'Two.']);
  });

  it('brings back what was said in another chat and keeps which memories stood in the prompt', async () => {
    const store = createMemoryStore();
    await say(openScene({ model: scriptedChatModel(says('Noted.')), store }).conversation, 'The invoices are due after 30 calendar days');
    const model = scriptedChatModel(says('After 30 days.'));
    const { conversation } = openScene({ model, store, seed: 2 });

    const reply = await say(conversation, 'When are invoices due?');

    assert.match(model.requests[0]?.messages.at(-1)?.content ?? '', /the person said: The invoices are due after 30 calendar days/);
    const [best] = await store.slices.get(reply.memoriesUsed.slice(0, 1));
    assert.equal(best?.text, 'The invoices are due after 30 calendar days');
  });

  it('does not recall what already stands in the prompt', async () => {
    const model = scriptedChatModel(says('Noted.'), says('After 30 days.'));
    const { conversation } = openScene({ model });
    await say(conversation, 'The invoices are due after 30 days');

    const reply = await say(conversation, 'When are the invoices due?');

    assert.deepEqual(reply.memoriesUsed, []);
  });

  it('goes on without memories when the store cannot be searched', async () => {
    const store = createMemoryStore();
    const { conversation } = openScene({ model: scriptedChatModel(says('Hello.')), store });
    store.failNext('recall', 'store-timeout');

    assert.equal((await say(conversation, 'Good morning')).text, 'Hello.');
  });
});

describe('a reply that ends early', () => {
  it('is kept as far as it came when it is stopped, and the model hears of it', async () => {
    const model = scriptedChatModel([{ type: 'text', text: 'First, ' }, never]);
    const { conversation } = openScene({ model });
    const turn = await conversation.send({ text: 'How?', attachments: [], editOf: null });
    await settled();

    turn.stop();
    const reply = await turn.finished;

    assert.equal(reply.status, 'stopped');
    assert.equal(reply.text, 'First, ');
    assert.deepEqual(model.aborted, [true]);
    assert.deepEqual(conversation.running, []);
  });

  it('is kept as far as it came when the model fails, with the error', async () => {
    const failure = new HearthlinkError('model-stream-cut', { detail: 'unexpected EOF' });
    const { conversation } = openScene({ model: scriptedChatModel([{ type: 'text', text: 'First, ' }, failure]) });

    const reply = await say(conversation, 'How?');

    assert.equal(reply.status, 'failed');
    assert.equal(reply.text, 'First, ');
    assert.deepEqual(reply.error, failure.toData());
  });

  it('says so when its end could not be stored', async () => {
    const store = createMemoryStore();
    const { conversation, events } = openScene({ model: scriptedChatModel(says('Hello.')), store });
    store.failNext('messages.finishReply', 'store-full');

    await assert.rejects(say(conversation, 'Good morning'), { code: 'store-full' });
    await settled();

    assert.equal(events.at(-1)?.type, 'not-stored');
  });

  it('is asked for again once, by the server\'s numbers, when the prompt was too long', async () => {
    const overflow = new HearthlinkError('model-context-overflow', { promptTokens: 4000, contextTokens: 2048 });
    const long = 'word '.repeat(600);
    const model = scriptedChatModel(says('One.'), [overflow], says('Two.'));
    const { conversation } = openScene({ model });
    await say(conversation, long);

    const reply = await say(conversation, 'And now?');

    assert.equal(reply.text, 'Two.');
    assert.deepEqual(model.requests.map(({ messages }) => messages.length), [2, 4, 2]);
    assert.equal(reply.statistics?.omittedMessages, 2);
  });

  it('fails plainly when the prompt is still too long', async () => {
    const overflow = new HearthlinkError('model-context-overflow', { promptTokens: 9000, contextTokens: 8192 });
    const { conversation } = openScene({ model: scriptedChatModel([overflow], [overflow]) });

    assert.equal((await say(conversation, 'How?')).error?.code, 'model-context-overflow');
  });

  it('fails without asking the model when the message alone is longer than the window', async () => {
    const model = scriptedChatModel();
    const { conversation } = openScene({ model, choice: chosenModel('tiny', 1024) });

    const reply = await say(conversation, 'word '.repeat(2000));

    assert.equal(reply.error?.code, 'model-context-overflow');
    assert.equal(model.requests.length, 0);
  });
});

describe('without a model', () => {
  it('memory answers, says why, and no model has spoken', async () => {
    const store = createMemoryStore();
    await say(openScene({ model: scriptedChatModel(says('Noted.')), store }).conversation, 'Invoices are due after 30 days');
    const failure = new HearthlinkError('model-not-running', { detail: 'ECONNREFUSED' });
    const { conversation } = openScene({ model: scriptedChatModel([failure]), store, seed: 2 });

    const reply = await say(conversation, 'When are invoices due?');

    assert.deepEqual([reply.origin, reply.status, reply.text], ['recall', 'complete', '']);
    assert.deepEqual(reply.error, failure.toData());
    const [best] = await store.slices.get(reply.memoriesUsed);
    assert.equal(best?.text, 'Invoices are due after 30 days');
  });

  it('memory answers when none is installed, or the server cannot even be asked', async () => {
    const refused = new HearthlinkError('model-not-running');
    for (const [choice, code] of [
      [chosenModel(null), 'model-none-chosen'],
      [{ ...chosenModel('tiny'), chatModel: () => Promise.reject(refused) }, 'model-not-running'],
    ] as const) {
      const { conversation } = openScene({ model: scriptedChatModel(), choice });
      const reply = await say(conversation, 'Hello');
      assert.deepEqual([reply.origin, reply.error?.code], ['recall', code]);
    }
  });

  it('a question that memory answered is asked along with the next one', async () => {
    const model = scriptedChatModel([new HearthlinkError('model-not-running')], says('Bo.'));
    const { conversation } = openScene({ model });
    await say(conversation, 'My dog is called Bo');

    await say(conversation, 'What is my dog called?');

    const turns = model.requests[1]?.messages ?? [];
    assert.deepEqual(turns.map(({ role }) => role), ['system', 'user']);
    assert.match(turns[1]?.content ?? '', /My dog is called Bo\n\nWhat is my dog called\?$/);
  });
});

describe('branches', () => {
  it('answering again keeps both answers as siblings and asks the same question', async () => {
    const model = scriptedChatModel(says('One.'), says('Other.'));
    const { conversation } = openScene({ model });
    const first = await say(conversation, 'How?');

    const second = await (await conversation.answerAgain(first.id, 'other')).finished;

    assert.deepEqual(second.siblings, [first.id, second.id]);
    assert.equal(second.model, 'other');
    assert.deepEqual(model.requests[1]?.messages, model.requests[0]?.messages);
    assert.equal((await conversation.page({ limit: 10 })).messages.at(-1)?.text, 'Other.');
  });

  it('an edited message stands beside the old one, without what followed that', async () => {
    const model = scriptedChatModel(says('One.'), says('Two.'), says('Three.'));
    const { conversation } = openScene({ model });
    await say(conversation, 'First');
    await say(conversation, 'Second');
    const second = (await conversation.page({ limit: 10 })).messages[2];
    assert.equal(second?.text, 'Second');

    await (await conversation.send({ text: 'Second, better', attachments: [], editOf: second.id })).finished;

    assert.deepEqual((await conversation.page({ limit: 10 })).messages.map(({ text }) => text), ['First', 'One.', 'Second, better', 'Three.']);
    assert.deepEqual(model.requests[2]?.messages.slice(1, -1).map(({ content }) => content), ['First', 'One.']);

    await conversation.showBranch(second.id);
    assert.deepEqual((await conversation.page({ limit: 10 })).messages.map(({ text }) => text), ['First', 'One.', 'Second', 'Two.']);
  });
});

describe('what is forgotten', () => {
  it('is in no prompt any more: not from the chat it was said in, nor when that is answered again, nor as a memory', async () => {
    const store = createMemoryStore();
    const model = scriptedChatModel(says('Noted.'), says('Noted again.'), says('I do not know.'));
    const { clock, conversation } = openScene({ model, store });
    const reply = await say(conversation, 'My dog is called Bo');
    const [said] = (await store.slices.list({ limit: 1, offset: 0, kinds: ['episodic'], messageIds: [reply.parentId ?? ''] })).slices;
    await store.slices.forget({ id: said?.id ?? '', undoUntil: clock.now() + 60_000, at: clock.now() });

    await (await conversation.answerAgain(reply.id, null)).finished;
    await say(conversation, 'What is my dog called?');

    assert.match(JSON.stringify(model.requests[0]), /My dog is called Bo/);
    assert.doesNotMatch(JSON.stringify(model.requests.slice(1)), /My dog is called Bo/);
  });
});

describe('two windows in one chat', () => {
  it('make one line of turns when they send at once', async () => {
    const here = openScene({ model: scriptedChatModel(says('Hello.'), says('Here.')) });
    await say(here.conversation, 'Hello');
    const sessionId = here.conversation.sessionId ?? '';
    const there = openScene({ model: scriptedChatModel(says('There.')), store: createMemoryStore({ disk: here.store.disk, seed: 2 }), sessionId, seed: 2 });

    await Promise.all([say(here.conversation, 'From here'), say(there.conversation, 'From there')]);

    for (const { conversation } of [here, there]) {
      const { messages } = await conversation.page({ limit: 10 });
      assert.deepEqual(messages.map(({ role }) => role), ['user', 'assistant', 'user', 'assistant', 'user', 'assistant']);
      assert.deepEqual(messages.map(({ text }) => text).sort(), ['From here', 'From there', 'Hello', 'Hello.', 'Here.', 'There.']);
    }
  });

  it('leaves an exchange that is still being written out of the other prompt', async () => {
    const here = openScene({ model: scriptedChatModel(says('Hello.'), [{ type: 'text', text: 'Half of' }, never]) });
    await say(here.conversation, 'Hello');
    const unfinished = await here.conversation.send({ text: 'Something long', attachments: [], editOf: null });
    await here.clock.advance(1_000);
    const model = scriptedChatModel(says('There.'));
    const there = openScene({ model, store: createMemoryStore({ disk: here.store.disk, seed: 2 }), sessionId: here.conversation.sessionId ?? '', seed: 2 });

    await say(there.conversation, 'Meanwhile');

    assert.deepEqual(model.requests[0]?.messages.map(({ role }) => role), ['system', 'user', 'assistant', 'user']);
    assert.equal(JSON.stringify(model.requests).includes('Something long'), false);
    unfinished.stop();
    await unfinished.finished;
  });
});

describe('a private conversation', () => {
  it('talks without a single call of the store', async () => {
    const store = createMemoryStore();
    const model = scriptedChatModel(says('Of course.'), says('Again.'), [new HearthlinkError('model-not-running')]);
    const { conversation, finishedTurns } = openScene({ model, store, isPrivate: true });

    const first = await say(conversation, 'Do not keep this');
    await (await conversation.answerAgain(first.id, null)).finished;
    const failed = await say(conversation, 'Still there?');

    assert.deepEqual(store.calls, []);
    assert.deepEqual(finishedTurns, []);
    assert.deepEqual([conversation.isPrivate, conversation.sessionId], [true, null]);
    assert.deepEqual([failed.origin, failed.status], ['model', 'failed']);
    assert.equal((await conversation.page({ limit: 10 })).messages.length, 4);
  });
});
