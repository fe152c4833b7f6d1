import assert from 'node:assert/strict';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openArchive, readArchiveHeader } from '../../../src/operations/archive/archive-reader.ts';
import { nodeArchiveFiles } from '../../../src/operations/archive/node-archive-files.ts';
import { nothingInUse } from '../../../src/operations/keys/key-rotation.ts';
import { HandClock } from '../../support/seeded-ports.ts';
import { MemoryKeep, passphrase } from './support/sample-ring.ts';
import { backUp, encrypt, machineWithBackupsOf, newMachine, openVault, removeMachine, type SampleMachine } from './support/sample-vault.ts';

const dayMs = 24 * 60 * 60_000;
const minuteMs = 60_000;

describe('a vault of keys', () => {
  const machines: SampleMachine[] = [];

  async function machine(): Promise<SampleMachine> {
    const made = await newMachine(new HandClock(), new MemoryKeep());
    machines.push(made);
    return made;
  }

  async function another(first: SampleMachine): Promise<SampleMachine> {
    const made = await machineWithBackupsOf(first, new MemoryKeep());
    machines.push(made);
    return made;
  }

  async function encryptAndBackUp(home: SampleMachine, seed: number): Promise<void> {
    const { vault } = openVault(home, { seed });
    await encrypt(vault);
    await backUp(vault, home, seed);
  }

  afterEach(async () => {
    for (const made of machines.splice(0)) await removeMachine(made);
  });

  it('has no keys at first, and backups are not encrypted', async () => {
    const home = await machine();
    const { vault } = openVault(home);
    assert.equal((await vault.status()).encryption, 'never');
    assert.equal(await vault.isWaiting(), false);
    assert.equal((await readArchiveHeader(await backUp(vault, home), nodeArchiveFiles)).cipher, 'none');
    assert.deepEqual(await readdir(home.root), ['backups'], 'asking writes nothing');
  });

  it('has keys once the recovery key has come back, and not before', async () => {
    const { vault, events } = openVault(await machine());
    const { recoveryKey, confirmRecoveryKey } = await vault.propose(passphrase);
    await assert.rejects(confirmRecoveryKey('0000-0000'), { code: 'recovery-key-mistyped' });
    assert.equal((await vault.status()).encryption, 'never');
    assert.equal(vault.currentKey(), null);
    await confirmRecoveryKey(recoveryKey.toLowerCase());
    const { encryption, isLocked, isRemembered } = await vault.status();
    assert.deepEqual({ encryption, isLocked, isRemembered }, { encryption: 'on', isLocked: false, isRemembered: false });
    assert.deepEqual(events.map(({ type }) => type), ['unlocked', 'changed']);
  });

  it('gets its keys from one window alone', async () => {
    const home = await machine();
    const [one, other] = [openVault(home), openVault(home, { seed: 2 })];
    const proposed = await other.vault.propose(passphrase);
    await encrypt(one.vault);
    await assert.rejects(proposed.confirmRecoveryKey(proposed.recoveryKey), { code: 'conflict' });
  });

  it('encrypts backups, copies its keys beside them, and reads them until it is locked', async () => {
    const home = await machine();
    const { vault } = openVault(home);
    await encrypt(vault);
    const file = await backUp(vault, home);
    assert.equal((await readArchiveHeader(file, nodeArchiveFiles)).cipher, 'aes-256-gcm');
    assert.equal((await readdir(home.backups)).filter((name) => name.startsWith('KEYS-')).length, 1);
    await (await openArchive(file, vault.keyOf, nodeArchiveFiles)).close();

    const key = vault.currentKey();
    await vault.lock();
    assert.deepEqual(Buffer.from(key?.bytes ?? []), Buffer.alloc(32));
    assert.equal(vault.currentKey(), null);
    await assert.rejects(openArchive(file, vault.keyOf, nodeArchiveFiles), { code: 'archive-locked' });
  });

  it('lets nothing be written openly while its keys are locked, gone from the disk, or damaged', async () => {
    const home = await machine();
    const { vault } = openVault(home);
    await encrypt(vault);
    const keys = path.join(home.root, 'store/KEYS');
    const whole = await readFile(keys);
    await rm(keys);
    await assert.rejects(backUp(vault, home), { code: 'keys-damaged' });
    await home.clock.advance(minuteMs);
    await assert.rejects(backUp(vault, home), { code: 'keys-damaged' }, 'also when it was noticed');
    assert.equal((await openVault(home).vault.status()).encryption, 'damaged');
    await writeFile(keys, whole);
    await vault.unlock(passphrase);
    await writeFile(keys, whole.subarray(3));
    await assert.rejects(backUp(vault, home), { code: 'keys-damaged' });
    assert.equal((await vault.status()).encryption, 'damaged');
    assert.ok(await vault.isWaiting());
    await writeFile(keys, whole);
    await vault.lock();
    assert.ok(await vault.isWaiting());
    await assert.rejects(backUp(vault, home), { code: 'vault-locked' });
    assert.deepEqual((await readdir(home.backups)).filter((name) => name.startsWith('hearthlink')), []);
  });

  it('is locked for a window that never opened it, until it is typed there too', async () => {
    const home = await machine();
    const [one, other] = [openVault(home), openVault(home)];
    await encrypt(one.vault);
    assert.ok((await other.vault.status()).isLocked);
    await assert.rejects(backUp(other.vault, home), { code: 'vault-locked' });
    await other.vault.unlock(passphrase);
    await backUp(other.vault, home);
  });

  it('opens by itself where the system remembers it, but not once it was locked', async () => {
    const home = await machine();
    const first = openVault(home);
    const recoveryKey = await encrypt(first.vault);
    await first.vault.remember();
    const restarted = openVault(home);
    assert.deepEqual(await restarted.vault.status().then(({ isLocked, isRemembered }) => ({ isLocked, isRemembered })), { isLocked: false, isRemembered: true });
    await restarted.vault.lock();
    assert.ok((await openVault(home).vault.status()).isLocked);
    await restarted.vault.unlock(recoveryKey);
    await restarted.vault.stopRemembering();
    assert.equal(home.keep.secrets.size, 0);
    assert.ok((await openVault(home).vault.status()).isLocked);
  });

  it('takes another passphrase and another recovery key, and the old ones open it no longer', async () => {
    const home = await machine();
    const { vault } = openVault(home);
    const oldRecoveryKey = await encrypt(vault);
    await vault.changePassphrase('blue boats lie still');
    const proposed = vault.proposeRecoveryKey();
    await vault.check(oldRecoveryKey);
    await proposed.confirmRecoveryKey(proposed.recoveryKey);
    for (const old of [passphrase, oldRecoveryKey]) await assert.rejects(vault.check(old), { code: 'vault-refused' });
    for (const now of ['blue boats lie still', proposed.recoveryKey]) await vault.check(now);
    assert.ok(!(await vault.status()).isLocked, 'what was wrongly typed to change it locks nothing');
  });

  it('closes for a quarter of an hour after five wrong tries, whatever these were for', async () => {
    const home = await machine();
    const { vault } = openVault(home);
    await encrypt(vault);
    await backUp(vault, home);
    const [copy = ''] = (await readdir(home.backups)).filter((name) => name.startsWith('KEYS-'));
    for (let i = 0; i < 2; i++) await assert.rejects(vault.check('wrong'), { code: 'vault-refused' });
    for (let i = 0; i < 2; i++) await assert.rejects(vault.unlockCopy('wrong', path.join(home.backups, copy)), { code: 'vault-refused' });
    await assert.rejects(vault.unlock('wrong'), { code: 'vault-closed' });
    assert.equal((await vault.status()).closedMinutes, 15);
    await home.clock.advance(15 * minuteMs);
    assert.equal((await vault.status()).closedMinutes, null);
    await vault.unlock(passphrase);
  });

  it('keeps its keys for older backups when encryption is turned off, also over a restart, and takes up where it was', async () => {
    const home = await machine();
    const { vault } = openVault(home);
    await encrypt(vault);
    const encrypted = await backUp(vault, home, 1);
    await vault.stopEncrypting();
    const plain = await backUp(vault, home, 2);
    assert.equal((await readArchiveHeader(plain, nodeArchiveFiles)).cipher, 'none');
    assert.equal(vault.currentKey(), null);
    await (await openArchive(encrypted, vault.keyOf, nodeArchiveFiles)).close();

    const later = openVault(home);
    assert.equal((await later.vault.status()).encryption, 'off');
    assert.equal(await later.vault.isWaiting(), false, 'what is locked now is not needed for new backups');
    await later.vault.unlock(passphrase);
    await later.vault.resumeEncrypting();
    assert.equal((await later.vault.status()).encryption, 'on');
  });

  it('starts over, with damaged keys too, and keeps all that it puts aside', async () => {
    const home = await machine();
    const { vault, events } = openVault(home);
    await encrypt(vault);
    await vault.startOver();
    await encrypt(vault);
    await writeFile(path.join(home.root, 'store/KEYS'), 'nothing of ours');
    await vault.startOver();
    assert.equal((await vault.status()).encryption, 'never');
    assert.equal((await readArchiveHeader(await backUp(vault, home), nodeArchiveFiles)).cipher, 'none');
    assert.equal((await readdir(path.join(home.root, 'store'))).filter((name) => name.startsWith('KEYS.damaged')).length, 2);
    assert.ok(events.some((event) => event.type === 'changed' && event.what === 'started-over'));
  });

  it('does not start over while what is in use is under a key', async () => {
    const { vault } = openVault(await machine(), { content: { ...nothingInUse, keyInUse: () => Promise.resolve(1) } });
    await encrypt(vault);
    await assert.rejects(vault.startOver(), { code: 'store-locked' });
    assert.equal((await vault.status()).encryption, 'on');
  });

  describe('with a new key', () => {
    it('uses it for what is new; the old one stays until 90 days have passed and no backup is under it', async () => {
      const home = await machine();
      const { vault } = openVault(home);
      await encrypt(vault);
      const old = await backUp(vault, home, 1);
      await vault.makeNewKey();
      const young = await backUp(vault, home, 2);
      assert.deepEqual(await Promise.all([old, young].map(async (file) => (await readArchiveHeader(file, nodeArchiveFiles)).keyId)), [1, 2]);
      assert.equal((await vault.status()).olderKeys, 1);
      await rm(old);
      await vault.dropAgedKeys();
      assert.equal((await vault.status()).olderKeys, 1, 'not yet: another folder may have a backup under it');
    });

    it('lets the old one go with the last backup under it, where every folder is there', async () => {
      const home = await machine();
      const first = openVault(home);
      await encrypt(first.vault);
      const old = await backUp(first.vault, home, 1);
      await first.vault.makeNewKey();
      await home.clock.advance(91 * dayMs);
      await first.vault.unlock(passphrase);
      await first.vault.dropAgedKeys();
      assert.equal((await first.vault.status()).olderKeys, 1, 'a backup is under it');
      await rm(old);
      await rename(home.backups, `${home.backups}-away`);
      await first.vault.dropAgedKeys();
      assert.equal((await first.vault.status()).olderKeys, 1, 'the folder is not there');
      await rename(`${home.backups}-away`, home.backups);
      await first.vault.dropAgedKeys();
      assert.equal((await first.vault.status()).olderKeys, 0);
      assert.equal((await first.vault.closedRings()).length, 0);
    });

    it('keeps the old one while what is in use is still under it', async () => {
      const home = await machine();
      let keyInUse = 1;
      const { vault } = openVault(home, { content: { ...nothingInUse, keyInUse: () => Promise.resolve(keyInUse) } });
      await encrypt(vault);
      await vault.makeNewKey();
      await home.clock.advance(91 * dayMs);
      await vault.unlock(passphrase);
      await vault.dropAgedKeys();
      assert.equal((await vault.status()).olderKeys, 1);
      keyInUse = 2;
      await vault.dropAgedKeys();
      assert.equal((await vault.status()).olderKeys, 0);
    });

    it('goes on with one that was interrupted, at the next unlocking', async () => {
      const home = await machine();
      const steps: string[] = [];
      const content = {
        writeBeside: () => { steps.push('write'); return steps.length === 1 ? Promise.reject(new RangeError('cut')) : Promise.resolve(); },
        verifyBeside: () => { steps.push('verify'); return Promise.resolve(); },
        swap: () => { steps.push('swap'); return Promise.resolve(); },
        keyInUse: () => Promise.resolve(0),
      };
      const first = openVault(home, { content });
      await encrypt(first.vault);
      await assert.rejects(first.vault.makeNewKey(), RangeError);
      first.vault.dispose();
      const second = openVault(home, { content });
      await second.vault.unlock(passphrase);
      assert.deepEqual(steps, ['write', 'write', 'verify', 'swap']);
      assert.equal(second.vault.currentKey()?.id, 2);
    });

    it('opens although one that was interrupted cannot go on yet', async () => {
      const home = await machine();
      let isFull = true;
      const content = { ...nothingInUse, swap: () => (isFull ? Promise.reject(new RangeError('full')) : Promise.resolve()) };
      const { vault } = openVault(home, { content });
      await encrypt(vault);
      await assert.rejects(vault.makeNewKey(), RangeError);
      await vault.lock();
      await vault.unlock(passphrase);
      assert.deepEqual([(await vault.status()).isLocked, vault.currentKey()?.id], [false, 1]);
      await vault.lock();
      isFull = false;
      await vault.unlock(passphrase);
      assert.equal(vault.currentKey()?.id, 2);
    });
  });

  describe('that finds backups of another machine', () => {
    it('opens them although what is in use cannot get a key of its own yet', async () => {
      const home = await machine();
      await encryptAndBackUp(home, 1);
      const { vault } = openVault(await another(home), { seed: 7, content: { ...nothingInUse, swap: () => Promise.reject(new RangeError('full')) } });
      const [ring] = await vault.closedRings();
      await vault.unlockCopy(passphrase, ring?.copy ?? '');
      assert.deepEqual([(await vault.status()).encryption, await vault.closedRings()], ['on', []]);
    });

    it('opens them by passphrase or recovery key, where there is nothing but them; what is new has a key of its own then', async () => {
      const home = await machine();
      const first = openVault(home);
      const recoveryKey = await encrypt(first.vault);
      await backUp(first.vault, home, 1);

      const fresh = await another(home);
      const { vault, events } = openVault(fresh, { seed: 7 });
      const [ring] = await vault.closedRings();
      assert.equal(ring?.backups, 1);
      await assert.rejects(vault.unlockCopy('wrong', ring.copy ?? ''), { code: 'vault-refused' });
      assert.equal((await vault.status()).encryption, 'never');
      await vault.unlockCopy(recoveryKey, ring.copy ?? '');
      assert.deepEqual(await vault.closedRings(), []);
      assert.equal((await vault.status()).encryption, 'on');
      assert.ok(events.some((event) => event.type === 'changed' && event.what === 'adopted'));
      assert.notEqual(vault.currentKey()?.id, 1);
      await backUp(vault, fresh, 2);
      assert.ok(!(await openVault(fresh).vault.status().then(({ encryption }) => encryption === 'never')));
    });

    it('reads them beside its own where it has keys already, and no longer once it is locked', async () => {
      const home = await machine();
      await encryptAndBackUp(home, 1);
      const other = await another(home);
      const { vault } = openVault(other, { seed: 9 });
      const own = await vault.propose('seven lamps burn low');
      await own.confirmRecoveryKey(own.recoveryKey);
      await backUp(vault, other, 2);
      const [ring] = await vault.closedRings();
      await vault.unlockCopy(passphrase, ring?.copy ?? '');
      assert.deepEqual(await vault.closedRings(), []);
      await vault.check('seven lamps burn low');
      await vault.lock();
      assert.equal((await vault.closedRings()).length, 2);
    });

    it('says where no copy of their keys is there', async () => {
      const home = await machine();
      await encryptAndBackUp(home, 1);
      for (const name of await readdir(home.backups)) if (name.startsWith('KEYS-')) await rm(path.join(home.backups, name));
      const { vault } = openVault(await another(home));
      assert.deepEqual((await vault.closedRings()).map(({ copy }) => copy), [null]);
    });
  });
});
