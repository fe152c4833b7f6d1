import assert from 'node:assert/strict';
import { fromSnapshot, streamingReply, withCaptured, withDelta, withMemory, withMessages, withOlder } from '../../src/webview/chat/chat-state.ts';
import { conversation, memory, piMemory, reply, request, snapshot } from './chat/sample-content.ts';

function ids(messages: readonly { readonly id: string }[]): string[] {
  return messages.map(({ id }) => id);
}

describe('what the view knows of the chat', () => {
  it('appends a new message and replaces a known one where it stands', () => {
    const chat = fromSnapshot(snapshot({ messages: [request({ id: 'a', text: 'one', at: 1 }), reply({ id: 'b', text: 'two', at: 2 })] }));
    const next = withMessages(chat, [request({ id: 'a', text: 'one, changed', at: 1 }), request({ id: 'c', text: 'three', at: 3 })], 3);
    assert.deepEqual(next.messages.map(({ text }) => text), ['one, changed', 'two', 'three']);
    assert.equal(next.total, 3);
    assert.deepEqual(chat.messages.map(({ text }) => text), ['one', 'two']);
  });

  it('puts a page of older messages in front, each once', () => {
    const chat = fromSnapshot(snapshot({ messages: [request({ id: 'c', text: '', at: 3 })], hasMore: true, total: 3 }));
    const older = [request({ id: 'a', text: '', at: 1 }), request({ id: 'b', text: '', at: 2 }), request({ id: 'c', text: '', at: 3 })];
    const next = withOlder(chat, older, false);
    assert.deepEqual(ids(next.messages), ['a', 'b', 'c']);
    assert.equal(next.hasMore, false);
  });

  it('grows a streaming reply by what comes', () => {
    const chat = fromSnapshot(snapshot({ messages: [reply({ id: 'r', text: 'Once', at: 1, status: 'streaming' })] }));
    const next = withDelta(chat, { messageId: 'r', text: ' more', thinking: '', length: 4 });
    assert.equal(next?.messages[0]?.text, 'Once more');
  });

  it('notices a gap in what comes', () => {
    const chat = fromSnapshot(snapshot({ messages: [reply({ id: 'r', text: 'Once', at: 1, status: 'streaming' })] }));
    assert.equal(withDelta(chat, { messageId: 'r', text: 'more', thinking: '', length: 5 }), undefined);
    assert.equal(withDelta(chat, { messageId: 'other', text: 'more', thinking: '', length: 0 }), undefined);
  });

  it('puts a piece only once where a snapshot has it already, whole or in part', () => {
    const chat = fromSnapshot(snapshot({ messages: [reply({ id: 'r', text: 'Once more', at: 1, status: 'streaming' })] }));
    assert.equal(withDelta(chat, { messageId: 'r', text: ' more', thinking: '', length: 4 })?.messages[0]?.text, 'Once more');
    assert.equal(withDelta(chat, { messageId: 'r', text: ' more and', thinking: '', length: 4 })?.messages[0]?.text, 'Once more and');
  });

  it('waits no longer once a reply has begun, or ended', () => {
    const waiting = { messageId: 'r', phase: 'loading', model: 'qwen3:8b', seconds: 3, lastLoadSeconds: null } as const;
    const chat = { ...fromSnapshot(snapshot({ messages: [reply({ id: 'r', text: '', at: 1, status: 'streaming' })] })), waiting };
    assert.equal(withDelta(chat, { messageId: 'r', text: '', thinking: 'Hm', length: 0 })?.waiting, null);
    assert.equal(withMessages(chat, [reply({ id: 'r', text: '', at: 1, status: 'failed' })], 1).waiting, null);
    assert.equal(withMessages(chat, [reply({ id: 'r', text: '', at: 1, status: 'streaming' })], 1).waiting, waiting);
    assert.equal(withMessages(chat, [request({ id: 'x', text: '', at: 1 })], 2).waiting, waiting);
  });

  it('shows a changed memory under every reply that used it, and leaves the other replies alone', () => {
    const chat = fromSnapshot(snapshot({ messages: [...conversation] }));
    const changed = memory({ ...piMemory, state: 'forgotten' });
    const next = withMemory(chat, changed);
    assert.equal(next.messages[1]?.memories[0], changed);
    assert.equal(next.messages[3], chat.messages[3]);
  });

  it('puts captured facts under their reply', () => {
    const chat = fromSnapshot(snapshot({ messages: [...conversation] }));
    const fact = { sliceId: 's', text: 'A fact.', state: 'held', contradicts: false } as const;
    assert.deepEqual(withCaptured(chat, 'r1', [fact]).messages[1]?.captured, [fact]);
    assert.equal(withCaptured(chat, 'nowhere', [fact]), chat);
  });

  it('knows the reply that is being written', () => {
    const writing = reply({ id: 'r', text: '', at: 1, status: 'streaming' });
    assert.equal(streamingReply(fromSnapshot(snapshot({ messages: [writing] }))), writing);
    assert.equal(streamingReply(fromSnapshot(snapshot({ messages: [...conversation] }))), undefined);
  });
});
