import assert from 'node:assert/strict';
import { auditedBringing, auditedStore } from '../../../src/operations/audit/audited-store.ts';
import type { Audit, AuditEvent } from '../../../src/operations/audit/audit.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { BackupRepository } from '../../../src/store/backup-port.ts';
import type { NewSlice } from '../../../src/store/slice-port.ts';
import { HandClock } from '../../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore } from '../../support/store/memory-store.ts';

function fact(id: string, text: string): NewSlice {
  return {
    id, text, kind: 'semantic', state: 'held', speaker: 'user', scope: { type: 'agent', agentId: 'alden' }, importance: 0.5, confidence: 1,
    provenance: { type: 'user' }, validFrom: 1, expiresAt: null, at: 1,
  };
}

function recorded() {
  const events: AuditEvent[] = [];
  const clock = new HandClock();
  const plain = createMemoryStore();
  const audit: Audit = { note: (event) => void events.push(event) };
  return { audit, events, clock, plain, store: auditedStore(plain, audit, clock) };
}

describe('a store whose use is recorded', () => {
  afterEach(closeMemoryStores);

  it('notes what is added, changed, forgotten and brought back, by ids alone', async () => {
    const { events, store } = recorded();
    await store.slices.add([fact('a', 'My sister is Ada.'), fact('b', 'I live in Lund.')]);
    await store.slices.edit({ id: 'a', pinned: true, at: 2 });
    await store.slices.forget({ id: 'b', undoUntil: 10, at: 3 });
    await store.slices.undoForget({ id: 'b', at: 4 });
    assert.deepEqual(events, [
      { action: 'memory.added', ids: ['a', 'b'] },
      { action: 'memory.changed', what: 'edited', ids: ['a'] },
      { action: 'memory.forgotten', ids: ['b'] },
      { action: 'memory.brought-back', ids: ['b'] },
    ]);
    assert.doesNotMatch(JSON.stringify(events), /Ada|Lund/);
  });

  it('tells an export of everything from one thing that is read to be kept, and an import from what a backup brings back', async () => {
    const { audit, events, plain, store } = recorded();
    await plain.slices.add([fact('a', 'My sister is Ada.')]);
    await store.transfer.exportPage({ part: 'memory', after: null, limit: 10, only: { type: 'memory', id: 'a' } });
    await store.transfer.exportPage({ part: 'memory', after: null, limit: 10 });
    await store.transfer.begin({ id: 'i', source: 'hearthlink', name: 'a file', at: 2 });
    const bringing = auditedBringing(plain.transfer, audit);
    await bringing.begin({ id: 'b', source: 'hearthlink', name: 'a backup', at: 3 });
    await bringing.undo({ id: 'b', at: 4 });
    assert.deepEqual(events, [
      { action: 'memory.exported' },
      { action: 'memory.imported', ids: ['i'] },
      { action: 'memory.brought-back', what: 'from-backup', ids: ['b'] },
      { action: 'memory.import-undone', ids: ['b'] },
    ]);
  });

  it('notes which memories were used in a reply, and none where there were none', async () => {
    const { events, store } = recorded();
    await store.slices.add([fact('a', 'My sister is Ada.')]);
    const newSession = { id: 's', agentId: 'alden', title: 'Sister', temporary: false, workspaceId: null, expiresAt: null, at: 1 };
    const turn = { sessionId: 's', holder: 'w', leaseUntil: 10, at: 1 };
    const end = { status: 'complete', sequence: 0, text: 'Ada.', thinking: '', thinkingMs: null, model: 'm', error: null, statistics: null, at: 2 } as const;
    for (const [number, memoriesUsed] of [['1', ['a']], ['2', []]] as const) {
      const user = { id: `u${number}`, parentId: null, atActiveLeaf: true, text: 'Who?', attachments: [] };
      const reply = { id: `r${number}`, parentId: `u${number}`, origin: 'model', model: null } as const;
      await store.messages.startTurn({ ...turn, user, reply, ...(number === '1' ? { newSession } : {}) });
      await store.messages.finishReply({ ...end, messageId: reply.id, memoriesUsed });
    }
    assert.deepEqual(events.slice(1), [
      { action: 'memory.added', what: 'said', ids: ['u1'] },
      { action: 'memory.used', ids: ['a'] },
      { action: 'memory.added', what: 'said', ids: ['u2'] },
    ]);
  });

  it('notes nothing of what was refused or went wrong', async () => {
    const { events, plain, store } = recorded();
    plain.failNext('slices.edit', 'store-full');
    await assert.rejects(store.slices.edit({ id: 'a', pinned: true, at: 2 }), (error) => HearthlinkError.is(error, 'store-full'));
    assert.deepEqual(events, []);
  });

  it('notes looking around once a minute, however often one looks', async () => {
    const { events, clock, store } = recorded();
    const look = (): Promise<unknown> => store.browsing.graph({ limit: 10, projects: [] });
    await look();
    await look();
    await clock.advance(60_000);
    await look();
    assert.deepEqual(events, [{ action: 'memory.viewed' }, { action: 'memory.viewed' }]);
  });

  it('notes that a backup was restored, and no number that would read like how many', async () => {
    const { events, clock, plain } = recorded();
    const replaced = { storeId: '0'.repeat(32), schemaVersion: 1, generation: 6, journal: 'j', offset: 0, sequence: 1, chain: '0'.repeat(32), at: 1 };
    const report = { generation: 7, replaced, summary: { tables: {}, newest: {} }, keptForgotten: 0 };
    const backup: BackupRepository = { ...plain.backup, scratchRestore: () => Promise.resolve(report) };
    const store = auditedStore({ ...plain, backup }, { note: (event) => void events.push(event) }, clock);
    await store.backup.scratchRestore({ scratch: 's', at: 1, replaces: null });
    assert.deepEqual(events, [{ action: 'backup.restored' }]);
  });
});
