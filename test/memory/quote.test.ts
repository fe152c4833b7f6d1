import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { findQuotes } from '../../src/memory/quote.ts';

const textOf = (text: string, quote: string): readonly string[] => findQuotes(text, quote).map(({ start, end }) => text.slice(start, end));

describe('a quote', () => {
  it('is found where it stands, as it stands', () => {
    const text = 'So: we moved to\n  Vitest “last week”, I think.';
    assert.deepEqual(textOf(text, 'We moved to Vitest "last week", I'), ['we moved to\n  Vitest “last week”, I']);
  });

  it('may have marks around it that the text has not', () => {
    assert.deepEqual(textOf('I live in Lisbon – mostly', '“…I live in Lisbon - mostly.”'), ['I live in Lisbon – mostly']);
  });

  it('is found at every place', () => {
    assert.deepEqual(findQuotes('tea and tea', 'tea').map(({ start }) => start), [0, 8]);
  });

  it('is not found when a word differs, or only a part of a word is there', () => {
    assert.deepEqual(findQuotes('I live in Porto', 'I live in Lisbon'), []);
    assert.deepEqual(findQuotes('I dislike tea', 'like tea'), []);
    assert.deepEqual(findQuotes('anything', ''), []);
    assert.deepEqual(findQuotes('anything', '“ ”'), []);
  });

  it('needs no spaces around it where the script has none', () => {
    assert.deepEqual(textOf('私は東京に住んでいます', '東京に住んで'), ['東京に住んで']);
  });

  it('is always found when it was copied from the text', () => {
    const words = fc.array(fc.stringMatching(/^[a-zà-ÿ0-9][a-zà-ÿ0-9’]{0,7}$/), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(words, fc.nat(), (all, from) => {
        const first = from % (all.length - 1);
        const before = all.slice(0, first).map((word) => `${word} `).join('');
        const quoted = all.slice(first, first + 2).join(' ').replaceAll('’', "'");
        fc.pre(!/'$/.test(quoted));
        const start = before.length;
        assert.ok(findQuotes(all.join('\n '), quoted).length > 0);
        assert.ok(findQuotes(all.join(' '), quoted.toUpperCase().toLowerCase()).some((span) => span.start === start && span.end === start + quoted.length));
      }),
    );
  });

  it('is exactly the span that was quoted, in any text', () => {
    const words = fc.array(fc.oneof(fc.stringMatching(/^[a-zà-ÿ0-9’'-]{1,8}$/), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 })), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (all, from, length) => {
        const text = all.join(' ');
        const first = from % all.length;
        const quoted = all.slice(first, first + 1 + (length % 3)).join(' ');
        for (const { start, end } of findQuotes(text, quoted)) {
          const found = text.slice(start, end);
          assert.deepEqual(findQuotes(found, quoted), [{ start: 0, end: found.length }]);
          assert.ok(found.isWellFormed() || !text.isWellFormed());
        }
      }),
      { numRuns: 500 },
    );
  });
});
