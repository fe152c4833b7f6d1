import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RotatedContent } from '../../../src/operations/keys/key-rotation.ts';
import { StoreEncryption } from '../../../src/operations/keys/store-encryption.ts';
import type { Vault } from '../../../src/operations/keys/vault.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { StoreClient } from '../../../src/store/client.ts';
import { noKeys } from '../../../src/store/encryption/store-keys.ts';
import { newSession } from '../../store/sql/support/sample-rows.ts';
import { HandClock, keepingLog } from '../../support/seeded-ports.ts';
import { openRealStore } from '../../support/store/real-store.ts';
import { poll } from '../../support/vscode/poll.ts';
import { MemoryKeep, passphrase } from './support/sample-ring.ts';
import { encrypt, newMachine, openVault, removeMachine, type SampleMachine } from './support/sample-vault.ts';

const words = 'the lighthouse keeper';
const isLocked = (error: unknown) => HearthlinkError.is(error, 'store-locked');

interface OpenWindow {
  readonly vault: Vault;
  readonly store: StoreClient;
  readonly content: StoreEncryption;
}

describe('a store under the keys of a vault', function () {
  this.timeout(240_000); // each of its steps starts a worker anew
  const windows: OpenWindow[] = [];
  const machines: SampleMachine[] = [];

  async function machine(): Promise<SampleMachine> {
    const made = await newMachine(new HandClock(), new MemoryKeep());
    machines.push(made);
    return made;
  }

  function open(home: SampleMachine, seed = 1): OpenWindow {
    const rotated: RotatedContent = {
      writeBeside: () => Promise.resolve(),
      verifyBeside: () => Promise.resolve(),
      swap: (to) => content.swap(to),
      keyInUse: () => content.keyInUse(),
    };
    const { vault } = openVault(home, { seed, content: rotated });
    const store = openRealStore(path.join(home.root, 'store'), () => vault.ownKeys() ?? noKeys);
    const content = new StoreEncryption({ store, keys: vault, log: keepingLog() });
    const opened = { vault, store, content };
    windows.push(opened);
    return opened;
  }

  async function titles({ store }: OpenWindow): Promise<string[]> {
    return (await store.sessions.list({ limit: 10 })).map(({ title }) => title);
  }

  const isReadable = ({ store }: OpenWindow) => poll('the store to be readable', async () => (await store.status()).state === 'ready', { timeoutMs: 60_000 });

  function filesThatHold({ root }: SampleMachine, text: string): string[] {
    const files = readdirSync(path.join(root, 'store'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map(({ parentPath, name }) => path.join(parentPath, name)).filter((file) => readFileSync(file).includes(text));
  }

  afterEach(async () => {
    for (const { vault, store, content } of windows.splice(0)) {
      content.dispose();
      vault.dispose();
      await store.close();
    }
    for (const made of machines.splice(0)) await removeMachine(made);
  });

  it('cannot be encrypted where there are no keys', async () => {
    const { content } = open(await machine());
    await assert.rejects(content.encrypt(), { code: 'vault-locked' });
  });

  it('is read while they are open, and by nobody from the moment when they are locked', async () => {
    const home = await machine();
    const window = open(home);
    await window.store.sessions.create(newSession({ id: 's1', title: words }));
    await encrypt(window.vault);
    assert.equal(await window.content.isEncrypted(), false);
    assert.deepEqual(await window.content.encrypt(), { keyId: 1, filesLeft: 0 });
    assert.deepEqual(filesThatHold(home, words), []);
    assert.deepEqual(await titles(window), [words]);
    await window.vault.lock();
    await assert.rejects(titles(window), isLocked);
    assert.equal(await window.content.isEncrypted(), true);
    await window.vault.unlock(passphrase);
    await isReadable(window);
    assert.deepEqual(await titles(window), [words]);
  });

  it('is put under each new key, which windows that are open get to know by themselves', async () => {
    const home = await machine();
    const [here, there] = [open(home), open(home, 2)];
    await here.store.sessions.create(newSession({ id: 's1', title: words }));
    await encrypt(here.vault);
    await here.content.encrypt();
    await there.vault.unlock(passphrase);
    await isReadable(there);
    await here.vault.makeNewKey();
    assert.equal((await here.store.status()).keyId, 2);
    await isReadable(there);
    assert.deepEqual(await titles(there), [words]);
    assert.equal((await there.store.status()).keyId, 2);
  });

  it('is under no key that is retired: where it cannot be read, no other key takes the place of the one in use', async () => {
    const { store, vault } = open(await machine());
    const status = { ...(await store.status()), state: 'damaged', keyId: 0, problem: { code: 'store-damaged', parameters: {} } } as const;
    const content = new StoreEncryption({ store: { ...store, status: () => Promise.resolve(status) }, keys: vault, log: keepingLog() });
    await assert.rejects(content.swap({ id: 2, ringId: '', bytes: new Uint8Array(32) }), { code: 'store-damaged' });
    await assert.rejects(content.keyInUse(), { code: 'store-damaged' });
    content.dispose();
  });

  it('lies open again when that is asked for, and a new key leaves it so', async () => {
    const home = await machine();
    const window = open(home);
    await window.store.sessions.create(newSession({ id: 's1', title: words }));
    await encrypt(window.vault);
    await window.content.encrypt();
    assert.deepEqual(await window.content.decrypt(), { keyId: 0, filesLeft: 0 });
    await window.vault.makeNewKey();
    await window.vault.lock();
    assert.deepEqual(await titles(window), [words]);
    assert.equal(await window.content.isEncrypted(), false);
  });
});
