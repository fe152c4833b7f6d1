import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encryptsWhatIsNew } from '../../../src/operations/keys/vault-status.ts';
import { HandClock } from '../../support/seeded-ports.ts';
import { MemoryKeep, passphrase } from './support/sample-ring.ts';
import { encrypt, newMachine, openVault, removeMachine } from './support/sample-vault.ts';

describe('whether what is new is encrypted', () => {
  it('is so from the first key on until it is switched off, also while the keys are locked or damaged', async () => {
    const home = await newMachine(new HandClock(), new MemoryKeep());
    const { vault } = openVault(home);
    const encrypts = async (): Promise<boolean> => encryptsWhatIsNew(await vault.status());
    assert.equal(await encrypts(), false, 'nobody has asked for it');
    await encrypt(vault);
    assert.equal(await encrypts(), true);
    await vault.lock();
    assert.equal(await encrypts(), true, 'locked');
    await vault.unlock(passphrase);
    await vault.stopEncrypting();
    assert.equal(await encrypts(), false, 'switched off');
    await writeFile(path.join(home.root, 'store/KEYS'), 'no keys');
    assert.equal(await encrypts(), true, 'damaged');
    await removeMachine(home);
  });
});
