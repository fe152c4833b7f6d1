import assert from 'node:assert/strict';
import fc from 'fast-check';

import { rank, weights } from '../../src/memory/ranking.ts';
import type { NeighbourScores, RecallCandidate, RecallSignals } from '../../src/store/search/recall-signals.ts';

const none: NeighbourScores = { own: 0, previous: 0, next: 0, far: 0 };
const day = 24 * 60 * 60 * 1000;
const facts = { at: 1000 * day, importanceOf: () => 0 };

interface Named extends Partial<RecallCandidate> {
  readonly id: string;
}

function signalsOf(...named: readonly Named[]): RecallSignals {
  const candidates = named.map(({ id: _, ...fields }, document): RecallCandidate => {
    return { document, group: null, at: 0, length: null, words: none, repeatedWords: none, meaning: none, session: 0, factWords: 0, factMeaning: 0, namesSpeaker: false, isDuring: false, ...fields };
  });
  return {
    candidates,
    topSession: Math.max(0, ...candidates.map(({ session }) => session)),
    meanSession: 0,
    idOf: ({ document }) => named[document]?.id ?? '',
    matchedWords: () => ['kettle'],
  };
}

function order(...named: readonly Named[]): string[] {
  return rank(signalsOf(...named), facts).map(({ id }) => id);
}

function words(own: number, around: Partial<NeighbourScores> = {}): { words: NeighbourScores } {
  return { words: { ...none, own, ...around } };
}

function meaning(own: number, around: Partial<NeighbourScores> = {}): { meaning: NeighbourScores } {
  return { meaning: { ...none, own, ...around } };
}

describe('rank', () => {
  it('puts the better lexical match first', () => {
    assert.deepEqual(order({ id: 'some', ...words(3) }, { id: 'more', ...words(5) }), ['more', 'some']);
  });

  it('raises a turn beside a match, the answer more than the question, and that more than what lies beyond', () => {
    const ranked = order(
      { id: 'far', ...words(0, { far: 5 }) },
      { id: 'question', ...words(0, { next: 5 }) },
      { id: 'match', ...words(5) },
      { id: 'answer', ...words(0, { previous: 5 }) },
      { id: 'weak', ...words(1) },
    );
    assert.deepEqual(ranked, ['match', 'answer', 'question', 'far', 'weak']);
  });

  it('counts a neighbour less where it only says the same words again', () => {
    const beside = { words: { ...none, own: 4, previous: 4 } };
    const ranked = order(
      { id: 'repeating', ...beside, repeatedWords: { ...none, previous: 4 } },
      { id: 'adding', ...beside },
      { id: 'alone', ...words(4) },
    );
    assert.deepEqual(ranked, ['adding', 'repeating', 'alone']);
  });

  it('puts a turn that says something before a few words beside the same match, and gains nothing more by great length', () => {
    const beside = words(0, { previous: 5 });
    const scoreAt = (length: number): number => rank(signalsOf({ id: 'match', ...words(5) }, { id: 'answer', ...beside, length }), facts)[1]?.score ?? 0;
    assert.ok(scoreAt(20) > 1.5 * scoreAt(1));
    assert.ok(scoreAt(2000) < 1.15 * scoreAt(20));
  });

  it('does not hold it against a fact that it is short', () => {
    assert.deepEqual(order({ id: 'turn', ...words(5), length: 6 }, { id: 'fact', ...words(4.5), length: null }), ['fact', 'turn']);
  });

  it('prefers the session that is about the question', () => {
    assert.deepEqual(order({ id: 'elsewhere', ...words(5), session: 1 }, { id: 'here', ...words(4), session: 9 }), ['here', 'elsewhere']);
  });

  it('lets no session crowd out the others', () => {
    const crowd = Array.from({ length: 20 }, (_, i) => ({ id: `crowd${i}`, group: 1, ...words(5 - i / 100) }));
    const other = { id: 'other', group: 2, ...words(4) };
    assert.equal(order(...crowd.slice(0, 8), other).indexOf('other'), 8);
    assert.equal(order(...crowd, other).indexOf('other'), 9);
    assert.equal(order(...crowd.map(({ group: _, ...alone }) => alone), other).indexOf('other'), 20);
  });

  it('finds a turn by a fact that was taken from it', () => {
    assert.deepEqual(order({ id: 'some', ...words(2) }, { id: 'match', ...words(5) }, { id: 'told', factWords: 7 }), ['match', 'told', 'some']);
  });

  it('prefers what the named person said, without leaving others out', () => {
    assert.deepEqual(order({ id: 'other', ...words(5) }, { id: 'named', ...words(4.5), namesSpeaker: true }), ['named', 'other']);
  });

  it('brings by meaning alone what no word matches, but not before the best lexical match', () => {
    assert.deepEqual(order({ id: 'weak', ...words(1) }, { id: 'match', ...words(5) }, { id: 'meant', ...meaning(9) }), ['match', 'meant', 'weak']);
  });

  it('answers by meaning where no word matches at all', () => {
    assert.deepEqual(order({ id: 'nearly', ...meaning(2) }, { id: 'meant', ...meaning(4) }, { id: 'not' }), ['meant', 'nearly']);
  });

  it('counts meaning up to full strength only', () => {
    const [first, second] = rank(signalsOf({ id: 'a', ...meaning(weights.fullMeaning) }, { id: 'b', ...meaning(50) }), facts);
    assert.ok(first && second);
    assert.ok(Math.abs(first.score - second.score) < 1e-9);
  });

  it('raises what was said in the time asked for, without leaving out what was said before or after', () => {
    const ranked = order({ id: 'then', ...words(4), isDuring: true }, { id: 'match', ...words(5) }, { id: 'then, of other things', isDuring: true });
    assert.deepEqual(ranked, ['then', 'match', 'then, of other things']);
  });

  it('leaves out what has a small share of the best score, whatever the scores are', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (best) => {
        assert.deepEqual(order({ id: 'match', ...words(best) }, { id: 'some', ...words(best / 4) }, { id: 'hardly', ...words(best / 12) }), ['match', 'some']);
      }),
    );
  });

  it('does not keep a turn for standing in a session, where all sessions are alike', () => {
    const inOneSession = [{ id: 'match', ...words(5), session: 3 }, { id: 'beside the point', session: 3 }];
    const only = { ...signalsOf(...inOneSession), meanSession: 3 };
    assert.deepEqual(rank(only, facts).map(({ id }) => id), ['match']);
    const oneOfMany = { ...only, meanSession: 0.1 };
    assert.deepEqual(rank(oneOfMany, facts).map(({ id }) => id), ['match', 'beside the point']);
  });

  it('leaves out what nothing speaks for', () => {
    assert.deepEqual(order({ id: 'nothing' }), []);
    assert.deepEqual(order(), []);
  });

  it('decides between equals by age and importance', () => {
    assert.deepEqual(order({ id: 'old', ...words(5), at: 0 }, { id: 'new', ...words(5), at: 999 * day }), ['new', 'old']);
    const ranked = rank(signalsOf({ id: 'minor', ...words(5) }, { id: 'important', ...words(5) }), {
      at: 0,
      importanceOf: ({ document }) => (document === 1 ? 1 : 0),
    });
    assert.equal(ranked[0]?.id, 'important');
  });

  it('lets neither age nor importance outrank what matches better by a tenth', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 100, noNaN: true }), fc.nat(2000), fc.nat(2000), (score, one, other) => {
        const ranked = rank(
          signalsOf({ id: 'better', ...words(score * 1.1), at: one * day }, { id: 'favoured', ...words(score), at: other * day }),
          { at: 1000 * day, importanceOf: ({ document }) => (document === 1 ? 1 : -3) },
        );
        assert.equal(ranked[0]?.id, 'better');
      }),
    );
  });

  it('says why', () => {
    const ranked = rank(
      signalsOf(
        { id: 'words', ...words(5) },
        { id: 'neighbour', ...words(0.1, { previous: 5 }) },
        { id: 'meaning', ...meaning(6) },
        { id: 'fact', factWords: 3 },
      ),
      facts,
    );
    const why = new Map(ranked.map((place) => [place.id, place.why]));
    assert.deepEqual(why.get('words'), { words: ['kettle'], meaning: false, neighbour: false, fact: false });
    assert.deepEqual(why.get('neighbour'), { words: ['kettle'], meaning: false, neighbour: true, fact: false });
    assert.deepEqual(why.get('meaning'), { words: ['kettle'], meaning: true, neighbour: false, fact: false });
    assert.deepEqual(why.get('fact'), { words: ['kettle'], meaning: false, neighbour: false, fact: true });
  });

  it('never falls when a signal rises, others being equal', () => {
    const score = fc.double({ min: 0, max: 20, noNaN: true });
    const around = fc.record({ own: score, previous: score, next: score, far: score });
    const candidate = fc.record({ words: around, meaning: around, session: score, factWords: score, factMeaning: score, namesSpeaker: fc.boolean() });
    fc.assert(
      fc.property(fc.array(candidate, { minLength: 1, maxLength: 8 }), fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const best = given.reduce((most, { words: { own } }) => Math.max(most, own), 0);
        const [first, ...others] = given.map((fields, i): Named => ({ id: `c${i}`, ...fields }));
        assert.ok(first?.words);
        // Within what the best already reaches, so that the scale stays.
        const raised = { ...first, words: { ...first.words, own: first.words.own + share * Math.max(0, best - first.words.own) } };
        const place = (of: Named): number => rank(signalsOf(of, ...others), facts).findIndex(({ id }) => id === 'c0');
        const before = place(first);
        if (before === -1) return;
        fc.pre(highestLexical([raised, ...others]) === highestLexical([first, ...others]));
        assert.ok(place(raised) <= before);
      }),
    );
  });
});

/** The sum over the window that the ranking divides by. */
function highestLexical(given: readonly Named[]): number {
  const { previous, next, far } = weights.words;
  return Math.max(...given.map(({ words: at = none }) => at.own + previous * at.previous + next * at.next + far * at.far));
}
