import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { StoreClient } from '../../src/store/client.ts';
import { openRealStore, realIds } from '../support/store/real-store.ts';

/** One folder and as many windows on it as a test opens, all given back at the end. */
async function withWindows(use: (open: () => StoreClient, folder: string) => Promise<void>): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-worker-'));
  const stores: StoreClient[] = [];
  const open = () => {
    const store = openRealStore(path.join(folder, 'store'));
    stores.push(store);
    return store;
  };
  try {
    await use(open, folder);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
    fs.rmSync(folder, { recursive: true });
  }
}

const newSession = (id: string, title: string) =>
  ({ id, agentId: 'alden', title, temporary: false, workspaceId: null, expiresAt: null, at: 1 });

describe('store worker', () => {
  it('keeps a chat for the next worker', async () => {
    await withWindows(async (open) => {
      const first = open();
      const id = realIds.next();
      await first.sessions.create(newSession(id, 'Hello'));
      await first.close();
      assert.equal((await open().sessions.get(id))?.title, 'Hello');
    });
  });

  it('tells the other window which chat changed, without being asked', async () => {
    await withWindows(async (open) => {
      const [here, there] = [open(), open()];
      const id = realIds.next();
      await here.sessions.create(newSession(id, 'Hello'));
      await there.sessions.list({ limit: 1 });
      const heard = new Promise<readonly string[]>((resolve) => {
        there.onDidChange((change) => { if (change.origin === 'other-window') resolve(change.sessions); });
      });
      await here.sessions.rename({ id, title: 'Renamed', by: 'user', at: 2 });
      assert.deepEqual(await heard, [id]);
      assert.equal((await there.sessions.get(id))?.title, 'Renamed');
    });
  });

  it('refuses with the error that the method threw', async () => {
    await withWindows(async (open) => {
      const missing = open().sessions.rename({ id: 'nobody', title: 'x', by: 'user', at: 1 });
      await assert.rejects(missing, (error) => HearthlinkError.is(error, 'not-found'));
    });
  });

  it('recalls what was said, and no longer after it was forgotten and purged; nor do the bytes stand in any file', async () => {
    await withWindows(async (open, folder) => {
      const store = open();
      const id = realIds.next();
      const [added] = await store.slices.add([{
        id, kind: 'semantic', state: 'held', text: 'The lighthouse keeper is called Ottoline', speaker: 'user', scope: { type: 'shared' },
        importance: 0.5, confidence: 1, provenance: { type: 'user' }, validFrom: 1, expiresAt: null, at: 1,
      }]);
      assert.equal(added?.outcome, 'added');
      const question = {
        text: 'Who keeps the lighthouse?', vector: null, agentId: 'alden', workspaceId: null, sessionId: null, excludeMessageIds: [],
        limit: 5, tokenBudget: 1000, charactersPerToken: 4, at: 2,
      };
      assert.deepEqual((await store.recall(question)).hits.map(({ slice }) => slice.id), [id]);
      await store.slices.forget({ id, undoUntil: 3, at: 2 });
      assert.deepEqual((await store.recall(question)).hits, []);
      await store.slices.wipeForgotten(10);
      await store.purge(10);
      assert.deepEqual(filesWith(path.join(folder, 'store'), 'Ottoline'), []);
      assert.equal((await store.status()).state, 'ready');
    });
  });
});

function filesWith(folder: string, text: string): string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .filter((name) => fs.readFileSync(path.join(folder, name)).toString('latin1').toLowerCase().includes(text.toLowerCase()));
}
