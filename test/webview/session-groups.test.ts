import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cutAtMatch, groupByTime, rowsOfHits } from '../../src/webview/chat/session-groups.ts';
import { setLocale } from '../../src/webview/ui/locale.ts';
import { session, sessions, stageTime } from './chat/sample-content.ts';

describe('the list of chats', () => {
  before(() => { setLocale('en', ''); });

  it('is grouped by time, newest first', () => {
    const groups = groupByTime(sessions.map((found) => ({ session: found, hit: null })).reverse(), stageTime);
    assert.deepEqual(groups.map(({ title, rows }) => [title, rows.map(({ session: { id } }) => id)]), [
      ['Today', ['chat-1', 'chat-2']],
      ['Yesterday', ['chat-3', 'chat-4']],
      ['Earlier this month', ['chat-5', 'chat-6', 'chat-7']],
      ['October', ['chat-8']],
      ['May', ['chat-9']],
      ['December 2025', ['chat-10', 'chat-11']],
    ]);
  });

  it('shows each chat that was found once, with a hit in its text rather than in its title', () => {
    const chat = session({ id: 'a', title: 'The clock', updatedAt: 1 });
    const inTitle = { session: chat, messageId: null, snippet: '', matchStart: 0, matchEnd: 0 };
    const inText = { session: chat, messageId: 'm', snippet: 'the clock', matchStart: 4, matchEnd: 9 };
    assert.deepEqual(rowsOfHits([inTitle, inText, { ...inText, messageId: 'n' }]), [{ session: chat, hit: inText }]);
  });

  it('cuts a snippet at its match without losing a character, whatever the places', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: -5, max: 50 }), fc.integer({ min: -5, max: 50 }), (snippet, matchStart, matchEnd) => {
        const parts = cutAtMatch({ session: session({ id: 'a', title: '', updatedAt: 1 }), messageId: null, snippet, matchStart, matchEnd });
        assert.equal(parts.join(''), snippet);
      }),
    );
    assert.deepEqual(cutAtMatch({ session: session({ id: 'a', title: '', updatedAt: 1 }), messageId: null, snippet: 'the clock change', matchStart: 4, matchEnd: 9 }), ['the ', 'clock', ' change']);
  });
});
