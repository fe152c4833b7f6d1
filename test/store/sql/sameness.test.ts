import assert from 'node:assert/strict';
import fc from 'fast-check';

import { areNearDuplicates, fingerprintOf, normalForm, overlap, tellApart, wordSet } from '../../../src/store/sql/sameness.ts';

const key = new Uint8Array(32).fill(1);

describe('the normal form of a text', () => {
  it('leaves out case, accents, width, punctuation and spacing', () => {
    assert.equal(normalForm('  The CAFÉ, on “Ｍill” Street!\n'), 'the cafe on mill street');
    assert.equal(normalForm('İstanbul'), normalForm('i̇stanbul'));
    assert.equal(normalForm('Ça va?'), 'ca va');
  });

  it('keeps the signs of C++ and C#, and no others', () => {
    assert.equal(normalForm('I write C++, some C#: ++ # and #tags'), 'i write c++ some c# and tags');
  });

  it('keeps signs that are letters, and texts that have none', () => {
    assert.equal(normalForm('किताब'), 'किताब', 'vowel signs are no accents');
    assert.notEqual(normalForm('कि'), normalForm('का'));
    assert.equal(normalForm('🔥🔥'), '🔥🔥');
    assert.equal(normalForm('   '), '');
  });

  it('is its own normal form', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => normalForm(normalForm(text)) === normalForm(text)), { numRuns: 500 });
  });
});

describe('a fingerprint', () => {
  it('is the same for texts that say the same, and another with another key', () => {
    assert.equal(fingerprintOf('Likes tea.', key), fingerprintOf('likes TEA', key));
    assert.notEqual(fingerprintOf('Likes tea.', key), fingerprintOf('Likes tea.', new Uint8Array(32).fill(2)));
    assert.notEqual(fingerprintOf('Likes tea', key), fingerprintOf('Likes teas', key));
  });
});

describe('the words of a text', () => {
  it('are found where no spaces stand between them', () => {
    assert.deepEqual(wordSet('Ich bin, ich war'), new Set(['ich', 'bin', 'war']));
    assert.ok(wordSet('我喜欢喝绿茶').has('喜欢'));
  });

  it('overlap by the share they have in common', () => {
    assert.equal(overlap(new Set(['a', 'b', 'c']), new Set(['b', 'c', 'd'])), 0.5);
    assert.equal(overlap(new Set(), new Set(['a'])), 0);
  });

  it('make near duplicates from four fifths on', () => {
    const words = fc.uniqueArray(fc.integer({ min: 1, max: 12 }).map(String), { maxLength: 12 }).map((list) => new Set(list));
    fc.assert(fc.property(words, words, (a, b) => areNearDuplicates(a, b) === overlap(a, b) >= 0.8), { numRuns: 2000 });
    fc.assert(fc.property(words, fc.nat(20), (a, drop) => {
      const b = new Set([...a].filter((_, i) => i !== drop));
      return areNearDuplicates(a, b) === overlap(a, b) >= 0.8;
    }), { numRuns: 500 });
  });
});

describe('two texts that share most words', () => {
  for (const [why, a, b] of [
    ['another number', 'The nightly build takes 11 minutes on runner three', 'The nightly build takes 14 minutes on runner three'],
    ['a name', 'Their sister Anna lives near the old harbour in a small flat', 'Their sister Paula lives near the old harbour in a small flat'],
    ['a "not"', 'The user does drink coffee in the morning before work', 'The user does not drink coffee in the morning before work'],
    ['a "kein"', 'Ich trinke morgens vor der Arbeit einen Kaffee', 'Ich trinke morgens vor der Arbeit keinen Kaffee'],
    ['a "não"', 'Eu como carne em casa aos domingos', 'Eu não como carne em casa aos domingos'],
    ['a negation without spaces', '私は朝にコーヒーを飲みます', '私は朝にコーヒーを飲みません'],
    ['a sign of a name', 'The team writes its tools in C++ these days', 'The team writes its tools in C# these days'],
  ] as const) {
    it(`are told apart by ${why}`, () => {
      assert.equal(tellApart(a, b), true);
      assert.equal(tellApart(a, a), false);
    });
  }

  it('say the same with another small word, another order, or another beginning', () => {
    assert.equal(tellApart('Drinks green tea every morning before work', 'drinks green tea every morning before the work'), false);
    assert.equal(tellApart('Every morning the user drinks tea', 'The user drinks tea every morning'), false);
  });
});
