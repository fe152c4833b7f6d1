import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { UnsavedTurns } from '../../src/agents/unsaved-turns.ts';
import { AuditLog } from '../../src/operations/audit/audit-log.ts';
import { verifyAuditLog } from '../../src/operations/audit/audit-verifying.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { silentLog } from '../../src/shared/ports.ts';
import type { NewTurn } from '../../src/store/message-port.ts';
import type { Store } from '../../src/store/port.ts';
import { HandClock } from '../support/seeded-ports.ts';
import { inStore, realIds } from '../support/store/real-store.ts';
import { needsDisks, SmallDisk } from './support/small-disk.ts';
import { StoreFolder } from './support/store-folder.ts';

const megabyte = 1024 * 1024;

/** A turn that begins a chat, with words that take some room. */
function firstTurn(sessionId: string, words: string): NewTurn {
  const at = Date.now();
  const userId = realIds.next();
  return {
    sessionId, holder: 'window', leaseUntil: at + 15_000, at,
    newSession: { id: sessionId, agentId: 'alden', title: words.slice(0, 20), temporary: false, workspaceId: null, expiresAt: null, at },
    user: { id: userId, parentId: null, text: words, attachments: [] },
    reply: { id: realIds.next(), parentId: userId, origin: 'model', model: null },
  };
}

/** Says something, and gets a reply. Answers the chat. */
async function talk(unsaved: UnsavedTurns, words: string): Promise<string> {
  const turn = firstTurn(realIds.next(), words);
  await unsaved.startTurn(turn);
  await unsaved.finishReply({
    messageId: turn.reply.id, status: 'complete', sequence: 0, text: `You said: ${words}`, thinking: '', thinkingMs: null, model: 'tiny',
    error: null, statistics: null, memoriesUsed: [], at: turn.at + 1,
  });
  return turn.sessionId;
}

async function said(store: Store, sessionId: string): Promise<string[]> {
  return (await store.messages.page({ sessionId, limit: 10 })).messages.map(({ text }) => text);
}

function openUnsaved(store: Store): UnsavedTurns {
  const clock = new HandClock();
  return new UnsavedTurns({ messages: store.messages, clock, timers: clock, log: silentLog });
}

describe('a chat whose disk refuses it', () => {
  it('is kept while the disk is full, and saved whole, once, when there is room', async function () {
    needsDisks(this);
    using disk = new SmallDisk(8 * megabyte);
    const words = 'x'.repeat(200_000);
    const saved = await inStore(disk.store, async (store) => {
      const unsaved = openUnsaved(store);
      const before = await talk(unsaved, 'Before');
      const filling = disk.fill(50_000);
      const refused = await talk(unsaved, words);
      assert.deepEqual([unsaved.state.messages, unsaved.state.error?.code], [2, 'store-full']);
      await unsaved.tryNow();
      assert.equal(unsaved.state.messages, 2, 'it is not taken for saved while the disk is full');
      filling.remove();
      await unsaved.tryNow();
      assert.equal(unsaved.state.messages, 0);
      return { before, refused };
    });
    await inStore(disk.store, async (store) => {
      assert.deepEqual(await said(store, saved.before), ['Before', 'You said: Before']);
      assert.deepEqual(await said(store, saved.refused), [words, `You said: ${words}`], 'after a restart');
    });
  });

  it('is kept while there is no folder to write to, and begins the store once there is', async () => {
    using folder = new StoreFolder();
    fs.writeFileSync(folder.path, 'mine');
    await inStore(folder.path, async (store) => {
      const unsaved = openUnsaved(store);
      const chat = await talk(unsaved, 'Hello');
      assert.equal(unsaved.state.messages, 2);
      assert.equal(fs.readFileSync(folder.path, 'utf8'), 'mine');
      const over = new Promise<void>((resolve) => { store.onDidChange(({ status }) => { if (status) resolve(); }); });
      fs.rmSync(folder.path);
      await over;
      await unsaved.tryNow();
      assert.equal(unsaved.state.messages, 0);
      assert.deepEqual(await said(store, chat), ['Hello', 'You said: Hello']);
    });
  });
});

describe('a record of activity on a full disk', () => {
  it('waits in memory, leaves no half line, and is whole once there is room', async function () {
    needsDisks(this);
    using disk = new SmallDisk(megabyte);
    const folder = path.join(disk.path, 'activity');
    const clock = new HandClock();
    const log = new AuditLog({ folder, window: 'w', clock, timers: clock, log: silentLog });
    log.note({ action: 'backup.made' });
    await log.flush();
    const filling = disk.fill(0);
    const ids = Array.from({ length: 50 }, () => realIds.next());
    for (let count = 0; count < 10; count++) log.note({ action: 'memory.used', ids });
    await assert.rejects(log.flush(), (error) => HearthlinkError.is(error, 'store-full'));
    assert.deepEqual(await verifyAuditLog(folder), { lines: 1, shortenedBy: 0, problems: [] });
    filling.remove();
    await log.flush();
    assert.deepEqual(await verifyAuditLog(folder), { lines: 11, shortenedBy: 0, problems: [] });
  });
});
