import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeArchiveFiles } from '../../../src/operations/archive/node-archive-files.ts';
import type { BackupService } from '../../../src/operations/backup/backup-service.ts';
import { adoptKeys, copyKeys, keyCopyName } from '../../../src/operations/keys/key-copies.ts';
import { proposeKeyRing } from '../../../src/operations/keys/key-ring-proposal.ts';
import { unlockKeyRing, type KeyRing, type KeyRingSetup } from '../../../src/operations/keys/key-ring.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { Store } from '../../../src/store/port.ts';
import { ProductWindow, systemRandom } from '../../faults/support/product-window.ts';
import { newFact } from '../../store/sql/support/sample-rows.ts';
import { backupsOver, realArchives } from '../../support/store/backups-over.ts';
import { fillStore } from '../../support/store/fill-store.ts';
import { openRealStore } from '../../support/store/real-store.ts';
import { passphrase, storeId } from '../keys/support/sample-ring.ts';

const clock = { now: () => Date.now() };

/** What lies on one machine: the store, its keys, its backups. */
class Machine {
  readonly root: string;
  readonly backups: string;
  readonly keys: KeyRingSetup;

  constructor(root: string) {
    this.root = root;
    this.backups = path.join(root, 'backups');
    // The least work that is allowed, so that the test is quick.
    this.keys = { file: path.join(root, 'KEYS'), files: nodeArchiveFiles, random: systemRandom, clock, guessesOf: (text) => Promise.resolve(text.length), cost: { N: 1 << 14, r: 8, p: 1 } };
  }

  async use<T>(ring: KeyRing | null, work: (store: Store, service: BackupService) => Promise<T>): Promise<T> {
    const store = openRealStore(path.join(this.root, 'store'));
    const archives = realArchives({ key: () => ring?.activeKey() ?? null, keyOf: (id, ringId) => ring?.keyOf(id, ringId) ?? null });
    try {
      return await work(store, backupsOver(store, this.backups, archives));
    } finally {
      await store.close();
    }
  }

  /** Every row of every table, as SQLite has it. */
  async rows(): Promise<Record<string, unknown[][]>> {
    const window = new ProductWindow(path.join(this.root, 'store'));
    try {
      return await window.engine.inspect(({ content: { database } }) => {
        const tables = database.raw.exec(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)[0]?.values.flat().map(String) ?? [];
        return Object.fromEntries(tables.map((table) => [table, database.raw.exec(`SELECT * FROM "${table}" ORDER BY 1, 2`)[0]?.values ?? []]));
      });
    } finally {
      await window.close();
    }
  }
}

describe('a new machine that has nothing but encrypted backups and the passphrase', () => {
  let root: string;

  beforeEach(async () => { root = await mkdtemp(path.join(tmpdir(), 'hearthlink-machines-')); });
  afterEach(async () => { await rm(root, { recursive: true, force: true, maxRetries: 5 }); });

  it('gets back every row of every table, and lets nobody in without the passphrase', async function () {
    this.timeout(60_000);
    const old = new Machine(path.join(root, 'old'));
    await old.use(null, (store) => fillStore(store, { messages: 60, turnsPerChat: 10 }));
    const proposal = await proposeKeyRing(old.keys, storeId, passphrase);
    const oldRing = await proposal.confirmRecoveryKey(proposal.recoveryKey);
    const newest = await old.use(oldRing, async (store, service) => {
      await service.backUp('full', 'hand');
      await copyKeys(oldRing, old.keys, old.backups);
      await store.slices.add([newFact('late', 'The second barrel stands behind the shed.', { at: Date.now() })]);
      await store.agents.setCaptureMode({ agentId: 'alden', mode: 'off', at: Date.now() });
      const made = await service.backUp('changes', 'hand');
      return made?.id ?? assert.fail('Nothing was backed up.');
    });
    const rows = await old.rows();
    assert.deepEqual([rows['message']?.length, rows['agent']?.length], [60, 1]);

    const fresh = new Machine(path.join(root, 'fresh'));
    await cp(old.backups, fresh.backups, { recursive: true, preserveTimestamps: true });
    await rm(old.root, { recursive: true });
    await fresh.use(null, async (_, service) => {
      assert.deepEqual((await service.overview()).unreadable.map(({ error }) => error.code), ['archive-locked', 'archive-locked']);
    });
    await adoptKeys(fresh.keys, path.join(fresh.backups, keyCopyName(storeId)));
    await assert.rejects(unlockKeyRing(fresh.keys, 'gull rows quiet harbours'), (error) => HearthlinkError.is(error, 'vault-refused'));
    const ring = await unlockKeyRing(fresh.keys, passphrase);
    await fresh.use(ring, async (store, service) => {
      await service.prove(newest);
      await service.restore({ type: 'backup', id: newest });
      assert.equal((await store.agents.settings('alden')).captureMode, 'off');
    });
    assert.deepEqual(await fresh.rows(), rows);
    assert.ok((await readdir(fresh.root)).includes('KEYS'));
  });
});
