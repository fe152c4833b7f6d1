import assert from 'node:assert/strict';
import fc from 'fast-check';

import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { IndexedDocument } from '../../../src/store/effects.ts';
import { languageAnalyzer, plainAnalyzer } from '../../../src/store/search/analyzer.ts';
import { Bm25Index, type Bm25IndexOptions, type SearchFilter } from '../../../src/store/search/bm25-index.ts';
import { type Bm25Parameters, conversationParameters, originalFrequency, smoothedFrequency } from '../../../src/store/search/bm25-scoring.ts';

function documentOf(fields: Partial<IndexedDocument> & { readonly id: string }): IndexedDocument {
  return {
    group: 'session',
    order: 0,
    text: '',
    speaker: 'user',
    at: 0,
    kind: 'episodic',
    factOf: null,
    scope: 'shared',
    visible: true,
    ...fields,
  };
}

function optionsWith(parameters: Bm25Parameters = conversationParameters): Bm25IndexOptions {
  return { analyzer: plainAnalyzer, parameters, textOf: ({ text }) => text };
}

/** BM25 as it is written in books, over a list of documents. */
class NaiveIndex {
  readonly documents = new Map<string, IndexedDocument>();
  readonly parameters: Bm25Parameters;

  constructor(parameters: Bm25Parameters) {
    this.parameters = parameters;
  }

  put(document: IndexedDocument): void {
    this.documents.delete(document.id);
    this.documents.set(document.id, document);
  }

  search(text: string, filter: SearchFilter): { id: string; score: number }[] {
    const { k1, b, inverseDocumentFrequency } = this.parameters;
    const corpus = [...this.documents.values()].map((document) => ({ document, words: document.text.split(' ').filter(Boolean) }));
    const average = corpus.reduce((sum, { words }) => sum + words.length, 0) / corpus.length;
    const asked = [...new Set(text.split(' ').filter(Boolean))];
    return corpus
      .map(({ document, words }) => ({
        document,
        score: asked.reduce((sum, word) => {
          const found = corpus.filter((other) => other.words.includes(word)).length;
          const frequency = words.filter((other) => other === word).length;
          if (frequency === 0) return sum;
          const saturated = (frequency * (k1 + 1)) / (frequency + k1 * (1 - b + (b * words.length) / average));
          return sum + inverseDocumentFrequency(corpus.length, found) * saturated;
        }, 0),
      }))
      .filter(({ document, score }) => score > 0 && (filter.includeHidden === true || document.visible))
      .filter(({ document }) => filter.scopes === undefined || filter.scopes.includes(document.scope))
      .map(({ document, score }) => ({ id: document.id, score }));
  }
}

const words = fc.array(fc.constantFrom('tea', 'kettle', 'oak', 'river', 'lamp', 'snow', 'bread'), { maxLength: 12 }).map((list) => list.join(' '));
const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');

type Step =
  | { readonly do: 'add'; readonly document: IndexedDocument }
  | { readonly do: 'remove'; readonly id: string }
  | { readonly do: 'show'; readonly id: string; readonly visible: boolean }
  | { readonly do: 'store' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .record({ id: ids, text: words, visible: fc.boolean(), scope: fc.constantFrom('shared', 'agent:x'), order: fc.nat(9) })
        .map((fields): Step => ({ do: 'add', document: documentOf(fields) })),
    },
    { weight: 2, arbitrary: ids.map((id): Step => ({ do: 'remove', id })) },
    { weight: 2, arbitrary: fc.record({ id: ids, visible: fc.boolean() }).map((fields): Step => ({ do: 'show', ...fields })) },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'store' }) },
  ),
  { maxLength: 40 },
);

const parameters: fc.Arbitrary<Bm25Parameters> = fc.record({
  k1: fc.constantFrom(0.5, 0.9, 2),
  b: fc.constantFrom(0, 0.4, 1),
  inverseDocumentFrequency: fc.constantFrom(originalFrequency, smoothedFrequency),
});

const filters: fc.Arbitrary<SearchFilter> = fc.constantFrom<SearchFilter>(
  {},
  { includeHidden: true },
  { scopes: ['shared'] },
  { scopes: ['agent:x', 'nowhere'], includeHidden: true },
);

describe('Bm25Index', () => {
  it('finds what a naive BM25 finds, after any adding, removing, hiding, writing and reading', () => {
    fc.assert(
      fc.property(steps, words, filters, parameters, (given, question, filter, chosen) => {
        const naive = new NaiveIndex(chosen);
        let index = new Bm25Index(optionsWith(chosen));
        for (const step of given) {
          if (step.do === 'add') {
            naive.put(step.document);
            index.add(step.document);
          } else if (step.do === 'remove') {
            assert.equal(index.remove(step.id), naive.documents.delete(step.id));
          } else if (step.do === 'show') {
            const known = naive.documents.get(step.id);
            if (known !== undefined) naive.documents.set(step.id, { ...known, visible: step.visible });
            assert.equal(index.setVisible(step.id, step.visible), known !== undefined);
          } else {
            index = Bm25Index.load(index.serialise('store'), 'store', optionsWith(chosen));
          }
        }
        assert.equal(index.size, naive.documents.size);
        const expected = new Map(naive.search(question, filter).map(({ id, score }) => [id, score]));
        const found = index.search(question, 100, filter);
        assert.equal(found.length, expected.size);
        for (const { id, score } of found) {
          const exact = expected.get(id) ?? NaN;
          assert.ok(Math.abs(score - exact) <= 1e-5 * (1 + exact), `${id}: ${score} instead of ${exact}`);
        }
        assert.deepEqual(
          found.map(({ score }) => score),
          found.map(({ score }) => score).sort((a, b) => b - a),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('packs itself when many are removed, and finds the same', () => {
    const index = new Bm25Index(optionsWith());
    for (let i = 0; i < 1000; i++) index.add(documentOf({ id: `d${i}`, text: `common word${i % 50} only${i}` }));
    const before = index.numbering;
    for (let i = 0; i < 1000; i += 2) index.remove(`d${i}`);
    assert.ok(index.numbering > before);
    assert.equal(index.size, 500);
    assert.deepEqual(
      index.search('only501 only500', 5).map(({ id }) => id),
      ['d501'],
    );
    assert.equal(index.search('word1', 100).length, 20);
  });

  it('folds a long tail of postings without forgetting any', () => {
    const index = new Bm25Index(optionsWith());
    const text = Array.from({ length: 200 }, (_, i) => `w${i}`).join(' ');
    for (let i = 0; i < 1000; i++) index.add(documentOf({ id: `d${i}`, text: i === 700 ? `${text} needle` : text }));
    assert.equal(index.search('w7', 2000).length, 1000);
    assert.equal(index.search('needle', 2)[0]?.id, 'd700');
  });

  it('answers equal scores in the order in which they were added', () => {
    const index = new Bm25Index(optionsWith());
    for (const id of ['one', 'two', 'three']) index.add(documentOf({ id, text: 'tea' }));
    assert.deepEqual(
      index.search('tea', 2).map(({ id }) => id),
      ['one', 'two'],
    );
  });

  it('names the words of a question that a document holds', () => {
    const index = new Bm25Index({ analyzer: languageAnalyzer });
    const number = index.add(documentOf({ id: 'a', text: 'We were camping by the river.' }));
    const asked = index.words('Who camps near Rivers or lakes?');
    assert.deepEqual(index.matchedWords(asked, number), ['camps', 'Rivers']);
  });

  it('leaves nothing of what was removed in its bytes', () => {
    const index = new Bm25Index({ analyzer: languageAnalyzer });
    index.add(documentOf({ id: 'kept', text: 'The kettle sings.' }));
    index.add(documentOf({ id: 'forgotten-id', text: 'zanzibar', group: 'forgotten-session', speaker: 'forgotten-speaker', factOf: 'forgotten-source' }));
    index.remove('forgotten-id');
    const bytes = Buffer.from(index.serialise('store')).toString('latin1');
    for (const trace of ['zanzibar', 'forgotten']) assert.equal(bytes.includes(trace), false, trace);
    assert.ok(bytes.includes('kettl'));
  });

  it('refuses bytes that were changed, cut, or made by another analyzer or store', () => {
    const index = new Bm25Index(optionsWith());
    index.add(documentOf({ id: 'a', text: 'tea' }));
    const bytes = index.serialise('store');
    const refused = (given: Uint8Array, storeId: string, options: Bm25IndexOptions): boolean => {
      try {
        Bm25Index.load(given, storeId, options);
        return false;
      } catch (error) {
        return HearthlinkError.is(error, 'store-damaged');
      }
    };
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (position, flip) => {
        const changed = bytes.slice();
        changed[position] = (changed[position] ?? 0) ^ flip;
        assert.ok(refused(changed, 'store', optionsWith()));
        assert.ok(refused(bytes.slice(0, position), 'store', optionsWith()));
      }),
    );
    assert.ok(refused(bytes, 'store', { analyzer: languageAnalyzer }));
    assert.ok(refused(bytes, 'other', optionsWith()));
    assert.equal(refused(bytes, 'store', optionsWith()), false);
  });

  it('scores a session as one document made of its eligible turns', () => {
    const index = new Bm25Index(optionsWith());
    index.add(documentOf({ id: 'a1', group: 'a', order: 0, text: 'tea' }));
    index.add(documentOf({ id: 'a2', group: 'a', order: 1, text: 'kettle' }));
    index.add(documentOf({ id: 'b1', group: 'b', order: 0, text: 'tea' }));
    index.add(documentOf({ id: 'b2', group: 'b', order: 1, text: 'kettle', visible: false }));
    const scores = index.scoreGroups(index.words('tea kettle'), index.eligible({}));
    const of = (id: string): number => scores.values[index.documents.groups.group(index.documents.find(id))] ?? 0;
    const average = 2;
    const weight = (found: number): number => smoothedFrequency(2, found) * 1.9;
    const saturated = 1 / (1 + 0.9 * (0.6 + (0.4 * 2) / average));
    assert.ok(Math.abs(of('a1') - (weight(2) + weight(1)) * saturated) < 1e-5);
    assert.ok(Math.abs(of('b1') - weight(2) * saturated) < 1e-5);
  });
});
