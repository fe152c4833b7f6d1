import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Database } from 'sql.js';
import { BackupContents } from '../../../src/operations/backup/backup-contents.ts';
import type { BackupService } from '../../../src/operations/backup/backup-service.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { silentLog } from '../../../src/shared/ports.ts';
import type { StoreClient } from '../../../src/store/client.ts';
import { productContent, ProductWindow } from '../../faults/support/product-window.ts';
import { addChat, titles } from '../../faults/support/stored-chats.ts';
import { backupsOver } from '../../support/store/backups-over.ts';
import { openRealStore, realIds } from '../../support/store/real-store.ts';

/** As the first release's content, made of the present one. With `hasStray` a table of the second release is in its way. */
function firstRelease({ hasStray }: { readonly hasStray: boolean }): typeof productContent {
  return {
    ...productContent,
    schemaVersion: 1,
    migrate(database: Database, from: number): void {
      if (from > 0) throw new Error('There is nothing before the first release.');
      productContent.migrate(database, 0);
      database.exec(`DROP TABLE last_purge; DROP INDEX slice_archived; ALTER TABLE slice DROP COLUMN archived_at; ALTER TABLE slice DROP COLUMN rejected; PRAGMA user_version = 1`);
      if (!hasStray) database.exec('DROP TABLE slice_merge');
    },
  };
}

const laterRelease = { ...productContent, schemaVersion: productContent.schemaVersion + 1, migrate: () => undefined };

/** The product, as this release starts it, over a folder. */
class Product {
  readonly store: StoreClient;
  readonly service: BackupService;
  readonly contents: BackupContents;

  constructor(root: string) {
    this.store = openRealStore(path.join(root, 'store'));
    const clock = { now: () => Date.now() };
    this.service = backupsOver(this.store, path.join(root, 'backups'));
    this.contents = new BackupContents({
      service: this.service, store: this.store, clock, ids: realIds, log: silentLog, names: () => ({ from: 'From a backup', copyOf: (title) => title }),
    });
    this.store.guardMigrations((content) => this.service.backUpBeforeMigration(content));
  }
}

describe('backups between releases', function () {
  this.timeout(240_000); // each start of the product is a worker that starts
  let root: string;
  const products: Product[] = [];

  function start(): Product {
    const product = new Product(root);
    products.push(product);
    return product;
  }

  async function written(content: typeof productContent, title: string): Promise<void> {
    const window = new ProductWindow(path.join(root, 'store'), { content });
    await window.addChat(title);
    await window.close();
  }

  beforeEach(async () => { root = await mkdtemp(path.join(tmpdir(), 'hearthlink-releases-')); });
  afterEach(async () => {
    for (const { store } of products.splice(0)) await store.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it('a store of an earlier release is backed up and proved before it is migrated, and once', async () => {
    await written(firstRelease({ hasStray: false }), 'Old');
    const { store, service } = start();
    assert.deepEqual(await titles(store), ['Old']);
    const { backups } = await service.overview();
    assert.deepEqual(backups.map(({ reason, kind, soundness, manifest }) => [reason, kind, soundness.type, manifest.schemaVersion]), [['before-migration', 'full', 'proved', 1]]);
    await addChat(store, 'New');
    const [before] = backups;
    assert.ok(before !== undefined);
    await service.restore({ type: 'backup', id: before.id });
    assert.deepEqual(await titles(store), ['Old']);
    await store.close();
    const again = start();
    assert.deepEqual(await titles(again.store), ['Old']);
    assert.equal((await again.service.overview()).backups.filter(({ reason }) => reason === 'before-migration').length, 1);
  });

  it('a store that cannot be migrated stays as it is, and an earlier backup brings it back', async () => {
    const first = start();
    await addChat(first.store, 'Good');
    const good = await first.service.backUp('full', 'hand');
    assert.ok(good !== null);
    await first.store.close();
    await rm(path.join(root, 'store'), { recursive: true });
    await written(firstRelease({ hasStray: true }), 'Odd');

    const { store, service, contents } = start();
    await assert.rejects(titles(store), (error) => HearthlinkError.is(error, 'store-not-migrated'));
    const { backups } = await service.overview();
    const odd = backups.find(({ reason }) => reason === 'before-migration');
    assert.equal(odd?.soundness.type, 'proved', 'what is in it is what was there');
    await assert.rejects(service.restore({ type: 'backup', id: odd.id }), (error) => HearthlinkError.is(error, 'store-not-migrated'));
    const { safetyId, kept } = await contents.restore({ type: 'backup', id: good.id }, { type: 'all-but', chats: [], memories: [] });
    assert.deepEqual([safetyId, kept], [odd.id, { chats: 0, memories: 0 }]);
    await store.close();
    assert.deepEqual(await titles(start().store), ['Good']);
  });

  it('a store that a later release has written goes back to a backup of this one', async () => {
    const first = start();
    await addChat(first.store, 'Before');
    const made = await first.service.backUp('full', 'hand');
    assert.ok(made !== null);
    await first.store.close();
    await written(laterRelease, 'After');

    const { store, service } = start();
    assert.equal((await store.status()).state, 'newer-schema');
    const opened = await service.open({ type: 'backup', id: made.id });
    assert.equal(opened.now, null);
    await store.backup.scratchDrop(opened.scratch);
    const { safetyId } = await service.restore({ type: 'backup', id: made.id });
    assert.equal(safetyId, null);
    await store.close();
    const again = start();
    assert.deepEqual(await titles(again.store), ['Before']);
    await addChat(again.store, 'On');
  });
});
