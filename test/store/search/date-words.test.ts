import assert from 'node:assert/strict';

import { dateWords, monthWord } from '../../../src/store/search/date-words.ts';
import { documentText } from '../../../src/store/search/document-text.ts';
import { fold } from '../../../src/store/search/words.ts';

describe('dateWords', () => {
  it('names day, month and year in UTC, the month by a word of no language', () => {
    assert.equal(dateWords(Date.UTC(2023, 4, 8, 23, 59)), '8 month5 2023');
    assert.equal(dateWords(Date.UTC(2024, 11, 31)), '31 month12 2024');
  });

  it('says nothing for what is no date', () => {
    assert.equal(dateWords(NaN), '');
    assert.equal(dateWords(Infinity), '');
  });
});

describe('monthWord', () => {
  it('knows the months of a language, alone and as part of a date', () => {
    assert.equal(monthWord('marz', 'german'), 'month3');
    assert.equal(monthWord('fevrier', 'french'), 'month2');
    assert.equal(monthWord('мая', 'russian'), 'month5');
    assert.equal(monthWord(fold('май'), 'russian'), 'month5');
    assert.equal(monthWord('sep', 'english'), 'month9');
  });

  it('knows nothing of other words, and of the months of other languages', () => {
    assert.equal(monthWord('kettle', 'english'), null);
    assert.equal(monthWord('ago', 'english'), null);
    assert.equal(monthWord('out', 'portuguese'), null);
  });
});

describe('documentText', () => {
  it('puts who and when before what', () => {
    assert.equal(documentText({ speaker: 'Mia', at: Date.UTC(2023, 4, 8), text: 'I bought a kettle.' }), 'Mia 8 month5 2023 I bought a kettle.');
  });
});
