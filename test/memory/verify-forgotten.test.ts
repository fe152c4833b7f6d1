import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { remediesFor, verifyForgotten, type BackupSearch, type Verification } from '../../src/memory/verify-forgotten.ts';
import type { NewSlice } from '../../src/store/slice-port.ts';
import { openRealStore } from '../support/store/real-store.ts';

const text = 'Wohnt in Lissabon am Fluß';

function fact(id: string, words: string): NewSlice {
  return { id, kind: 'semantic', state: 'held', text: words, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 1, provenance: { type: 'user' }, validFrom: 0, expiresAt: null, at: 1 };
}

/** Folders in which nothing is packed. */
function noBackupFiles(folders: readonly string[]): BackupSearch {
  return { folders, isBackup: () => false, holds: () => assert.fail('There is none.') };
}

const summary = (verification: Verification) => [verification.traces.map(({ place }) => place), remediesFor(verification)];
const options = { signal: new AbortController().signal, progress: () => undefined };

describe('verifying that a memory is gone', () => {
  it('says where it stands from the moment it is known to the purge, and what to do', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hearthlink-verify-'));
    const backups = path.join(folder, 'backups');
    const store = openRealStore(path.join(folder, 'store'));
    const parts = { store, backups: noBackupFiles([backups]) };
    try {
      await store.slices.add([fact('a', text), fact('b', 'Likes tea')]);
      const known = await verifyForgotten(parts, text.toUpperCase(), options);
      assert.deepEqual(summary(known), [['journal'], ['forget']]);
      assert.equal(known.holders.memories, 1);
      mkdirSync(backups);
      cpSync(path.join(folder, 'store'), path.join(backups, 'b1'), { recursive: true });

      await store.slices.forget({ id: 'a', undoUntil: 10, at: 5 });
      const forgotten = await verifyForgotten(parts, text, options);
      assert.deepEqual(summary(forgotten), [['journal', 'backup'], ['wait', 'delete-backups']]);
      assert.deepEqual([forgotten.holders.memories, forgotten.holders.forgotten, forgotten.holders.wipedAfter], [0, 1, 10]);

      await store.slices.wipeForgotten(20);
      assert.deepEqual(summary(await verifyForgotten(parts, text, options)), [['journal', 'backup'], ['purge', 'delete-backups']]);

      await store.purge(30);
      assert.deepEqual(summary(await verifyForgotten(parts, text, options)), [['backup'], ['delete-backups']]);
      rmSync(backups, { recursive: true });
      const gone = await verifyForgotten(parts, text, options);
      assert.deepEqual(summary(gone), [[], []]);
      assert.ok(gone.filesSearched >= 4);
      assert.deepEqual(summary(await verifyForgotten(parts, 'likes TEA', options)), [['snapshot'], ['forget']]);
    } finally {
      await store.close();
      rmSync(folder, { recursive: true });
    }
  }).timeout(60_000);

  it('names what else is kept: older files, copies, documents and the index', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hearthlink-verify-'));
    const store = openRealStore(folder);
    try {
      await store.slices.add([fact('b', 'Likes tea')]);
      const files = { 'g1-first/old': 'older', 'g9-abc/snapshot.sqlite': 'snapshot', 'g9-abc/index.bin': 'index', 'before-v2-x/snapshot.sqlite': 'copy', 'damaged-g3-x/snapshot.sqlite': 'copy', 'blobs/ab/abcdef': 'document', strange: 'other', 'journal-0-aa.log': 'older' };
      for (const name of Object.keys(files)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
      const { traces } = await verifyForgotten({ store, backups: noBackupFiles([]) }, text, options);
      assert.deepEqual(Object.fromEntries(traces.map(({ place, file }) => [file.name, place])), files);
    } finally {
      await store.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('asks for what is packed in backups, and says which could not be looked into', async () => {
    const file = (name: string) => ({ backupFolder: 'backups', name, bytes: 50 });
    const fileSearch = { files: () => Promise.resolve(['held', 'clean', 'locked'].map(file)), inPiece: () => assert.fail('Their bytes say nothing.') };
    const store = { fileSearch, slices: openRealStore('unused').slices };
    const slices = { ...store.slices, textHolders: () => Promise.resolve({ messages: 0, attachments: 0, memories: 0, versions: 0, titles: 0, jobs: 0, forgotten: 0, wipedAfter: null }) };
    const backups: BackupSearch = { folders: ['backups'], isBackup: () => true, holds: ({ name }) => Promise.resolve(name === 'locked' ? null : name === 'held') };
    const verification = await verifyForgotten({ store: { ...store, slices }, backups }, text, options);
    assert.deepEqual(summary(verification), [['backup'], ['delete-backups']]);
    assert.deepEqual([verification.filesSearched, verification.notSearched], [2, ['locked']]);
  });

  it('tells how far it is, and can be stopped', async () => {
    const stop = new AbortController();
    const shares: number[] = [];
    const file = (name: string) => ({ backupFolder: null, name, bytes: 50 });
    let pieces = 0;
    const fileSearch = {
      files: () => Promise.resolve([file('a'), file('b'), file('c')]),
      inPiece: () => Promise.resolve({ found: false, next: ++pieces % 2 === 1 ? 25 : null }),
    };
    const store = { fileSearch, slices: openRealStore('unused').slices };
    const progress = (share: number): void => {
      shares.push(share);
      if (shares.length === 2) stop.abort();
    };
    await assert.rejects(verifyForgotten({ store, backups: noBackupFiles([]) }, text, { signal: stop.signal, progress }));
    assert.deepEqual(shares, [1 / 3, 2 / 3]);
    assert.equal(pieces, 4, 'each file in its pieces');
  });
});
