import assert from 'node:assert/strict';
import { createConversation, type Conversation, type FinishedTurn } from '../../src/agents/conversation.ts';
import { alden } from '../../src/agents/persona.ts';
import type { TurnEvent } from '../../src/agents/turn-events.ts';
import { keepingUnsaved, UnsavedTurns } from '../../src/agents/unsaved-turns.ts';
import { recallNothing } from '../../src/memory/recall.ts';
import { HearthlinkError, type ErrorCode } from '../../src/shared/errors.ts';
import type { MessageRepository } from '../../src/store/message-port.ts';
import { chosenModel, plainTokens, says, scriptedChatModel } from '../support/scripted-chat-model.ts';
import { HandClock, keepingLog, seededIds, settled } from '../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../support/store/memory-store.ts';
import { say } from './conversation-kit.ts';

afterEach(closeMemoryStores);

type Writing = 'startTurn' | 'appendReply' | 'finishReply';

/** A disk that can be told to refuse every write, or one kind of it. */
class Disk {
  refuses: ErrorCode | null = null;
  only: Writing | null = null;
  /** How many writes it has refused. */
  refused = 0;
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  get messages(): MessageRepository {
    const { messages } = this.#store;
    return {
      ...messages,
      startTurn: async (turn) => this.#write('startTurn', () => messages.startTurn(turn)),
      appendReply: async (chunk) => this.#write('appendReply', () => messages.appendReply(chunk)),
      finishReply: async (end) => this.#write('finishReply', () => messages.finishReply(end)),
    };
  }

  async #write<T>(kind: Writing, write: () => Promise<T>): Promise<T> {
    if (this.refuses === null || (this.only !== null && this.only !== kind)) return write();
    this.refused++;
    throw new HearthlinkError(this.refuses);
  }
}

interface Scene {
  readonly store: MemoryStore;
  readonly disk: Disk;
  readonly clock: HandClock;
  readonly unsaved: UnsavedTurns;
  readonly conversation: Conversation;
  /** Another chat in the same window. */
  readonly other: Conversation;
  readonly events: readonly TurnEvent[];
  readonly followedUp: readonly FinishedTurn[];
}

function openScene(replies: readonly string[] = ['Hello.', 'Well.', 'Good.']): Scene {
  const clock = new HandClock();
  const store = createMemoryStore();
  const disk = new Disk(store);
  const log = keepingLog();
  const unsaved = new UnsavedTurns({ messages: disk.messages, clock, timers: clock, log });
  const followedUp: FinishedTurn[] = [];
  const events: TurnEvent[] = [];
  const ids = seededIds(clock);
  const open = (): Conversation => createConversation({
    agent: alden('You are Alden.'),
    model: scriptedChatModel(...replies.map(says)),
    choice: chosenModel('tiny'),
    tokens: plainTokens,
    settings: () => ({ replyTokens: 512, memoryTokens: 1000, think: false }),
    holder: 'window-1',
    clock,
    timers: clock,
    ids,
    log,
    store: keepingUnsaved(store, unsaved),
    recall: recallNothing,
    afterTurn: (turn) => unsaved.whenSaved(turn.reply.id, async () => Promise.resolve(void followedUp.push(turn))),
  }, { workspaceId: null, temporaryForMs: null });
  const conversation = open();
  conversation.onDidHappen((event) => events.push(event));
  return { store, disk, clock, unsaved, conversation, other: open(), events, followedUp };
}

async function shown(conversation: Conversation): Promise<string[]> {
  return (await conversation.page({ limit: 50 })).messages.map(({ text }) => text);
}

async function stored(store: MemoryStore, conversation: Conversation): Promise<string[]> {
  const { sessionId } = conversation;
  return sessionId === null ? [] : (await store.messages.page({ sessionId, limit: 50 })).messages.map(({ text }) => text);
}

/** One turn of the chat is saved, and one waits for a disk that takes everything again. Answers the chat's id. */
async function oneTurnWaits({ conversation, disk }: Scene): Promise<string> {
  await say(conversation, 'Good morning');
  disk.refuses = 'store-full';
  await say(conversation, 'How are you?');
  disk.refuses = null;
  const { sessionId } = conversation;
  assert.ok(sessionId !== null);
  return sessionId;
}

/** The same, and another window deletes the chat. */
async function deletedWhileItWaits(scene: Scene): Promise<string> {
  const sessionId = await oneTurnWaits(scene);
  await scene.store.sessions.delete({ id: sessionId, alsoFacts: false, at: scene.clock.now() });
  await scene.unsaved.tryNow();
  return sessionId;
}

describe('a chat while the disk refuses to be written', () => {
  it('goes on, shows what is said, and says that none of it is saved', async () => {
    const { conversation, disk, store, unsaved } = openScene();
    disk.refuses = 'store-full';
    await say(conversation, 'Good morning');
    await say(conversation, 'How are you?');
    assert.deepEqual(await shown(conversation), ['Good morning', 'Hello.', 'How are you?', 'Well.']);
    assert.deepEqual([unsaved.state.messages, unsaved.state.error?.code], [4, 'store-full']);
    const { messages } = await conversation.page({ limit: 50 });
    assert.ok(messages.every(({ id }) => unsaved.isUnsaved(id)));
    assert.deepEqual(await store.sessions.list({ limit: 9 }), []);
  });

  it('is saved in its order as soon as the disk takes it, each message once', async () => {
    const { clock, conversation, disk, store, unsaved } = openScene();
    await say(conversation, 'Good morning');
    disk.refuses = 'store-read-only';
    await say(conversation, 'How are you?');
    await say(conversation, 'And the weather?');
    disk.refuses = null;
    await clock.advance(1_000);
    await unsaved.tryNow();
    const all = ['Good morning', 'Hello.', 'How are you?', 'Well.', 'And the weather?', 'Good.'];
    assert.deepEqual(await stored(store, conversation), all);
    assert.deepEqual(await shown(conversation), all);
    assert.deepEqual(unsaved.state, { messages: 0, error: null });
  });

  it('keeps its order when the disk takes again what comes before it has taken what waits', async () => {
    const { conversation, disk, store, unsaved } = openScene();
    disk.refuses = 'store-full';
    await say(conversation, 'First');
    disk.refuses = null;
    await say(conversation, 'Second');
    assert.equal(unsaved.state.messages, 4);
    await unsaved.tryNow();
    assert.deepEqual(await stored(store, conversation), ['First', 'Hello.', 'Second', 'Well.']);
  });

  it('is tried after 1, 5 and 30 seconds and then every minute', async () => {
    const { clock, conversation, disk } = openScene();
    disk.refuses = 'store-full';
    await say(conversation, 'Good morning');
    for (const pause of [1_000, 5_000, 30_000, 60_000, 60_000]) {
      const { refused } = disk;
      await clock.advance(pause - 1);
      assert.equal(disk.refused, refused, `not before ${String(pause)} ms`);
      await clock.advance(1);
      assert.equal(disk.refused, refused + 1, `after ${String(pause)} ms`);
    }
  });

  it('keeps a message that may have been saved without storing it twice', async () => {
    const { disk, store } = openScene();
    const answers = { areLost: true };
    const messages: MessageRepository = { ...disk.messages, startTurn: async (turn) => {
      const started = await disk.messages.startTurn(turn);
      if (answers.areLost) throw new HearthlinkError('store-not-known-saved');
      return started;
    } };
    const clock = new HandClock();
    const unsaved = new UnsavedTurns({ messages, clock, timers: clock, log: keepingLog() });
    const turn = {
      sessionId: 's', holder: 'w', leaseUntil: 1, at: 1,
      newSession: { id: 's', agentId: 'alden', title: '', temporary: false, workspaceId: null, expiresAt: null, at: 1 },
      user: { id: 'u', parentId: null, text: 'Once', attachments: [] },
      reply: { id: 'r', parentId: 'u', origin: 'model', model: null },
    } as const;
    await unsaved.startTurn(turn);
    assert.equal(unsaved.state.messages, 2);
    answers.areLost = false;
    await unsaved.tryNow();
    assert.equal(unsaved.state.messages, 0);
    assert.deepEqual((await store.messages.page({ sessionId: 's', limit: 9 })).messages.map(({ text }) => text), ['Once', '']);
  });

  it('keeps the end of a reply whose beginning is saved', async () => {
    const { conversation, disk, events, store, unsaved } = openScene();
    disk.refuses = 'store-full';
    disk.only = 'finishReply';
    const reply = await say(conversation, 'Good morning');
    assert.deepEqual([reply.text, reply.status], ['Hello.', 'complete']);
    assert.deepEqual(await stored(store, conversation), ['Good morning', '']);
    assert.deepEqual(await shown(conversation), ['Good morning', 'Hello.']);
    assert.deepEqual([unsaved.state.messages, unsaved.isUnsaved(reply.id)], [1, true]);
    assert.ok(events.every(({ type }) => type !== 'not-stored'), 'it is not lost');
    disk.refuses = null;
    await unsaved.tryNow();
    assert.deepEqual(await stored(store, conversation), ['Good morning', 'Hello.']);
  });

  it('looks for facts and makes vectors of a turn once it is saved, not before', async () => {
    const { conversation, disk, followedUp, unsaved } = openScene();
    disk.refuses = 'store-full';
    await say(conversation, 'Good morning');
    await settled();
    assert.equal(followedUp.length, 0);
    disk.refuses = null;
    await unsaved.tryNow();
    await settled();
    assert.equal(followedUp.length, 1);
  });

  it('does not take over what a person has to decide: damage is told at once', async () => {
    const { conversation, disk, unsaved } = openScene();
    disk.refuses = 'store-damaged';
    await assert.rejects(say(conversation, 'Good morning'), { code: 'store-damaged' });
    assert.equal(unsaved.state.messages, 0);
  });

  it('takes no more into memory of a chat that has been deleted meanwhile, and saves what it has when the chat is back', async () => {
    const scene = openScene();
    const { clock, conversation, store, unsaved } = scene;
    const sessionId = await deletedWhileItWaits(scene);
    assert.equal(unsaved.state.error?.code, 'not-found');
    await assert.rejects(say(conversation, 'And the weather?'), { code: 'not-found' });
    assert.deepEqual(unsaved.chats().map(({ messages }) => messages.map(({ text }) => text)), [['How are you?', 'Well.']]);
    await store.sessions.undoDelete({ id: sessionId, at: clock.now() });
    await unsaved.tryNow();
    assert.equal(unsaved.state.messages, 0);
    assert.deepEqual(await stored(store, conversation), ['Good morning', 'Hello.', 'How are you?', 'Well.']);
  });

  it('waits for the disk with one chat while another waits for something else, and says so of each', async () => {
    const scene = openScene();
    const { conversation, disk, other, store, unsaved } = scene;
    await deletedWhileItWaits(scene);
    disk.refuses = 'store-full';
    await say(other, 'Is it late?');
    await say(other, 'Is it early?');
    const duringRefusal = unsaved.state.error?.code;
    await assert.rejects(say(conversation, 'And the weather?'), { code: 'not-found' });
    disk.refuses = null;
    await unsaved.tryNow();
    assert.deepEqual([duringRefusal, unsaved.state.error?.code], ['store-full', 'not-found']);
    assert.deepEqual(await stored(store, other), ['Is it late?', 'Hello.', 'Is it early?', 'Well.']);
  });

  it('takes no more into memory of a chat that was paused meanwhile, though it can be read', async () => {
    const scene = openScene();
    const { clock, conversation, store, unsaved } = scene;
    const sessionId = await oneTurnWaits(scene);
    await store.sessions.transition({ id: sessionId, to: 'paused', at: clock.now() });
    await unsaved.tryNow();
    await assert.rejects(say(conversation, 'And the weather?'), { code: 'invalid-transition' });
    assert.equal(unsaved.state.messages, 2);
  });

  it('can be handed out whole, to be kept elsewhere', async () => {
    const { conversation, disk, unsaved } = openScene();
    disk.refuses = 'store-full';
    await say(conversation, 'Good morning');
    assert.deepEqual(unsaved.chats().map(({ session, messages }) => [session?.title, messages.map(({ text }) => text)]), [['Good morning', ['Good morning', 'Hello.']]]);
  });

  it('drops what is not saved, for good, when everything is erased', async () => {
    const { clock, conversation, disk, followedUp, store, unsaved } = openScene();
    disk.refuses = 'store-full';
    await say(conversation, 'Good morning');
    unsaved.forget();
    assert.deepEqual([unsaved.state, unsaved.chats(), clock.waiting], [{ messages: 0, error: null }, [], 0]);
    disk.refuses = null;
    await unsaved.tryNow();
    await clock.advance(120_000);
    assert.deepEqual([await store.sessions.list({ limit: 9 }), followedUp], [[], []]);
  });

  it('does not go on with a round when everything is erased meanwhile', async () => {
    const { conversation, disk, store, unsaved } = openScene();
    disk.refuses = 'store-full';
    await say(conversation, 'Good morning');
    disk.refuses = null;
    const trying = unsaved.tryNow();
    unsaved.forget();
    await trying;
    assert.deepEqual(await stored(store, conversation), ['Good morning', ''], 'what was on its way, and nothing after it');
  });

  it('plans no other round when everything is erased during one that is refused', async () => {
    const { clock, conversation, disk, unsaved } = openScene();
    disk.refuses = 'store-full';
    await say(conversation, 'Good morning');
    const trying = unsaved.tryNow();
    unsaved.forget();
    await trying;
    assert.deepEqual([unsaved.state, clock.waiting], [{ messages: 0, error: null }, 0]);
  });
});
