import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { BackupService } from '../../../src/operations/backup/backup-service.ts';
import { unlock } from '../../../src/operations/keys/encryption-flows.ts';
import type { Vault } from '../../../src/operations/keys/vault.ts';
import type { Store } from '../../../src/store/port.ts';
import { backupsOver, realArchives } from '../../support/store/backups-over.ts';
import { fillStore } from '../../support/store/fill-store.ts';
import { openRealStore } from '../../support/store/real-store.ts';
import { HandClock } from '../../support/seeded-ports.ts';
import { MemoryKeep, passphrase } from './support/sample-ring.ts';
import { encrypt, machineWithBackupsOf, newMachine, openVault, removeMachine, type SampleMachine } from './support/sample-vault.ts';
import { ScriptedQuestions } from './support/scripted-questions.ts';

/** The product's store of a machine, and its backups under the machine's keys. */
function backupsOf({ root, backups }: SampleMachine, vault: Vault): { readonly store: Store; readonly service: BackupService } {
  const store = openRealStore(path.join(root, 'store'));
  const archives = realArchives({ key: (folder) => vault.keyForWriting(folder), keyOf: vault.keyOf });
  return { store, service: backupsOver(store, backups, archives) };
}

async function textsOf(store: Store): Promise<string[]> {
  const { slices } = await store.slices.list({ limit: 1_000, offset: 0 });
  return slices.map(({ text }) => text).sort();
}

describe('a drill with encrypted backups', () => {
  const machines: SampleMachine[] = [];
  const stores: Store[] = [];

  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const machine of machines.splice(0)) await removeMachine(machine);
  });

  it('brings everything back on a machine that has nothing but the backups and somebody who knows the passphrase', async () => {
    const home = await newMachine(new HandClock(), new MemoryKeep());
    machines.push(home);
    const { vault } = openVault(home);
    await encrypt(vault);
    const lost = backupsOf(home, vault);
    stores.push(lost.store);
    await fillStore(lost.store, { messages: 60, turnsPerChat: 10 });
    const made = await lost.service.backUp('full', 'hand');
    assert.notEqual(made, null);
    const before = await textsOf(lost.store);
    const chats = await lost.store.sessions.list({ limit: 100 });

    const fresh = await machineWithBackupsOf(home, new MemoryKeep());
    machines.push(fresh);
    const { vault: opened } = openVault(fresh, { seed: 8 });
    const found = backupsOf(fresh, opened);
    stores.push(found.store);
    const id = made?.id ?? '';
    const { backups, unreadable } = await found.service.overview();
    assert.deepEqual([backups.length, unreadable.map(({ error }) => error.code)], [0, ['archive-locked']]);
    await assert.rejects(found.service.restore({ type: 'backup', id }), { code: 'not-found' });

    assert.equal(await unlock(opened, new ScriptedQuestions({ secret: [passphrase] })), 'adopted');
    await found.service.restore({ type: 'backup', id });
    assert.deepEqual(await textsOf(found.store), before);
    assert.deepEqual(await found.store.sessions.list({ limit: 100 }), chats);
    assert.ok((await readdir(path.join(fresh.root, 'store'))).includes('KEYS'), 'the store leaves the keys beside it alone');
  });

  it('begins in a folder that holds nothing but keys, and writes no backup while they are locked', async () => {
    const home = await newMachine(new HandClock(), new MemoryKeep());
    machines.push(home);
    await mkdir(path.join(home.root, 'store'), { recursive: true });
    const { vault } = openVault(home);
    await encrypt(vault);
    const { store, service } = backupsOf(home, vault);
    stores.push(store);
    await fillStore(store, { messages: 10, turnsPerChat: 5 });
    const made = await service.backUp('full', 'hand');
    await service.prove(made?.id ?? '');
    await vault.lock();
    await assert.rejects(service.backUp('full', 'hand'), { code: 'vault-locked' });
    assert.equal((await readdir(home.backups)).filter((name) => name.endsWith('.hearthlink-backup')).length, 1);
  });
});
