import assert from 'node:assert/strict';
import fc from 'fast-check';

import { findEntities, type EntityGraph } from '../../../src/store/search/entities.ts';

function found(...texts: readonly string[]): EntityGraph {
  return findEntities(texts.map((text, at) => ({ text, at })), { limit: 50, projects: ['garden'] });
}

function kinds(graph: EntityGraph): Record<string, string> {
  return Object.fromEntries(graph.entities.map(({ name, kind }) => [name, kind]));
}

describe('what texts are about', () => {
  it('is people and places, told apart by the words beside them', () => {
    const graph = found('We met with Henrike in Lisbon.', 'Yesterday Henrike asked about the keel.', 'The workshop in Lisbon is closed.');
    assert.deepEqual(kinds(graph), { Henrike: 'person', Lisbon: 'place' });
  });

  it('is files, and projects that are known or named like one', () => {
    const graph = found('See notes.md of tide-script', 'notes.md says that Garden and tide-script share code', 'The Garden grows');
    assert.deepEqual(kinds(graph), { 'notes.md': 'file', 'tide-script': 'project', Garden: 'project' });
  });

  it('is topics: acronyms, names without a hint, words that return', () => {
    const graph = found('The tables are in UTC, like Windlass', 'Read UTC tables under Windlass', 'Old tables are kept');
    assert.deepEqual(kinds(graph), { UTC: 'topic', Windlass: 'topic', tables: 'topic' });
  });

  it('is a full name where its words mostly stand together', () => {
    const graph = found('We met with Henrike Voss at Lake Orta.', 'Then Henrike Voss asked about the keel.', 'A pond near Oslo, near Lake Orta', 'A pond near Oslo');
    assert.deepEqual(kinds(graph), { 'Henrike Voss': 'person', 'Lake Orta': 'place', Oslo: 'place' });
  });

  it('is two names where their words mostly stand apart', () => {
    const graph = found('by Ada, then with Ada Bo came', 'by Ada, by Bo', 'with Ada Bo left', 'with Bo, with Ada', 'by Bo');
    assert.deepEqual(Object.keys(kinds(graph)).toSorted(), ['Ada', 'Bo']);
  });

  it('is no row of capitals that is longer than a name', () => {
    const heading = 'About Repairing Wooden Rowing Boats';
    assert.ok(found(heading, heading).entities.every(({ name }) => !name.includes(' ')));
  });

  it('is no stop word, no day, no month, and nothing that stands in one text alone', () => {
    assert.deepEqual(found('On Monday there was Quillon, and in März too', 'On Monday there were plums, and in März too').entities, []);
  });

  it('takes a capital that only begins a sentence for no name', () => {
    assert.deepEqual(found('Boats need paint.', 'Boats need care.').entities, []);
  });

  it('counts each text once, since the first, and ties what is named together', () => {
    const graph = found('With Henrike and with Ottilie: Henrike', 'by Ottilie', 'by Henrike and by Ottilie');
    assert.deepEqual(graph.entities, [
      { name: 'Ottilie', kind: 'person', count: 3, since: 0 },
      { name: 'Henrike', kind: 'person', count: 2, since: 0 },
    ]);
    assert.deepEqual(graph.ties, [{ a: 0, b: 1, count: 2 }]);
  });

  it('says how many there are past the limit', () => {
    const { entities, found: all } = findEntities([{ text: 'by Ada, by Bo', at: 1 }, { text: 'by Ada, by Bo', at: 2 }], { limit: 1, projects: [] });
    assert.deepEqual([entities.length, all], [1, 2]);
  });

  it('names only what stands in the texts, and ties only what stands together in one', () => {
    const word = fc.constantFrom('Henrike', 'Voss', 'keel', 'Lisbon', 'the', 'notes.md', 'UTC', 'barrel', 'asked', 'in', '.', '数据', 'été');
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')), { maxLength: 20 }), (texts) => {
        const { entities, ties } = found(...texts);
        const holding = (name: string): string[] => texts.filter((text) => text.toLowerCase().includes(name.toLowerCase()));
        for (const { name, count } of entities) assert.ok(holding(name).length >= count && count >= 2, name);
        for (const { a, b, count } of ties) {
          const [one, other] = [entities[a], entities[b]];
          assert.ok(one !== undefined && other !== undefined && a < b);
          assert.ok(holding(one.name).filter((text) => text.toLowerCase().includes(other.name.toLowerCase())).length >= count);
        }
      }),
    );
  });
});
