import assert from 'node:assert/strict';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  changePassphrase, encrypt, lock, makeNewKey, newRecoveryKey, remember, startOver, turnOff, unlock,
} from '../../../src/operations/keys/encryption-flows.ts';
import { HandClock } from '../../support/seeded-ports.ts';
import { MemoryKeep, passphrase } from './support/sample-ring.ts';
import { backUp, encrypt as switchOn, machineWithBackupsOf, newMachine, openVault, removeMachine, type SampleMachine } from './support/sample-vault.ts';
import { ScriptedQuestions, type Answers } from './support/scripted-questions.ts';

const otherPassphrase = 'blue boats lie still';

describe('a person and encryption', () => {
  const machines: SampleMachine[] = [];

  async function machine(): Promise<SampleMachine> {
    const made = await newMachine(new HandClock(), new MemoryKeep());
    machines.push(made);
    return made;
  }

  afterEach(async () => {
    for (const made of machines.splice(0)) await removeMachine(made);
  });

  function person(answers: Answers = {}): ScriptedQuestions {
    return new ScriptedQuestions(answers);
  }

  describe('who encrypts backups', () => {
    it('is shown a recovery key, gives it back, and chooses whether the system remembers', async () => {
      const home = await machine();
      const { vault } = openVault(home);
      const ask = person({ newPassphrase: [passphrase], again: ['wrong', 'shown'], remember: true });
      assert.equal(await encrypt(vault, ask), 'encrypted');
      assert.deepEqual(ask.asked, ['newPassphrase', 'showRecoveryKey', 'recoveryKeyAgain', 'remember']);
      assert.deepEqual(ask.refused, ['recovery-key-mistyped']);
      const { encryption, isRemembered } = await vault.status();
      assert.deepEqual({ encryption, isRemembered }, { encryption: 'on', isRemembered: true });
      await vault.check(ask.shown ?? '');
    });

    it('changes nothing by turning away before the recovery key has come back', async () => {
      const home = await machine();
      const { vault } = openVault(home);
      const early: Answers[] = [{ newPassphrase: [null] }, { newPassphrase: [passphrase], keeps: false }, { newPassphrase: [passphrase], again: ['wrong'] }];
      for (const answers of early) {
        assert.equal(await encrypt(vault, person(answers)), null);
        assert.equal((await vault.status()).encryption, 'never');
      }
    });

    it('has encrypted already where they turn the last question away', async () => {
      const { vault } = openVault(await machine());
      assert.equal(await encrypt(vault, person({ newPassphrase: [passphrase], remember: null })), 'encrypted');
      assert.equal((await vault.status()).isRemembered, false);
      assert.equal(await encrypt(vault, person()), 'already-encrypted');
    });

    it('goes on with the keys there are after having turned encryption off', async () => {
      const home = await machine();
      const first = openVault(home);
      await switchOn(first.vault);
      assert.equal(await turnOff(first.vault, person({ turnOff: true })), 'turned-off');
      const { vault } = openVault(home);
      const ask = person({ secret: [passphrase] });
      assert.equal(await encrypt(vault, ask), 'resumed');
      assert.deepEqual(ask.asked, ['secret to unlock']);
      assert.equal((await vault.status()).encryption, 'on');
    });
  });

  describe('who changes something', () => {
    it('gives what opens it first, although it is open', async () => {
      const { vault } = openVault(await machine());
      const recoveryKey = await switchOn(vault);
      const ask = person({ secret: ['wrong', recoveryKey], newPassphrase: [otherPassphrase] });
      assert.equal(await changePassphrase(vault, ask), 'passphrase-changed');
      assert.deepEqual(ask.asked, ['secret to change', 'newPassphrase']);
      await vault.check(otherPassphrase);
      const next = person({ secret: [otherPassphrase] });
      assert.equal(await newRecoveryKey(vault, next), 'recovery-key-changed');
      await vault.check(next.shown ?? '');
      await assert.rejects(vault.check(recoveryKey), { code: 'vault-refused' });
    });

    it('changes nothing without it', async () => {
      const { vault } = openVault(await machine());
      await switchOn(vault);
      for (const change of [changePassphrase, newRecoveryKey]) {
        const ask = person({ secret: ['wrong'] });
        assert.equal(await change(vault, ask), null);
        assert.deepEqual(ask.asked, ['secret to change']);
      }
      await vault.check(passphrase);
    });

    it('types once where it is locked', async () => {
      const { vault } = openVault(await machine());
      await switchOn(vault);
      await vault.lock();
      const ask = person({ secret: [passphrase], newPassphrase: [otherPassphrase] });
      assert.equal(await changePassphrase(vault, ask), 'passphrase-changed');
      assert.deepEqual(ask.asked, ['secret to unlock', 'newPassphrase']);
    });

    it('says yes before there is a new key, and before encryption is off', async () => {
      const { vault } = openVault(await machine());
      await switchOn(vault);
      assert.equal(await makeNewKey(vault, person({ newKey: false })), null);
      assert.equal(vault.currentKey()?.id, 1);
      assert.equal(await makeNewKey(vault, person({ newKey: true })), 'new-key');
      assert.equal(vault.currentKey()?.id, 2);
      assert.equal(await turnOff(vault, person({ turnOff: false })), null);
      assert.equal((await vault.status()).encryption, 'on');
    });

    it('starts over without any of the keys, once they say so, and finds older backups again by what opened them', async () => {
      const home = await machine();
      const { vault } = openVault(home);
      assert.equal(await startOver(vault, person()), 'not-encrypted');
      await switchOn(vault);
      await backUp(vault, home);
      await vault.lock();
      assert.equal(await startOver(vault, person({ startOver: false })), null);
      assert.equal((await vault.status()).encryption, 'on');
      assert.equal(await startOver(vault, person({ startOver: true })), 'started-over');
      assert.deepEqual([(await vault.status()).encryption, await vault.isWaiting()], ['never', false]);
      assert.equal(await unlock(vault, person({ secret: [passphrase] })), 'adopted');
      assert.deepEqual(await vault.closedRings(), []);
    });

    it('has the system remember, and forget again', async () => {
      const home = await machine();
      const { vault } = openVault(home);
      await switchOn(vault);
      assert.equal(await remember(vault, person({ remember: true })), 'remembered');
      assert.equal(home.keep.secrets.size, 1);
      assert.equal(await remember(vault, person({ remember: null })), null);
      assert.equal(await remember(vault, person({ remember: false })), 'not-remembered');
      assert.equal(home.keep.secrets.size, 0);
    });

    it('is told that there is nothing to change where nothing is encrypted', async () => {
      const { vault } = openVault(await machine());
      for (const change of [changePassphrase, newRecoveryKey, makeNewKey, remember, lock, turnOff, unlock]) {
        assert.equal(await change(vault, person()), 'not-encrypted');
      }
    });
  });

  describe('who unlocks', () => {
    it('types until it opens, or turns away', async () => {
      const { vault } = openVault(await machine());
      await switchOn(vault);
      assert.equal(await unlock(vault, person()), 'already-unlocked');
      assert.equal(await lock(vault), 'locked');
      assert.equal(await unlock(vault, person({ secret: ['wrong'] })), null);
      assert.equal(await unlock(vault, person({ secret: ['wrong', passphrase] })), 'unlocked');
    });

    it('opens the backups of a lost machine on a new one, and has its keys there', async () => {
      const home = await machine();
      const { vault: lost } = openVault(home);
      const recoveryKey = await switchOn(lost);
      await backUp(lost, home);
      const fresh = await machineWithBackupsOf(home, new MemoryKeep());
      machines.push(fresh);
      const { vault } = openVault(fresh, { seed: 5 });
      const ask = person({ secret: [recoveryKey] });
      assert.equal(await unlock(vault, ask), 'adopted');
      assert.deepEqual(ask.asked, ['secret to other-backups']);
      assert.deepEqual(await vault.closedRings(), []);
    });

    it('gets lost keys back from the copy beside the backups', async () => {
      const home = await machine();
      const { vault: before } = openVault(home);
      await switchOn(before);
      await backUp(before, home);
      before.dispose();
      await rm(path.join(home.root, 'store/KEYS'));
      const { vault } = openVault(home, { seed: 6 });
      assert.equal(await unlock(vault, person({ secret: [passphrase] })), 'adopted');
      assert.deepEqual(await vault.closedRings(), []);
    });

    it('gets damaged keys back from it too', async () => {
      const home = await machine();
      const { vault: before } = openVault(home);
      await switchOn(before);
      await backUp(before, home);
      before.dispose();
      await writeFile(path.join(home.root, 'store/KEYS'), 'nothing of ours');
      const { vault } = openVault(home, { seed: 6 });
      await assert.rejects(encrypt(vault, person()), { code: 'keys-damaged' });
      assert.equal(await unlock(vault, person({ secret: [passphrase] })), 'adopted');
      assert.equal((await vault.status()).encryption, 'on');
      assert.ok((await readdir(path.join(home.root, 'store'))).includes('KEYS.damaged'), 'what is left of them is kept');
    });

    it('is told where there is no copy to open them by', async () => {
      const home = await machine();
      const { vault: lost } = openVault(home);
      await switchOn(lost);
      await backUp(lost, home);
      for (const name of await readdir(home.backups)) if (name.startsWith('KEYS-')) await rm(path.join(home.backups, name));
      const fresh = await machineWithBackupsOf(home, new MemoryKeep());
      machines.push(fresh);
      assert.equal(await unlock(openVault(fresh).vault, person()), 'no-copy');
    });
  });
});
