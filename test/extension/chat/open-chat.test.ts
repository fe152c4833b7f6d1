import assert from 'node:assert/strict';
import { createPrivateConversation } from '../../../src/agents/conversation.ts';
import { alden } from '../../../src/agents/persona.ts';
import { OpenChat } from '../../../src/extension/chat/open-chat.ts';
import type { StoreChange } from '../../../src/store/port.ts';
import { chosenModel, plainTokens, scriptedChatModel } from '../../support/scripted-chat-model.ts';
import { HandClock, keepingLog, seededIds } from '../../support/seeded-ports.ts';

const nothing: StoreChange = { origin: 'other-window', everything: false, sessions: [], messages: [], slices: [], jobs: false, agents: false, status: false };

const neverAsked = (): never => assert.fail('A private chat asked the store.');
const unasked = {
  messages: { page: neverAsked },
  sessions: { get: neverAsked, activate: neverAsked },
  slices: { get: neverAsked, list: neverAsked },
};

/** A private chat that is open, and how often all of it was shown anew. */
function openPrivateChat() {
  const clock = new HandClock();
  const log = keepingLog();
  const shown = { times: 0 };
  const conversation = createPrivateConversation({
    agent: alden('You are Alden.'),
    model: scriptedChatModel(),
    choice: chosenModel('tiny'),
    tokens: plainTokens,
    settings: () => ({ replyTokens: 512, memoryTokens: 1000, think: false }),
    holder: 'window-1',
    clock,
    timers: clock,
    ids: seededIds(clock),
    log,
  });
  const chat = new OpenChat({
    store: unasked,
    undoMs: 1,
    findSecrets: () => [],
    isUnsaved: () => false,
    unsavedSession: () => null,
    clock,
    log,
    send: () => undefined,
    open: () => conversation,
    sendSnapshot: () => {
      shown.times++;
      return Promise.resolve();
    },
    onReplyFinished: () => undefined,
    onDidOpen: () => undefined,
  }, { sessionId: null, private: true, temporary: false });
  return { chat, shown };
}

describe('the open chat', () => {
  it('is shown anew with everything around it when all may have changed, also where it is not stored: the store may be locked', async () => {
    const { chat, shown } = openPrivateChat();
    await chat.follow({ ...nothing, everything: true, status: true });
    assert.equal(shown.times, 1);
  });

  it('stays as it is when other chats change', async () => {
    const { chat, shown } = openPrivateChat();
    await chat.follow({ ...nothing, sessions: ['other'], messages: ['m'] });
    assert.equal(shown.times, 0);
  });
});
