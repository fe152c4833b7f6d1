import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchedParts } from '../../src/webview/memory/matched-text.ts';

function marked(text: string, ...words: readonly string[]): string {
  return matchedParts(text, words).map((part) => (part.isMatch ? `[${part.text}]` : part.text)).join('');
}

describe('what matched a search', () => {
  it('is marked in any case, with any accents', () => {
    assert.equal(marked('Zoë reads tide tables.', 'zoe', 'TIDE'), '[Zoë] reads [tide] tables.');
  });

  it('is marked as far as two words have one stem', () => {
    assert.equal(marked('The test failed on tables', 'tests', 'fail', 'table'), 'The [test] [fail]ed on [table]s');
  });

  it('is no word that only begins alike', () => {
    assert.equal(marked('The cartographer has a car', 'cart'), 'The cartographer has a [car]');
    assert.equal(marked('international', 'interesting'), 'international');
  });

  it('leaves the text as it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string({ unit: 'grapheme' })), (text, words) => {
      assert.equal(matchedParts(text, words).map((part) => part.text).join(''), text);
    }));
  });
});
