import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { StoreClient } from '../../src/store/client.ts';
import { noKeys, type StoreKeys } from '../../src/store/encryption/store-keys.ts';
import { openRealStore } from '../support/store/real-store.ts';
import { fullCopy, loaded, recordsSince } from '../store/support/backup-copies.ts';
import { testKeys } from '../store/support/encrypted.ts';
import { newFact, newSession, newTurn, recallOf, replyEnd } from '../store/sql/support/sample-rows.ts';

const words = 'the lighthouse keeper of Westkapelle';
const isLocked = (error: unknown) => HearthlinkError.is(error, 'store-locked');

interface Opened {
  readonly store: StoreClient;
  readonly folder: string;
  /** Ends what the worker has read, and gives the next one these keys. */
  readonly use: (keys: StoreKeys) => Promise<void>;
  readonly openAnother: (keys: StoreKeys) => StoreClient;
}

/** A store on the disk with a chat and a fact in it. */
async function withStore(use: (opened: Opened) => Promise<void>): Promise<void> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'hearthlink-encrypted-'));
  let keys = testKeys([1]);
  const store = openRealStore(folder, () => keys);
  const others: StoreClient[] = [];
  try {
    await store.sessions.create(newSession({ id: 's1', title: words }));
    await store.messages.startTurn(newTurn({ sessionId: 's1', id: 'a', parentId: null, text: `I met ${words}.` }));
    await store.messages.finishReply(replyEnd('ar', `So you met ${words}.`));
    await store.slices.add([newFact('f1', `The user met ${words}.`)]);
    await use({
      store,
      folder,
      use: async (changed) => {
        keys = changed;
        await store.whileStopped(() => Promise.resolve());
      },
      openAnother: (given) => {
        const other = openRealStore(folder, () => given);
        others.push(other);
        return other;
      },
    });
  } finally {
    await Promise.all([store, ...others].map((opened) => opened.close()));
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function filesThatHold(folder: string, text: string): string[] {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => path.join(parentPath, name)).filter((file) => fs.readFileSync(file).includes(text));
}

async function titles(store: StoreClient): Promise<string[]> {
  return (await store.sessions.list({ limit: 500 })).map(({ title }) => title).sort();
}

describe('an encrypted store on the disk', function () {
  this.timeout(240_000); // each key that it is opened with starts a worker anew

  it('holds nothing that can be read, and opens with its key alone', () =>
    withStore(async ({ store, folder, use }) => {
      assert.ok(filesThatHold(folder, words).length > 0);
      assert.deepEqual(await store.encrypt(1), { keyId: 1, filesLeft: 0 });
      await store.slices.add([newFact('f2', `The user wrote to ${words}.`)]);
      assert.deepEqual(filesThatHold(folder, words), []);
      await use(noKeys);
      await assert.rejects(store.sessions.list({ limit: 10 }), isLocked);
      const { state, keyId } = await store.status();
      assert.deepEqual([state, keyId], ['locked', 1]);
      await use(testKeys([1]));
      assert.deepEqual(await titles(store), [words]);
      assert.deepEqual((await store.recall(recallOf('lighthouse keeper'))).hits.length > 1, true);
    }));

  it('is searched for words in all of its files as they were written', () =>
    withStore(async ({ store }) => {
      const findsIn = async (text: string): Promise<string[]> => {
        const found: string[] = [];
        for (const file of await store.fileSearch.files({ backupFolders: [] })) {
          if ((await store.fileSearch.inPiece({ file, text, from: 0 })).found) found.push(file.name.replace(/-.*?(?=[./])/, ''));
        }
        return found;
      };
      await store.encrypt(1);
      await store.slices.add([newFact('f2', 'The user rows on Sundays.')]);
      const [inSnapshot, inJournal] = [await findsIn(words), await findsIn('rows on Sundays')];
      assert.ok(inSnapshot.some((name) => name.endsWith('/snapshot.sqlite')));
      assert.ok(inJournal.some((name) => name.endsWith('.log')));
      assert.deepEqual(await findsIn('nobody ever wrote this'), []);
    }));

  it('is followed by another window with the key, and locked for one without', () =>
    withStore(async ({ store, openAnother }) => {
      const [other, without] = [openAnother(testKeys([1])), openAnother(noKeys)];
      for (const window of [other, without]) assert.deepEqual(await titles(window), [words]);
      await store.encrypt(1);
      await other.sessions.create(newSession({ id: 's2', title: 'Another' }));
      assert.deepEqual(await titles(store), ['Another', words]);
      await assert.rejects(without.sessions.create(newSession({ id: 's3', title: 'Lost' })), isLocked);
      assert.deepEqual(await titles(other), ['Another', words]);
    }));

  it('loses nothing that was acknowledged when it is locked in the midst of writing', () =>
    withStore(async ({ store, use }) => {
      await store.encrypt(1);
      const acknowledged: string[] = [];
      const writes = Array.from({ length: 60 }, (_, i) => `t${i}`).map((title) =>
        store.sessions.create(newSession({ id: title, title })).then(() => void acknowledged.push(title)));
      const locking = use(noKeys);
      const late = store.sessions.create(newSession({ id: 'late', title: 'late' }));
      await locking;
      for (const outcome of await Promise.allSettled([...writes, late])) assert.ok(outcome.status === 'fulfilled' || isLocked(outcome.reason));
      await assert.rejects(late, isLocked);
      await use(testKeys([1]));
      const found = await titles(store);
      assert.ok(acknowledged.length > 0, 'something was written before it was locked');
      assert.ok(acknowledged.every((title) => found.includes(title)));
      assert.ok(!found.includes('late'));
    }));

  it('is backed up as what it holds, for the archive to encrypt, and restored into a store under its own key', () =>
    withStore(async ({ store, folder }) => {
      await store.encrypt(1);
      const copy = await fullCopy(store.backup);
      await store.sessions.create(newSession({ id: 's2', title: `Later, ${words}` }));
      const { pieces } = await recordsSince(store.backup, copy.position);
      const bytes = (parts: readonly Uint8Array[] | undefined) => Buffer.concat([...(parts ?? [])]);
      assert.equal(bytes(copy.parts.get('snapshot.sqlite')).toString('latin1', 0, 15), 'SQLite format 3');
      assert.ok(bytes(copy.parts.get('snapshot.sqlite')).includes(words));
      assert.ok(bytes(pieces).includes(`Later, ${words}`));
      await store.purge(Date.now());
      const { scratch } = await loaded(store.backup, copy);
      await store.backup.scratchRestore({ scratch, at: Date.now(), replaces: null });
      await store.backup.scratchDrop(scratch);
      assert.deepEqual(await titles(store), [words]);
      assert.equal((await store.status()).keyId, 1);
      assert.deepEqual(filesThatHold(folder, words), []);
    }));
});
