import assert from 'node:assert/strict';
import fc from 'fast-check';

import type { Session, SessionStatus } from '../../../src/store/records.ts';
import { InProcessStore } from './support/in-process-store.ts';
import { factFrom, minute, newSession, recalledIds, takeTurn } from './support/sample-rows.ts';

describe('sessions', () => {
  it('answers a new session as it was stored', async () => {
    const store = InProcessStore.create();
    const created = await store.call('sessions.create', newSession({ workspaceId: 'w1' }));
    assert.deepEqual(created, await store.call('sessions.get', 's1'));
    assert.equal(created.status, 'active');
    assert.equal(created.version, 1);
    assert.equal(created.messageCount, 0);
  });

  it('answers the session that has the id already', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    const again = await store.call('sessions.create', newSession({ title: 'Other' }));
    assert.equal(again.title, 'New chat');
  });

  it('refuses a temporary session that never expires', async () => {
    const store = InProcessStore.create();
    await assert.rejects(store.call('sessions.create', newSession({ temporary: true })), { code: 'invalid-input' });
  });

  it('lists the newest first, page by page, without archived, expired and deleted ones', async () => {
    const store = InProcessStore.create();
    for (const [i, id] of ['a', 'b', 'c', 'd', 'e'].entries()) await store.call('sessions.create', newSession({ id, at: 1000 + i }));
    await store.call('sessions.transition', { id: 'b', to: 'closed', at: 1001 });
    await store.call('sessions.transition', { id: 'b', to: 'archived', at: 1001 });
    await store.call('sessions.delete', { id: 'c', alsoFacts: false, at: 2000 });
    const ids = async (page: { limit: number; before?: number; includeArchived?: boolean }): Promise<string[]> =>
      (await store.call('sessions.list', page)).map((session) => session.id);
    assert.deepEqual(await ids({ limit: 10 }), ['e', 'd', 'a']);
    assert.deepEqual(await ids({ limit: 2 }), ['e', 'd']);
    assert.deepEqual(await ids({ limit: 2, before: 1003 }), ['a']);
    assert.deepEqual(await ids({ limit: 10, includeArchived: true }), ['e', 'd', 'b', 'a']);
  });

  it('refuses a change that was decided on an older version, and names both', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    await store.call('sessions.rename', { id: 's1', title: 'Mine', by: 'user', version: 1, at: 2000 });
    await assert.rejects(store.call('sessions.rename', { id: 's1', title: 'Theirs', by: 'user', version: 1, at: 2001 }), {
      code: 'conflict',
      parameters: { kind: 'session', id: 's1', expected: 1, actual: 2 },
    });
    await assert.rejects(store.call('sessions.transition', { id: 's1', to: 'paused', version: 1, at: 2001 }), { code: 'conflict' });
    assert.equal((await store.call('sessions.get', 's1'))?.title, 'Mine');
  });

  it('keeps the title that the user chose when the agent proposes one', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    assert.equal((await store.call('sessions.rename', { id: 's1', title: 'By Alden', by: 'agent', at: 2000 })).title, 'By Alden');
    await store.call('sessions.rename', { id: 's1', title: 'By me', by: 'user', at: 2001 });
    const kept = await store.call('sessions.rename', { id: 's1', title: 'By Alden again', by: 'agent', at: 2002 });
    assert.deepEqual([kept.title, kept.titleBy], ['By me', 'user']);
  });

  it('moves only along the allowed transitions, whatever is asked in whatever order', async () => {
    const allowed: Record<SessionStatus, readonly SessionStatus[]> = {
      active: ['paused', 'closed'],
      paused: ['active', 'closed'],
      closed: ['active', 'archived'],
      archived: ['closed'],
      expired: [],
    };
    const statuses: readonly SessionStatus[] = ['active', 'paused', 'closed', 'archived', 'expired'];
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(fc.constantFrom(...statuses), { maxLength: 12 }), async (temporary, wishes) => {
        const store = InProcessStore.create();
        await store.call('sessions.create', newSession({ temporary, expiresAt: temporary ? 9000 : null }));
        let status: SessionStatus = 'active';
        let version = 1;
        for (const to of wishes) {
          const isAllowed: boolean = allowed[status].includes(to) || (to === 'expired' && temporary && status !== 'expired');
          if (to === status || isAllowed) {
            const session: Session = await store.call('sessions.transition', { id: 's1', to, version, at: 2000 });
            version += to === status ? 0 : 1;
            status = to;
            assert.deepEqual([session.status, session.version], [status, version]);
          } else {
            await assert.rejects(store.call('sessions.transition', { id: 's1', to, at: 2000 }), { code: 'invalid-transition' });
          }
        }
        store.database.close();
      }),
      { numRuns: 40 },
    );
  });

  it('expires temporary sessions past their time, and only these', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession({ id: 'kept' }));
    await store.call('sessions.create', newSession({ id: 'early', temporary: true, expiresAt: 5000 }));
    await store.call('sessions.create', newSession({ id: 'late', temporary: true, expiresAt: 6001 }));
    assert.equal(await store.call('sessions.expire', 6000), 1);
    assert.equal(await store.call('sessions.expire', 6000), 0);
    assert.deepEqual((await store.call('sessions.list', { limit: 10 })).map((session) => session.id).sort(), ['kept', 'late']);
    assert.equal((await store.call('sessions.get', 'early'))?.status, 'expired');
  });

  it('takes a temporary session that is ended by hand out of recall', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession({ temporary: true, expiresAt: 5000 }));
    await takeTurn(store, { id: 'm1', parentId: null, text: 'My badger is called Quillon', reply: 'A fine name' });
    await store.call('sessions.transition', { id: 's1', to: 'expired', at: 3000 });
    assert.deepEqual(await recalledIds(store, 'badger', { sessionId: 's1' }), []);
    await assert.rejects(store.call('slices.add', [factFrom('m1', 'f1', 'Too late', null)]), { code: 'not-found' });
  });

  it('wipes an expired session with everything that was learned in it', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession({ temporary: true, expiresAt: 5000 }));
    await takeTurn(store, { id: 'm1', parentId: null, text: 'My badger is called Quillon', reply: 'A fine name' });
    await store.call('slices.add', [factFrom('m1', 'f1', 'Has a badger named Quillon', 'My badger is called Quillon')]);
    await store.call('sessions.expire', 6000);
    assert.deepEqual(await recalledIds(store, 'badger', { sessionId: 's1' }), []);
    assert.equal(await store.call('slices.wipeForgotten', 6001), 1);
    assert.deepEqual(await store.call('sessions.list', { limit: 5 }), []);
    assert.deepEqual(await store.call('slices.get', ['f1', 'm-m1', 'm-m1r']), []);
    assert.doesNotMatch(store.purgedBytes(), /Quillon/);
  });
});

describe('deleting a chat', () => {
  async function storeWithChat(): Promise<InProcessStore> {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession({ title: 'About badgers' }));
    await takeTurn(store, { id: 'm1', parentId: null, text: 'My badger is called Quillon', reply: 'A fine name for a badger' });
    await store.call('slices.add', [factFrom('m1', 'f1', 'Keeps a badger', 'My badger')]);
    return store;
  }

  it('takes it out of lists, search and recall at once, and says how many facts were learned', async () => {
    const store = await storeWithChat();
    assert.deepEqual(await store.call('sessions.delete', { id: 's1', alsoFacts: false, at: 5000 }), { facts: 1 });
    assert.deepEqual(await store.call('sessions.list', { limit: 10 }), []);
    assert.equal(await store.call('sessions.get', 's1'), null);
    assert.deepEqual(await store.call('sessions.search', { text: 'badger', limit: 10 }), []);
    assert.deepEqual(await recalledIds(store, 'badger'), ['f1']);
    const { slices } = await store.call('slices.list', { limit: 10, offset: 0 });
    assert.deepEqual(slices.map((slice) => slice.id), ['f1']);
  });

  it('brings all of it back until it is wiped', async () => {
    const store = await storeWithChat();
    const before = await recalledIds(store, 'badger');
    await store.call('sessions.delete', { id: 's1', alsoFacts: true, at: 5000 });
    assert.deepEqual(await recalledIds(store, 'badger'), []);
    assert.equal(await store.call('slices.wipeForgotten', 5000 + minute), 0, 'undo holds for a minute');
    const session = await store.call('sessions.undoDelete', { id: 's1', at: 6000 });
    assert.equal(session.title, 'About badgers');
    assert.deepEqual(await recalledIds(store, 'badger'), before);
    assert.equal(await store.call('slices.wipeForgotten', 500_000), 0, 'nothing is left to wipe');
  });

  it('removes every message after the time for undo, and keeps the facts without their quote', async () => {
    const store = await storeWithChat();
    await store.call('sessions.delete', { id: 's1', alsoFacts: false, at: 5000 });
    assert.equal(await store.call('slices.wipeForgotten', 5001 + minute), 1);
    await assert.rejects(store.call('sessions.undoDelete', { id: 's1', at: 5002 + minute }), { code: 'not-found' });
    const [fact] = await store.call('slices.get', ['f1']);
    assert.equal(fact?.text, 'Keeps a badger');
    assert.deepEqual(fact.provenance, { type: 'message', sessionId: 's1', messageId: 'm1', quote: null });
    assert.doesNotMatch(store.purgedBytes(), /Quillon|fine name|About badgers/);
  });

  it('forgets the facts too when asked to', async () => {
    const store = await storeWithChat();
    await store.call('sessions.delete', { id: 's1', alsoFacts: true, at: 5000 });
    await assert.rejects(store.call('slices.undoForget', { id: 'f1', at: 5001 }), { code: 'invalid-transition' });
    assert.equal(await store.call('slices.wipeForgotten', 5001 + minute), 2);
    assert.deepEqual(await store.call('slices.get', ['f1']), []);
    assert.doesNotMatch(store.purgedBytes(), /badger/);
  });

  it('forgets the facts also when asked to after the chat was deleted, and brings both back together', async () => {
    const store = await storeWithChat();
    const before = await recalledIds(store, 'badger');
    await store.call('sessions.delete', { id: 's1', alsoFacts: false, at: 5000 });
    assert.deepEqual(await store.call('sessions.delete', { id: 's1', alsoFacts: true, at: 6000 }), { facts: 1 });
    assert.deepEqual(await recalledIds(store, 'badger'), []);
    await store.call('sessions.undoDelete', { id: 's1', at: 7000 });
    assert.deepEqual(await recalledIds(store, 'badger'), before);
  });

  it('refuses to delete twice what was deleted, when nothing more is asked', async () => {
    const store = await storeWithChat();
    await store.call('sessions.delete', { id: 's1', alsoFacts: false, at: 5000 });
    await assert.rejects(store.call('sessions.delete', { id: 's1', alsoFacts: false, at: 6000 }), { code: 'not-found' });
  });
});

describe('searching chats', () => {
  async function storeWithTwoBranches(): Promise<InProcessStore> {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession({ title: 'Trip to Łódź' }));
    await takeTurn(store, { id: 'm1', parentId: null, text: 'Where do I find 100% rye bread_?', reply: 'At the Bäckerei Größner' });
    await takeTurn(store, { id: 'm2', parentId: null, text: 'ÜBER den Wolken, in other words', reply: 'Quite so' });
    return store;
  }

  it('finds parts of words in titles and on every branch, and says which branch it is', async () => {
    const store = await storeWithTwoBranches();
    const found = async (text: string) =>
      (await store.call('sessions.search', { text, limit: 5 })).map(({ messageId, onActiveBranch }) => ({ messageId, onActiveBranch }));
    assert.deepEqual(await found('łódź'), [{ messageId: null, onActiveBranch: true }]);
    assert.deepEqual(await found('größ'), [{ messageId: 'm1r', onActiveBranch: false }]);
    assert.deepEqual(await found('über'), [{ messageId: 'm2', onActiveBranch: true }]);
  });

  it('needs all words, in any order, and takes signs literally', async () => {
    const store = await storeWithTwoBranches();
    const ids = async (text: string): Promise<(string | null)[]> =>
      (await store.call('sessions.search', { text, limit: 5 })).map((hit) => hit.messageId);
    assert.deepEqual(await ids('bread rye'), ['m1']);
    assert.deepEqual(await ids('bread wheat'), []);
    assert.deepEqual(await ids('100% rye'), ['m1']);
    assert.deepEqual(await ids('10%'), []);
    assert.deepEqual(await ids('bread_'), ['m1']);
    assert.deepEqual(await ids('   '), []);
  });

  it('shows the match where the offsets say, whatever surrounds it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 150 }), fc.string({ unit: 'grapheme', maxLength: 150 }), async (before, after) => {
        const store = InProcessStore.create();
        await store.call('sessions.create', newSession());
        await takeTurn(store, { id: 'm1', parentId: null, text: `${before} Needlework ${after}`, reply: 'ok' });
        const [hit] = await store.call('sessions.search', { text: 'needlework', limit: 1 });
        assert.ok(hit);
        assert.equal(hit.snippet.slice(hit.match.start, hit.match.end).toLowerCase(), 'needlework');
        assert.ok(hit.snippet.isWellFormed());
        store.database.close();
      }),
      { numRuns: 30 },
    );
  });
});
