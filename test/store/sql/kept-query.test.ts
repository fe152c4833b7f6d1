import assert from 'node:assert/strict';
import fc from 'fast-check';

import { keptQuery } from '../../../src/store/sql/kept-query.ts';
import { InProcessStore } from './support/in-process-store.ts';
import { newSession } from './support/sample-rows.ts';

const rename = keptQuery<{ id: string; title: string }, unknown>((db, { value, text }) =>
  db.updateTable('session').set({ title: text('title'), version: 2 }).where('id', '=', value('id')),
);
const titles = keptQuery<{ title: string }, { id: string; title: string }>((db, { text }) =>
  db.selectFrom('session').select(['id', 'title']).where('title', '=', text('title')),
);

describe('a kept query', () => {
  it('is run with other values on other stores, and says what it changed', async () => {
    const stores = [InProcessStore.create(), InProcessStore.create()];
    for (const [i, store] of stores.entries()) {
      await store.call('sessions.create', newSession());
      const title = `Chat ${String(i)}`;
      const change = (id: string) => store.run('write', ({ db }) => rename.run(db, { id, title }));
      assert.equal((await change('s1')).numAffectedRows, 1n);
      assert.equal((await change('s9')).numAffectedRows, 0n);
      assert.deepEqual((await titles.run(store.db, { title })).rows, [{ id: 's1', title }]);
    }
  });

  it('stores a text of any length as a query built for it would, and the journal repeats it', async () => {
    const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('NUL \0 inside', 'half \ud83d a pair', 'x'.repeat(400)));
    await fc.assert(fc.asyncProperty(anyText, async (title) => {
      const kept = InProcessStore.create();
      const built = InProcessStore.create();
      for (const store of [kept, built]) await store.call('sessions.create', newSession());
      await kept.run('write', ({ db }) => rename.run(db, { id: 's1', title }));
      await built.run('write', ({ db }) => db.updateTable('session').set({ title, version: 2 }).where('id', '=', 's1').execute());
      assert.deepEqual(kept.content(), built.content());
      assert.deepEqual(kept.replica().content(), kept.content());
      assert.equal((await titles.run(kept.db, { title })).rows.length, 1);
      assert.equal(kept.statements.at(-1)?.parameters[0] instanceof Uint8Array, title.length > 128, 'long texts go as bytes');
    }), { numRuns: 50 });
  });

  it('writes only where writing is allowed', async () => {
    const store = InProcessStore.create();
    await assert.rejects(store.run('read', ({ db }) => rename.run(db, { id: 's1', title: 'New' })), /tried to write/);
  });
});
