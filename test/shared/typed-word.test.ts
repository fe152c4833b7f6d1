import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isTypedWord, mayBecomeTypedWord } from '../../src/shared/typed-word.ts';

describe('a word that somebody is asked to type', () => {
  it('may be typed in small letters and in capitals, whichever it has itself', () => {
    for (const typed of ['Löschen', 'löschen', 'LÖSCHEN', '  löschen ']) assert.ok(isTypedWord(typed, 'Löschen'), typed);
    assert.ok(isTypedWord('lo\u0308schen', 'Löschen'), 'with the accent as a sign of its own');
  });

  it('is no other word, nor a part of it', () => {
    for (const typed of ['', 'lösche', 'löschen wir', 'loschen']) assert.ok(!isTypedWord(typed, 'Löschen'), typed);
  });

  it('may still come of each of its beginnings, and of nothing else', () => {
    fc.assert(fc.property(fc.nat(7), (length) => mayBecomeTypedWord('LÖSCHEN'.slice(0, length), 'Löschen')));
    for (const typed of ['s', 'lö schen', 'löschen!']) assert.ok(!mayBecomeTypedWord(typed, 'Löschen'), typed);
  });
});
