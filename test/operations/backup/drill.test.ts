import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BackupService } from '../../../src/operations/backup/backup-service.ts';
import { searchBackups } from '../../../src/operations/backup/search-backups.ts';
import { silentLog } from '../../../src/shared/ports.ts';
import type { Store } from '../../../src/store/port.ts';
import { newFact } from '../../store/sql/support/sample-rows.ts';
import { backupsOver, realArchives } from '../../support/store/backups-over.ts';
import { fillStore } from '../../support/store/fill-store.ts';
import { openRealStore } from '../../support/store/real-store.ts';
import { poll } from '../../support/vscode/poll.ts';

/** The product's store on a disk, with the service over it. */
function machine(root: string): { readonly store: Store; readonly service: BackupService } {
  const store = openRealStore(path.join(root, 'store'));
  return { store, service: backupsOver(store, path.join(root, 'backups')) };
}

async function texts(store: Store): Promise<string[]> {
  const { slices } = await store.slices.list({ limit: 1_000, offset: 0 });
  return slices.map(({ text }) => text).sort();
}

describe('a drill with the store itself', () => {
  let root: string;
  const opened: Store[] = [];

  function open(name: string): ReturnType<typeof machine> {
    const made = machine(path.join(root, name));
    opened.push(made.store);
    return made;
  }

  beforeEach(async () => { root = await mkdtemp(path.join(tmpdir(), 'hearthlink-drill-')); });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it('brings everything back on a new machine that has nothing but the backups', async () => {
    const old = open('old');
    await fillStore(old.store, { messages: 60, turnsPerChat: 10 });
    await old.service.backUp('full', 'hand');
    await old.store.slices.add([newFact('late', 'The second barrel stands behind the shed.', { at: Date.now() })]);
    const changes = await old.service.backUp('changes', 'hand');
    assert.equal(changes?.kind, 'changes');
    assert.ok(changes.counts['slice'] !== undefined, 'the rows were counted at its end');
    const before = await texts(old.store);
    const chats = await old.store.sessions.list({ limit: 100 });

    await cp(path.join(root, 'old/backups'), path.join(root, 'new/backups'), { recursive: true, preserveTimestamps: true });
    const fresh = open('new');
    const { summary } = await fresh.service.prove(changes.id);
    assert.deepEqual(summary.tables, changes.counts);
    await fresh.service.restore({ type: 'backup', id: changes.id });
    assert.deepEqual(await texts(fresh.store), before);
    assert.deepEqual(await fresh.store.sessions.list({ limit: 100 }), chats);
  });

  it('finds words in what backups hold, and not in those from after a purge', async () => {
    const { store, service } = open('one');
    await store.slices.add([newFact('secret', 'The spare key lies under the third flowerpot.', { at: Date.now() })]);
    const held = await service.backUp('full', 'hand');
    await store.slices.forget({ id: 'secret', undoUntil: 10, at: 5 });
    await store.slices.wipeForgotten(20);
    await store.purge(Date.now());
    const clean = await service.backUp('full', 'hand');
    const folder = path.join(root, 'one/backups');
    const search = searchBackups({ store, archives: realArchives(), folders: [folder], log: silentLog });
    const found = [];
    for (const name of (await readdir(folder)).filter((file) => search.isBackup({ backupFolder: folder, name: file, bytes: 0 }))) {
      const { signal } = new AbortController();
      if (await search.holds({ backupFolder: folder, name, bytes: 0 }, 'under the THIRD flowerpot', signal)) found.push(name);
    }
    assert.ok(held !== null && clean !== null);
    assert.deepEqual(found.map((name) => name.includes(held.id)), [true]);
    assert.deepEqual((await service.overview()).mayHoldForgotten, [held.id]);
  });

  it('goes back to a moment between two backups, and forward again by the backup that was made of the present', async () => {
    const { store, service } = open('one');
    await fillStore(store, { messages: 10, turnsPerChat: 5 });
    await service.backUp('full', 'hand');
    for (const text of ['First.', 'Second.']) await store.slices.add([newFact(text, text, { at: Date.now() })]);
    const moment = Date.now();
    await poll('the next millisecond', () => Date.now() > moment, { everyMs: 1 });
    await store.slices.add([newFact('Third.', 'Third.', { at: Date.now() })]);
    await service.backUp('changes', 'hand');
    const all = await texts(store);

    const { safetyId } = await service.restore({ type: 'moment', at: moment });
    assert.deepEqual(await texts(store), all.filter((text) => text !== 'Third.'));
    assert.ok(safetyId !== null);
    await service.restore({ type: 'backup', id: safetyId });
    assert.deepEqual(await texts(store), all);
  });
});
