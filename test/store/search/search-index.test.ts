import assert from 'node:assert/strict';
import fc from 'fast-check';

import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { Effect, IndexedDocument } from '../../../src/store/effects.ts';
import { quantise } from '../../../src/store/search/quantisation.ts';
import type { RecallCandidate, RecallSignals } from '../../../src/store/search/recall-signals.ts';
import { type Question, SearchIndex } from '../../../src/store/search/search-index.ts';
import { searchKeeping } from '../../../src/store/search-keeping.ts';

function put(fields: Partial<IndexedDocument> & { readonly id: string }): Effect {
  const document: IndexedDocument = {
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
  return { type: 'put-document', document };
}

function putVector(id: string, ...components: number[]): Effect {
  return { type: 'put-vector', id, model: 'model', ...quantise(Float32Array.from(components)) };
}

function indexOf(...effects: readonly Effect[]): SearchIndex {
  const index = new SearchIndex();
  searchKeeping.apply(index, effects);
  return index;
}

/** A session whose turns are these texts, named `<group><position>`. */
function session(group: string, ...texts: readonly string[]): Effect[] {
  return texts.map((text, order) => put({ id: `${group}${order}`, group, order, text }));
}

function ask(text: string, more: Partial<Question> = {}): Question {
  return { text, vector: null, excludedIds: new Set(), limit: 50, ...more };
}

function candidate(signals: RecallSignals, id: string): RecallCandidate {
  const found = signals.candidates.find((one) => signals.idOf(one) === id);
  assert.ok(found, `${id} is no candidate`);
  return found;
}

function idsOf(signals: RecallSignals): string[] {
  return signals.candidates.map((one) => signals.idOf(one)).sort();
}

describe('SearchIndex.signals', () => {
  it('scores a turn by its words, and its neighbours by theirs', () => {
    const signals = indexOf(...session('s', 'a kettle', 'nothing', 'nothing', 'nothing', 'nothing'), ...session('o', 'rain', 'snow')).signals(
      ask('kettle'),
    );
    const own = candidate(signals, 's0').words;
    assert.ok(own.own > 0 && own.previous === 0 && own.next === 0 && own.far === 0);
    assert.deepEqual(candidate(signals, 's1').words, { own: 0, previous: own.own, next: 0, far: 0 });
    assert.deepEqual(candidate(signals, 's2').words, { own: 0, previous: 0, next: 0, far: own.own });
    assert.deepEqual(idsOf(signals), ['s0', 's1', 's2']);
    assert.deepEqual(signals.matchedWords(candidate(signals, 's0')), ['kettle']);
  });

  it('orders neighbours by their position, however they came', () => {
    const [first, second, third] = session('s', 'a kettle', 'nothing', 'oak');
    assert.ok(first && second && third);
    const signals = indexOf(third, first, second, put({ id: 'x', group: 'other', text: 'rain' })).signals(ask('kettle'));
    assert.ok(candidate(signals, 's1').words.previous > 0);
    assert.ok(candidate(signals, 's2').words.far > 0);
  });

  it('steps over what is hidden, and never names it', () => {
    const index = indexOf(...session('s', 'a kettle', 'a hidden kettle', 'nothing'), put({ id: 'x', group: 'other', text: 'rain' }));
    index.apply({ type: 'set-visible', ids: ['s1', 'unknown'], visible: false });
    const signals = index.signals(ask('kettle'));
    assert.deepEqual(idsOf(signals), ['s0', 's2']);
    assert.ok(candidate(signals, 's2').words.previous > 0);
    index.apply({ type: 'set-visible', ids: ['s1'], visible: true });
    assert.ok(idsOf(index.signals(ask('kettle'))).includes('s1'));
  });

  it('keeps to the scopes asked for', () => {
    const index = indexOf(
      put({ id: 'mine', group: 'facts', text: 'a kettle', scope: 'agent:alden' }),
      put({ id: 'theirs', group: 'facts', text: 'a kettle', scope: 'agent:other' }),
      put({ id: 'x', group: 'facts', text: 'rain' }),
    );
    assert.deepEqual(idsOf(index.signals(ask('kettle', { scopes: ['shared', 'agent:alden'] }))), ['mine']);
  });

  it('does not name what stands in the prompt already, but lets it speak for its neighbours', () => {
    const index = indexOf(
      ...session('s', 'a kettle', 'boil the kettle'),
      put({ id: 'fact', group: 'facts', text: 'owns a kettle', factOf: 's0' }),
      put({ id: 'x', group: 'other', text: 'rain' }),
    );
    const signals = index.signals(ask('kettle', { excludedIds: new Set(['s0']) }));
    assert.deepEqual(idsOf(signals), ['s1']);
    assert.ok(candidate(signals, 's1').words.previous > 0);
  });

  it('lets a fact speak for the turn it was taken from', () => {
    const index = indexOf(
      ...session('s', 'I finally got one, in copper'),
      put({ id: 'fact', group: 'facts', text: 'The user owns a copper kettle', factOf: 's0' }),
      put({ id: 'x', group: 'other', text: 'rain' }),
    );
    const signals = index.signals(ask('kettle'));
    assert.deepEqual(idsOf(signals), ['s0']);
    assert.ok(candidate(signals, 's0').factWords > 0);
    assert.equal(candidate(signals, 's0').words.own, 0);
  });

  it('lets a fact speak for itself where its turn is gone or hidden', () => {
    const index = indexOf(
      ...session('s', 'I finally got one, in copper'),
      put({ id: 'fact', group: 'facts', text: 'The user owns a copper kettle', factOf: 's0' }),
      put({ id: 'x', group: 'other', text: 'rain' }),
    );
    index.apply({ type: 'set-visible', ids: ['s0'], visible: false });
    assert.deepEqual(idsOf(index.signals(ask('kettle'))), ['fact']);
    index.apply({ type: 'remove-document', id: 's0' });
    assert.ok(candidate(index.signals(ask('kettle')), 'fact').words.own > 0);
  });

  it('finds the turn of a fact that came before it', () => {
    const index = indexOf(
      put({ id: 'fact', group: 'facts', text: 'The user owns a copper kettle', factOf: 's0' }),
      ...session('s', 'I finally got one, in copper'),
      put({ id: 'x', group: 'other', text: 'rain' }),
    );
    assert.ok(candidate(index.signals(ask('kettle')), 's0').factWords > 0);
  });

  it('knows which session is about the question', () => {
    const signals = indexOf(...session('tea', 'a kettle', 'boil water'), ...session('other', 'a kettle', 'rain')).signals(ask('kettle water'));
    assert.ok(candidate(signals, 'tea0').session > candidate(signals, 'other0').session);
    assert.equal(signals.topSession, candidate(signals, 'tea0').session);
  });

  it('knows how far all sessions are alike', () => {
    const signals = indexOf(...session('s', 'a kettle', 'tea'), ...session('o', 'a kettle', 'tea')).signals(ask('kettle'));
    assert.ok(Math.abs(signals.meanSession - signals.topSession) < 1e-6);
    const one = indexOf(...session('s', 'a kettle'), ...session('o', 'rain')).signals(ask('kettle'));
    assert.ok(Math.abs(one.meanSession - one.topSession / 2) < 1e-6);
  });

  it('says what of a neighbour’s match is repeated, and how long a turn is', () => {
    const others = ['rain', 'snow', 'wind'].flatMap((text) => session(text, text, `${text} again`));
    const signals = indexOf(...session('s', 'kettle', 'a kettle of copper', 'all well'), ...others).signals(ask('copper kettle'));
    const { words, repeatedWords, length } = candidate(signals, 's0');
    assert.ok(repeatedWords.next > 0 && repeatedWords.next < words.next);
    assert.equal(candidate(signals, 's2').repeatedWords.previous, 0);
    assert.ok(length !== null && length < (candidate(signals, 's1').length ?? 0));
  });

  it('names what was said in the time asked for, the latest first, and never what is hidden or elsewhere', () => {
    const said = [100, 200, 300, 400].map((at, i) => put({ id: `t${String(i)}`, order: i, at, text: 'rain' }));
    const hidden = put({ id: 'hidden', order: 9, at: 250, text: 'rain', visible: false });
    const elsewhere = put({ id: 'elsewhere', group: 'o', at: 250, text: 'rain', scope: 'agent:bryn' });
    const question = ask('what', { scopes: ['shared'], during: { from: 200, to: 400 } });
    const signals = indexOf(...said, hidden, elsewhere).signals(question);
    assert.deepEqual(idsOf(signals), ['t1', 't2']);
    assert.ok(signals.candidates.every(({ isDuring }) => isDuring));
    assert.deepEqual(idsOf(indexOf(...said).signals({ ...question, limit: 1 })), ['t2']);
    assert.deepEqual(idsOf(indexOf(...said).signals({ ...question, excludedIds: new Set(['t2']) })), ['t1']);
  });

  it('knows whom the question names', () => {
    const index = indexOf(
      put({ id: 'a', group: 'a', text: 'the kettle', speaker: 'Zoë Martin' }),
      put({ id: 'b', group: 'b', text: 'the kettle', speaker: 'Noor' }),
    );
    const signals = index.signals(ask('Where did ZOE put the kettle?'));
    assert.equal(candidate(signals, 'a').namesSpeaker, true);
    assert.equal(candidate(signals, 'b').namesSpeaker, false);
  });

  it('scores meaning in standard deviations above the mean, and finds by it what no word finds', () => {
    const index = indexOf(
      ...session('s', 'oak', 'rain', 'snow', 'lamp'),
      putVector('s0', 1, 0),
      putVector('s1', 0, 1),
      putVector('s2', 0, 1),
      putVector('s3', 0, 1),
    );
    const signals = index.signals(ask('kettle', { vector: { model: 'model', values: Float32Array.of(1, 0) } }));
    // One cosine of 1 among three of 0, and sixteen assumed ones of mean .15 and deviation .12: mean .17, deviation .225.
    assert.ok(Math.abs(candidate(signals, 's0').meaning.own - 0.83 / 0.225) < 0.01);
    assert.equal(candidate(signals, 's1').meaning.own, 0);
    assert.equal(candidate(signals, 's1').meaning.previous, candidate(signals, 's0').meaning.own);
  });

  it('finds the only memory there is by its meaning, and not one that means something else', () => {
    const index = indexOf(...session('s', 'oak'), putVector('s0', 1, 0));
    const askTowards = (...values: number[]) => index.signals(ask('kettle', { vector: { model: 'model', values: Float32Array.of(...values) } }));
    assert.ok(candidate(askTowards(0.9, Math.sqrt(0.19)), 's0').meaning.own > 2);
    assert.deepEqual(askTowards(0, 1).candidates, []);
  });

  it('goes by words alone while the vectors are of another model or dimension', () => {
    const index = indexOf(...session('s', 'a kettle', 'oak'), putVector('s0', 1, 0), putVector('s1', 0, 1));
    for (const vector of [
      { model: 'other', values: Float32Array.of(0, 1) },
      { model: 'model', values: Float32Array.of(0, 1, 0) },
    ]) {
      assert.equal(candidate(index.signals(ask('kettle', { vector })), 's1').meaning.own, 0);
    }
  });

  it('links vectors that came before their documents, and forgets removed ones', () => {
    const vector = { model: 'model', values: Float32Array.of(1, 0) };
    const index = indexOf(putVector('s0', 1, 0), putVector('s1', 0, 1));
    assert.deepEqual(idsOf(index.signals(ask('kettle', { vector }))), []);
    searchKeeping.apply(index, session('s', 'oak', 'rain'));
    assert.ok(candidate(index.signals(ask('kettle', { vector })), 's0').meaning.own > 0);
    index.apply({ type: 'remove-vectors', id: 's0' });
    assert.deepEqual(idsOf(index.signals(ask('kettle', { vector }))), []);
  });

  it('links vectors again when the documents were numbered anew', () => {
    const many = Array.from({ length: 200 }, (_, i) => put({ id: `d${i}`, group: 'many', order: i, text: `word${i}` }));
    const index = indexOf(...many, ...session('s', 'oak', 'rain'), putVector('s0', 1, 0), putVector('s1', 0, 1));
    const vector = { model: 'model', values: Float32Array.of(1, 0) };
    const before = index.signals(ask('kettle', { vector }));
    for (let i = 0; i < 200; i++) index.apply({ type: 'remove-document', id: `d${i}` });
    const after = index.signals(ask('kettle', { vector }));
    assert.deepEqual(idsOf(after), idsOf(before));
    assert.equal(candidate(after, 's0').meaning.own, candidate(before, 's0').meaning.own);
  });

  it('passes over a vector that does not fit its model', () => {
    const index = indexOf(...session('s', 'oak'), putVector('s0', 1, 0));
    index.apply({ type: 'put-vector', id: 's1', model: 'model', values: new Int8Array(3), scale: 1 });
    assert.deepEqual([index.hasVector('model', 's0'), index.hasVector('model', 's1')], [true, false]);
  });
});

const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const effects: fc.Arbitrary<Effect[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .record({
          id: ids,
          group: fc.constantFrom('s', 't', 'facts'),
          order: fc.nat(4),
          text: fc.constantFrom('a kettle', 'oak and rain', 'kettle, kettle and snow', ''),
          factOf: fc.constantFrom(null, null, 'a', 'b'),
          visible: fc.boolean(),
        })
        .map(put),
    },
    { weight: 1, arbitrary: ids.map((id): Effect => ({ type: 'remove-document', id })) },
    { weight: 1, arbitrary: fc.record({ ids: fc.array(ids), visible: fc.boolean() }).map((fields): Effect => ({ type: 'set-visible', ...fields })) },
    { weight: 3, arbitrary: fc.tuple(ids, fc.nat(9), fc.nat(9)).map(([id, x, y]) => putVector(id, x, y, 1)) },
    { weight: 1, arbitrary: ids.map((id): Effect => ({ type: 'remove-vectors', id })) },
  ),
  { maxLength: 30 },
);

/** All signals of a question, by id, without the numbers that each index gives by itself; sums over vectors in another order differ in the last bits. */
function everything(index: SearchIndex): unknown {
  const signals = index.signals(ask('kettle rain', { vector: { model: 'model', values: Float32Array.of(1, 0, 0) } }));
  const rounded = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toFixed(4)) : value);
  const byId = signals.candidates.map((one) => [signals.idOf(one), JSON.stringify({ ...one, document: 0, group: one.group === null ? null : 0 }, rounded)] as const);
  return byId.sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('searchKeeping', () => {
  it('gives two windows the same answers, whenever one of them was written and read', async () => {
    await fc.assert(
      fc.asyncProperty(effects, fc.nat(30), async (given, storedAfter) => {
        const whole = indexOf(...given);
        const stored = indexOf(...given.slice(0, storedAfter));
        const read = await searchKeeping.load(searchKeeping.save(stored, 'store'), 'store', () => assert.fail('not asked for'));
        searchKeeping.apply(read, given.slice(storedAfter));
        assert.deepEqual(everything(read), everything(whole));
        assert.deepEqual(
          read.search('kettle', 9).map(({ id }) => id),
          whole.search('kettle', 9).map(({ id }) => id),
        );
      }),
    );
  });

  it('ends the same when effects are applied that are in it already', () => {
    fc.assert(
      fc.property(effects, (given) => {
        assert.deepEqual(everything(indexOf(...given, ...given)), everything(indexOf(...given)));
      }),
    );
  });

  it('makes the words again where their file is missing, damaged or of another analyzer, and keeps the vectors', async () => {
    const [first] = session('s', 'a kettle');
    assert.ok(first?.type === 'put-document');
    const files = searchKeeping.save(indexOf(first, putVector('s0', 1, 0)), 'store');
    const damaged = files.map(({ name, bytes }) => ({ name, bytes: name === 'index.bin' ? bytes.slice(0, -1) : bytes }));
    for (const given of [files.filter(({ name }) => name !== 'index.bin'), damaged]) {
      const read = await searchKeeping.load(given, 'store', async () => Promise.resolve([first.document]));
      assert.equal(read.search('kettles', 1)[0]?.id, 's0');
      assert.ok(read.hasVector('model', 's0'));
    }
  });

  it('does not go on without vectors that were there', async () => {
    const files = searchKeeping.save(indexOf(putVector('s0', 1, 0)), 'store');
    const damaged = files.map(({ name, bytes }) => ({ name, bytes: name === 'index.bin' ? bytes : bytes.slice(0, -1) }));
    await assert.rejects(searchKeeping.load(damaged, 'store', async () => Promise.resolve([])), (error) => HearthlinkError.is(error, 'store-damaged'));
  });

  it('names a file for each model, whatever the model is called', () => {
    const index = indexOf(putVector('s0', 1, 0), { type: 'put-vector', id: 's0', model: 'sha256:../x', ...quantise(Float32Array.of(1)) });
    const names = searchKeeping.save(index, 'store').map(({ name }) => name);
    assert.equal(new Set(names).size, 3);
    for (const name of names) assert.match(name, /^(index|vectors-[0-9a-f]{16})\.bin$/u);
  });

  it('opens an empty store', async () => {
    const index = await searchKeeping.load([], 'store', async () => Promise.resolve([]));
    assert.deepEqual(index.search('kettle', 5), []);
    assert.deepEqual(index.signals(ask('kettle')).candidates, []);
  });
});
