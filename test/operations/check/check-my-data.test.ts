import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { appendEvents } from '../../../src/operations/audit/audit-appending.ts';
import type { AuditEvent } from '../../../src/operations/audit/audit.ts';
import { checkMyData, isSound, type CheckParts } from '../../../src/operations/check/check-my-data.ts';
import type { FrozenContent } from '../../../src/store/backup-port.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../../support/store/memory-store.ts';

const never = new AbortController().signal;

/** A data folder, beside a store in memory with two chats. */
class Scene implements Disposable {
  readonly store: MemoryStore = createMemoryStore();
  readonly events: AuditEvent[] = [];
  readonly path = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-check-'));
  readonly parts: CheckParts = {
    store: this.store,
    newestBackup: () => Promise.resolve(null),
    audit: { note: (event) => void this.events.push(event) },
    folders: { store: path.join(this.path, 'store'), backups: path.join(this.path, 'backups'), record: path.join(this.path, 'activity') },
    platform: 'linux',
    unsaved: () => 0,
  };

  async fill(): Promise<this> {
    for (const id of ['a', 'b']) {
      await this.store.sessions.create({ id, agentId: 'alden', title: id, temporary: false, workspaceId: null, expiresAt: null, at: 1 });
    }
    for (const folder of Object.values(this.parts.folders)) fs.mkdirSync(folder, { mode: 0o700 });
    return this;
  }

  /** What is found, with no backup in sight. */
  check(signal: AbortSignal = never): ReturnType<typeof checkMyData> {
    return checkMyData(this.parts, signal, () => undefined);
  }

  [Symbol.dispose](): void {
    fs.rmSync(this.path, { recursive: true });
  }
}

describe('a check of the live data', () => {
  afterEach(closeMemoryStores);

  it('proves the store: what is put together anew from its bytes is what it holds', async () => {
    using scene = await new Scene().fill();
    const report = await scene.check();
    assert.equal(report.store.state, 'proved');
    assert.equal(report.store.summary.tables['session'], 2);
    assert.deepEqual([isSound(report), report.documents, report.openToOthers, report.backup], [true, { count: 0, damaged: [] }, [], null]);
    assert.deepEqual(scene.events, [{ action: 'store.checked', outcome: 'done' }]);
  });

  it('finds a store that is not whole, says so, and looks at everything else all the same', async () => {
    using scene = await new Scene().fill();
    scene.store.failNext('scratchLoad', 'archive-damaged');
    const report = await scene.check();
    assert.deepEqual(report.store, { state: 'damaged', error: { code: 'archive-damaged', parameters: {} } });
    assert.deepEqual(report.record, { lines: 0, shortenedBy: 0, problems: [] });
    assert.equal(isSound(report), false);
    assert.deepEqual(scene.events, [{ action: 'store.checked', outcome: 'failed' }]);
  });

  it('finds rows and records that are not those of the store, although each of their bytes is as it was written', async () => {
    using scene = await new Scene().fill();
    const { backup } = scene.store;
    const answering = async (changed: Partial<FrozenContent>): Promise<string> => {
      const freeze = async (): Promise<FrozenContent> => ({ ...(await backup.freeze()), ...changed });
      return (await checkMyData({ ...scene.parts, store: { backup: { ...backup, freeze } } }, never, () => undefined)).store.state;
    };
    const { frozen, position, summary } = await backup.freeze();
    await backup.release(frozen);
    assert.equal(await answering({}), 'proved');
    assert.equal(await answering({ summary: { ...summary, tables: { ...summary.tables, session: 3 } } }), 'damaged');
    assert.equal(await answering({ position: { ...position, chain: '0'.repeat(32) } }), 'damaged');
  });

  it('does not call damaged what could not be looked at', async () => {
    using scene = await new Scene().fill();
    scene.store.failNext('freeze', 'store-stopped');
    const report = await scene.check();
    assert.equal(report.store.state, 'unknown');
    assert.equal(isSound(report), false);
  });

  it('leaves nothing behind in the store and its worker', async () => {
    using scene = await new Scene().fill();
    await scene.check();
    scene.store.failNext('readPart', 'store-stopped');
    await scene.check();
    const calls = (name: string): number => scene.store.calls.filter((call) => call === name).length;
    assert.deepEqual([calls('release'), calls('scratchDrop')], [calls('freeze'), calls('scratchBegin')]);
  });

  it('finds a document that is not what its name says', async () => {
    using scene = await new Scene().fill();
    for (const [content, name] of [['kept', hash('sha256', 'kept')], ['changed', hash('sha256', 'as it was')]] as const) {
      const folder = path.join(scene.parts.folders.store, 'blobs', name.slice(0, 2));
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      fs.writeFileSync(path.join(folder, name), content, { mode: 0o600 });
    }
    const { documents } = await scene.check();
    const changed = hash('sha256', 'as it was');
    assert.deepEqual(documents, { count: 2, damaged: [`${changed.slice(0, 2)}/${changed}`] });
  });

  it('looks at everything else where a document or the backups cannot be looked at', async () => {
    using scene = await new Scene().fill();
    const name = hash('sha256', 'kept');
    fs.mkdirSync(path.join(scene.parts.folders.store, 'blobs', name.slice(0, 2), name), { recursive: true, mode: 0o700 }); // reading a folder fails
    const newestBackup = () => Promise.reject(new RangeError('no such disk'));
    const report = await checkMyData({ ...scene.parts, newestBackup }, never, () => undefined);
    assert.deepEqual([report.store.state, report.documents.damaged, report.backup], ['proved', [`${name.slice(0, 2)}/${name}`], null]);
  });

  it('finds what others may look into, and says nothing of it where the system does not', async function () {
    if (process.platform === 'win32') this.skip();
    using scene = await new Scene().fill();
    const file = path.join(scene.parts.folders.backups, 'some.hearthlink');
    fs.writeFileSync(file, '');
    fs.chmodSync(file, 0o640);
    fs.chmodSync(scene.parts.folders.store, 0o755);
    assert.deepEqual((await scene.check()).openToOthers, [scene.parts.folders.store, file]);
    const elsewhere = { ...scene.parts, platform: 'win32' } as const;
    assert.equal((await checkMyData(elsewhere, never, () => undefined)).openToOthers, null);
  });

  it('finds a record of activity that was altered', async () => {
    using scene = await new Scene().fill();
    const { record } = scene.parts.folders;
    await appendEvents(record, [{ at: 1, window: 'w', action: 'backup.made' }, { at: 2, window: 'w', action: 'backup.proved' }]);
    const file = path.join(record, 'activity-0000000001.jsonl');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('backup.proved', 'backup.deleted'));
    const report = await scene.check();
    assert.ok('problems' in report.record && report.record.problems.length === 1);
    assert.equal(isSound(report), false);
  });

  it('stops where it is told to, and gives everything back', async () => {
    using scene = await new Scene().fill();
    const stopped = new AbortController();
    stopped.abort();
    await assert.rejects(scene.check(stopped.signal), { code: 'cancelled' });
    assert.ok(scene.store.calls.includes('scratchDrop') && scene.store.calls.includes('release'));
  });
});
