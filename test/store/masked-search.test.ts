import assert from 'node:assert/strict';
import { maskSecrets } from '../../src/memory/secrets.ts';
import type { IndexedDocument } from '../../src/store/effects.ts';
import { maskedSearch } from '../../src/store/masked-search.ts';
import { searchKeeping } from '../../src/store/search-keeping.ts';
import { SearchIndex } from '../../src/store/search/search-index.ts';

const document: IndexedDocument = {
  id: 'm-1',
  group: 's1',
  order: 1,
  text: 'The staging password: tr0ub4dor-and-3 opens the kettle.',
  speaker: 'user',
  at: Date.UTC(2026, 2, 28),
  kind: 'episodic',
  factOf: null,
  scope: 'shared',
  visible: true,
};

describe('a search that is not to know secrets', () => {
  it('finds a message by its other words, and not by the secret in it', () => {
    const index = new SearchIndex();
    maskedSearch(searchKeeping, maskSecrets).apply(index, [{ type: 'put-document', document }]);
    assert.equal(index.search('kettle', 5).length, 1);
    assert.equal(index.search('tr0ub4dor', 5).length, 0);
  });

  it('does not learn them when its words are made again from the rows', async () => {
    const index = await maskedSearch(searchKeeping, maskSecrets).load([], 'store', () => Promise.resolve([document]));
    assert.equal(index.search('kettle', 5).length, 1);
    assert.equal(index.search('tr0ub4dor', 5).length, 0);
  });

  it('writes no byte of them', () => {
    const index = new SearchIndex();
    const search = maskedSearch(searchKeeping, maskSecrets);
    search.apply(index, [{ type: 'put-document', document }]);
    const bytes = Buffer.concat(search.save(index, 'store').map((file) => file.bytes)).toString('latin1');
    assert.match(bytes, /kettl/);
    assert.doesNotMatch(bytes, /tr0ub4dor/);
  });
});
