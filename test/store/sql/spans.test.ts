import assert from 'node:assert/strict';
import fc from 'fast-check';

import { blanked, factSpan, type Span, turnSpan } from '../../../src/store/sql/spans.ts';

function spanOf(text: string): Span {
  const span = factSpan(text);
  assert.ok(span);
  return span;
}

const without = (text: string, words: string): string => blanked(text, [spanOf(words)]);

describe('a span', () => {
  it('is found in any case and with any white space', () => {
    assert.equal(without('Yes, my  SISTER is\nOttilie.', 'my sister is Ottilie'), 'Yes, […].');
    assert.equal(without('ÜBER ALLES', 'über alles'), '[…]');
  });

  it('takes signs as they are', () => {
    assert.equal(without('costs $1.50 (net)? or $1x50 (net)?', '$1.50 (net)?'), 'costs […] or $1x50 (net)?');
  });

  it('that is short is found as whole words, in scripts that have spaces', () => {
    assert.equal(without('a team takes tea', 'tea'), 'a team takes […]');
    assert.equal(without('我喜欢茶', '茶'), '我喜欢[…]');
    assert.equal(without('Ottilies Haus', 'Ottilie'), '[…]s Haus', 'a longer one also inside words');
  });

  it('leaves nothing of itself, whatever stands around it', () => {
    const words = fc.array(fc.stringMatching(/^[\p{L}\p{N}.$^*(["'\\]{1,8}$/u), { minLength: 2, maxLength: 5 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(words, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, before, after) => {
        const span = spanOf(text);
        const left = blanked(`${before} ${text} ${after}`, [span]);
        return text.length < 6 || !left.includes(text);
      }),
      { numRuns: 500 },
    );
  });

  it('stands in any text that it is in, escaped as JSON or not, with its probe', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const span = factSpan(text);
        return span === null || (text.includes(span.probe) && JSON.stringify(text).includes(span.probe));
      }),
      { numRuns: 500 },
    );
  });

  it('is nothing where there is nothing to find', () => {
    assert.equal(factSpan('  '), null);
    assert.equal(factSpan('[…]'), null);
    assert.equal(turnSpan(''), null);
  });

  it('is telling when it says more than a commonplace', () => {
    assert.deepEqual([spanOf('tea').isTelling, spanOf('Anna').isTelling, spanOf('my tea').isTelling, spanOf('茶').isTelling], [false, true, true, true]);
    assert.equal(turnSpan('Thank you, really')?.isTelling, false);
    assert.equal(turnSpan('My sister is called Ottilie')?.isTelling, true);
  });
});
