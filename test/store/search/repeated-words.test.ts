import assert from 'node:assert/strict';

import { SearchIndex } from '../../../src/store/search/search-index.ts';
import { WordMatches } from '../../../src/store/search/repeated-words.ts';

/** An index of turns, numbered from 0, and of many others so that no word is in most of them. */
function indexOf(...texts: readonly string[]): SearchIndex {
  const index = new SearchIndex();
  const others = Array.from({ length: 20 }, (_, i) => `filler${String(i)} padding${String(i)}`);
  for (const [i, text] of [...texts, ...others].entries()) {
    index.apply({ type: 'put-document', document: { id: String(i), group: 's', order: i, text, speaker: 'user', at: 0, kind: 'episodic', factOf: null, scope: 'shared', visible: true } });
  }
  return index;
}

function matchesOf({ words }: SearchIndex, question: string): WordMatches {
  return new WordMatches(words.words(question), words.documents.count);
}

function repeatedShare(matches: WordMatches, document: number, other: number): number {
  return matches.shareOf(matches.wordsIn(document), other);
}

describe('WordMatches', () => {
  it('tells what share of a match consists of words that the other document has too', () => {
    const matches = matchesOf(indexOf('a copper kettle', 'copper kettles boil', 'the kettle whistles', 'no match'), 'copper kettle whistle');
    assert.equal(repeatedShare(matches, 0, 1), 1);
    assert.ok(repeatedShare(matches, 0, 2) > 0.2 && repeatedShare(matches, 0, 2) < 0.8);
    assert.equal(repeatedShare(matches, 3, 2), 0);
  });

  it('is nothing of what does not match', () => {
    const matches = matchesOf(indexOf('a copper kettle', 'nothing of it'), 'copper kettle');
    assert.equal(repeatedShare(matches, 0, 1), 0);
    assert.equal(repeatedShare(matchesOf(indexOf('a copper kettle'), ''), 0, 0), 0);
  });

  it('passes over what a very long question asks at its end', () => {
    const many = Array.from({ length: 40 }, (_, i) => `word${String(i)}`);
    const matches = matchesOf(indexOf('word0 word39', 'word39', 'word0'), many.join(' '));
    assert.equal(repeatedShare(matches, 0, 2), 1);
    assert.equal(repeatedShare(matches, 0, 1), 0);
  });
});
