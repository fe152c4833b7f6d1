import assert from 'node:assert/strict';
import { counted, setLocale } from '../../src/webview/ui/locale.ts';
import { byteWords, durationWords, numberWords, tokenWords } from '../../src/webview/ui/quantity-words.ts';

describe('quantities in words', () => {
  before(() => { setLocale('en', ''); });

  it('writes tokens in use with one digit, and a context size in its own k', () => {
    assert.equal(tokenWords(412, { exact: false }), '412');
    assert.equal(tokenWords(3120, { exact: false }), '3.1k');
    assert.equal(tokenWords(128_400, { exact: false }), '128k');
    assert.equal(tokenWords(8192, { exact: true }), '8k');
    assert.equal(tokenWords(131_072, { exact: true }), '128k');
  });

  it('writes sizes as model makers do', () => {
    assert.equal(byteWords(5.2e9), '5.2 GB');
    assert.equal(byteWords(274e6), '274 MB');
  });

  it('promises no less time than there is', () => {
    assert.equal(durationWords(0.4), '1 s');
    assert.equal(durationWords(59.2), '60 s');
    assert.equal(durationWords(231), '4 min');
    assert.equal(durationWords(3601), '2 h');
  });

  it('groups digits', () => {
    assert.equal(numberWords(3120), '3,120');
  });

  it('chooses the wording by the plural rule of the language', () => {
    assert.deepEqual([0, 1, 2].map((count) => counted(count, 'a chat', 'chats')), ['chats', 'a chat', 'chats']);
    setLocale('fr', '');
    try {
      assert.deepEqual([0, 1, 2].map((count) => counted(count, 'un', 'plusieurs')), ['un', 'un', 'plusieurs']);
    } finally {
      setLocale('en', '');
    }
  });
});
