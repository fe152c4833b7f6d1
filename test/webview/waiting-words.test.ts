import assert from 'node:assert/strict';
import { waitingWords } from '../../src/webview/chat/waiting-words.ts';
import { setLocale } from '../../src/webview/ui/locale.ts';

describe('the line of a reply that has not begun', () => {
  before(() => { setLocale('en', ''); });

  it('says nothing under 300 ms', () => {
    assert.equal(waitingWords(299, null), undefined);
    assert.equal(waitingWords(300, null), 'Waiting for the first word.');
  });

  it('counts seconds from the second one on', () => {
    const waiting = { phase: 'reading', model: 'qwen3:8b', lastLoadSeconds: null } as const;
    assert.equal(waitingWords(1999, waiting), 'qwen3:8b is reading.');
    assert.equal(waitingWords(2000, waiting), 'qwen3:8b is reading, 2 s.');
    assert.equal(waitingWords(12_900, waiting), 'qwen3:8b is reading, 12 s.');
  });

  it('says how long loading took last time, where that is known', () => {
    assert.equal(waitingWords(12_000, { phase: 'loading', model: 'qwen3:8b', lastLoadSeconds: 17.6 }), 'Loading qwen3:8b, 12 s. Last time it took 18 s.');
    assert.equal(waitingWords(12_000, { phase: 'loading', model: 'qwen3:8b', lastLoadSeconds: null }), 'Loading qwen3:8b, 12 s.');
  });

  it('says when another reply goes first', () => {
    assert.equal(waitingWords(3000, { phase: 'queued', model: 'qwen3:8b', lastLoadSeconds: 18 }), 'Waiting for another reply to end, 3 s.');
  });
});
