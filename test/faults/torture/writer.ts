/**
 * A process that works with a store and its backups until it is killed: `writer <name> <place as JSON>`. Each deed that was
 * acknowledged is one line on standard output, which the process that started this one keeps.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { nothingInUse, rotateKey, type RotatedContent } from '../../../src/operations/keys/key-rotation.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { encryptStore } from '../../../src/store/engine/encrypting.ts';
import { systemCode } from '../../../src/store/files/file-error.ts';
import { notEncrypted } from '../../../src/store/encryption/store-keys.ts';
import { pooledRandom } from '../../../src/worker/pooled-random.ts';
import { deleteNote, doOnce, listNotes, putNote } from '../../store/support/notes-content.ts';
import { lineOf, sharedNow, type Deed } from './deeds.ts';
import { clockOf, openWindow, quietFile, serviceOver, unlockRing, type Place } from './place.ts';

const [name = '', placeText = ''] = process.argv.slice(2);
const place: Place = z.object({ root: z.string(), schemaVersion: z.number(), aheadMs: z.number() }).parse(JSON.parse(placeText));
const clock = clockOf(place);
/** Does more with backups than the others, and is the one that changes the key. */
const isKeeper = name.endsWith('w0');
const chance = (oneIn: number) => Math.floor(Math.random() * oneIn) === 0;

const ring = await unlockRing(place);
const window = openWindow(name, place, ring, { random: pooledRandom(), rotateAtBytes: () => 40_000 });

/** The store itself, for a change of the key. */
const liveContent: RotatedContent = {
  ...nothingInUse,
  keyInUse: async () => (await window.engine.status()).keyId,
  swap: async ({ id }) => { if ((await liveContent.keyInUse()) !== notEncrypted) await putUnder(id); },
};

function say(type: Deed['type'], id: string, begun: number): void {
  fs.writeSync(1, lineOf({ type, id, begun, over: sharedNow() }));
}

async function writeForEver(writer: number): Promise<never> {
  for (let i = 0; ; i++) {
    // Not for ever: whoever asked for it may have been killed, or go on without it and be refused.
    for (let waited = 0; waited < 600 && fs.existsSync(quietFile(place.root)); waited++) await sleep(5);
    const id = `${name}-${writer}-${i}`;
    const begun = sharedNow();
    await untilDone(() => window.call(doOnce, id, `call ${id}`));
    say('wrote', id, begun);
    await untilDone(async () => {
      if (chance(20)) await window.call(putNote, { id: `forgotten ${id}`, text: 'wiped by the next purge' });
      if (chance(30)) await window.call(deleteNote, `forgotten ${id}`);
      if (chance(60)) await window.engine.rotate();
      if (chance(150)) await window.engine.purge(clock.now());
    });
    if (chance(4)) await sleep(Math.random() * 10);
  }
}

/** A write that is not known to be saved is repeated under its id; and another process may have a new key. */
async function untilDone(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!HearthlinkError.is(error, 'store-not-known-saved', 'store-locked')) throw error;
      if (HearthlinkError.is(error, 'store-locked')) await followKeys();
    }
  }
}

/** Reads the keys anew; the store looks again after a while. */
async function followKeys(): Promise<void> {
  await ring.refresh();
  await sleep(50);
}

/** Backs up, proves and restores, as often as no other process is at it; and, in one process, changes the key, encrypts and decrypts. */
async function keepForEver(): Promise<never> {
  const service = serviceOver(window, name, ring, place);
  for (;;) {
    await sleep(Math.random() * (isKeeper ? 10 : 300));
    try {
      await ring.refresh();
      const { backups } = await service.overview();
      const [proved, notProved] = [backups.filter(({ soundness }) => soundness.type === 'proved'), backups.filter(({ soundness }) => soundness.type === 'not-proved')];
      await (proved.length > 0 && chance(3) ? restore(oneOf(proved)) : notProved.length > 0 && chance(2) ? prove(oneOf(notProved)) : backUp());
      if (isKeeper && chance(6)) {
        const begun = sharedNow();
        await rotateKey(ring, liveContent, clock);
        say('rotated', String(ring.activeKey().id), begun);
      }
      if (isKeeper && chance(3)) await switchEncryption();
    } catch (error) {
      // Another process has the backups, or was faster; or has a new key, which the next look at the ring shows.
      if (!HearthlinkError.is(error, 'backup-busy', 'conflict', 'archive-locked', 'backup-incomplete', 'not-found', 'store-not-known-saved', 'store-locked')) throw error;
    }
  }

  async function switchEncryption(): Promise<void> {
    const begun = sharedNow();
    const keyId = (await liveContent.keyInUse()) === notEncrypted || chance(3) ? ring.activeKey().id : notEncrypted;
    await putUnder(keyId);
    assert.equal(await liveContent.keyInUse(), keyId, 'it is under the key that it was put under');
    say(keyId === notEncrypted ? 'decrypted' : 'encrypted', String(keyId), begun);
  }

  async function backUp(): Promise<void> {
    const begun = sharedNow();
    const made = await service.backUp(chance(4) ? 'full' : 'changes', 'hand');
    if (made !== null) say('backed-up', made.id, begun);
  }

  async function prove(id: string): Promise<void> {
    const begun = sharedNow();
    await service.prove(id);
    say('proved', id, begun);
  }

  async function restore(id: string): Promise<void> {
    try {
      fs.writeFileSync(quietFile(place.root), JSON.stringify(name), { flag: 'wx' });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
      // Another process restores now.
      return;
    }
    let begun = 0;
    try {
      await service.restore({ type: 'backup', id }, () => {
        begun = sharedNow();
        fs.writeSync(1, lineOf({ type: 'restoring', id, begun, over: begun }));
        return Promise.resolve();
      });
      say('restored', id, begun);
    } catch (error) {
      if (begun > 0 && !HearthlinkError.is(error, 'store-not-known-saved')) say('refused', id, begun);
      throw error;
    } finally {
      fs.rmSync(quietFile(place.root), { force: true });
    }
  }
}

function putUnder(keyId: number): Promise<unknown> {
  return encryptStore(window.engine, window.setup.files, { keyId, at: clock.now() });
}

/** The newest few are chosen among. */
function oneOf(backups: readonly { readonly id: string }[]): string {
  return backups[Math.floor(Math.random() * Math.min(backups.length, 4))]?.id ?? '';
}

fs.writeSync(1, 'opening\n');
await window.call(listNotes);
fs.writeSync(1, 'ready\n');
await Promise.all([writeForEver(0), writeForEver(1), keepForEver()]);
