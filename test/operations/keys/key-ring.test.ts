import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { proposeKeyRing } from '../../../src/operations/keys/key-ring-proposal.ts';
import { openKeptKeyRing, readKeyRing, unlockKeyRing } from '../../../src/operations/keys/key-ring.ts';
import { keyFromPassphrase, scryptCost } from '../../../src/operations/keys/passphrase.ts';
import { MemoryArchiveFiles } from '../archive/support/memory-archive-files.ts';
import { MemoryKeep, newRing, passphrase, ringSetup, storeId } from './support/sample-ring.ts';

describe('a new key ring', () => {
  it('is written when the recovery key was typed back, and not before', async () => {
    const files = new MemoryArchiveFiles();
    const { recoveryKey, confirmRecoveryKey } = await proposeKeyRing(ringSetup(files), storeId, passphrase);
    await assert.rejects(confirmRecoveryKey(recoveryKey.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))), { code: 'recovery-key-mistyped' });
    assert.equal(files.contents.size, 0);
    await confirmRecoveryKey(recoveryKey.toLowerCase());
    assert.deepEqual([...files.contents.keys()], ['/store/KEYS']);
  });

  it('is not made for a weak passphrase', async () => {
    await assert.rejects(proposeKeyRing(ringSetup(new MemoryArchiveFiles()), storeId, 'short'), { code: 'passphrase-weak' });
  });

  it('has nothing in its file that opens it', async () => {
    const files = new MemoryArchiveFiles();
    const { ring, recoveryKey } = await newRing(ringSetup(files));
    const text = files.contents.get('/store/KEYS')?.toString('latin1') ?? '';
    const key = Buffer.from(ring.activeKey().bytes);
    const secrets = [passphrase, recoveryKey, recoveryKey.replaceAll('-', ''), key.toString('base64'), key.toString('hex')];
    for (const secret of secrets) assert.ok(!text.includes(secret));
  });
});

describe('a key ring', () => {
  it('opens with the passphrase, the recovery key, or the key in the keep', async () => {
    const setup = ringSetup(new MemoryArchiveFiles());
    const { ring, recoveryKey } = await newRing(setup);
    const keep = new MemoryKeep();
    await ring.keepIn(keep);
    const key = Buffer.from(ring.activeKey().bytes);
    assert.equal(key.length, 32);
    for (const typed of [passphrase, ` ${passphrase} `, recoveryKey, recoveryKey.replaceAll('-', ' ')]) {
      assert.deepEqual(Buffer.from((await unlockKeyRing(setup, typed)).activeKey().bytes), key);
    }
    assert.deepEqual((await openKeptKeyRing(setup, keep))?.activeKey().bytes, key);
  });

  it('takes a passphrase as it is meant, however a keyboard writes it', async () => {
    const salt = Buffer.alloc(16);
    const cost = { N: 1 << 14, r: 8, p: 1 };
    assert.deepEqual(await keyFromPassphrase('Möwe rudert', salt, cost), await keyFromPassphrase(' Mo\u0308we rudert\n', salt, cost));
    assert.notDeepEqual(await keyFromPassphrase('Möwe rudert', salt, cost), await keyFromPassphrase('Mowe rudert', salt, cost));
  });

  it('refuses everything else in one way, without saying what was nearly right', async () => {
    const setup = ringSetup(new MemoryArchiveFiles());
    const { recoveryKey } = await newRing(setup);
    const another = await newRing(ringSetup(new MemoryArchiveFiles(), undefined, 2));
    for (const typed of ['', 'gull rows quiet harbor', recoveryKey.slice(0, -1), another.recoveryKey]) {
      await assert.rejects(unlockKeyRing(setup, typed), { code: 'vault-refused', parameters: {} });
    }
    assert.equal(await openKeptKeyRing(setup, new MemoryKeep()), null);
  });

  it('is refused when any bit of its file is not as it was written', async () => {
    const files = new MemoryArchiveFiles();
    const setup = ringSetup(files);
    await newRing(setup);
    const whole = Buffer.from(files.contents.get('/store/KEYS') ?? '');
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
      files.contents.set('/store/KEYS', flipped);
      await assert.rejects(readKeyRing(setup), { code: 'keys-damaged' }, `byte ${at}`);
    }
  });

  it('is refused when somebody without its keys has changed it, checksum and all', async () => {
    const files = new MemoryArchiveFiles();
    const setup = ringSetup(files);
    await newRing(setup);
    const [text = '', seal = ''] = files.contents.get('/store/KEYS')?.toString().split('\n') ?? [];
    const sealed = `${text.replace('"nextId":2', '"nextId":3')}\n${seal}\n`;
    files.contents.set('/store/KEYS', Buffer.from(`${sealed}${crc32(sealed).toString(16).padStart(8, '0')}\n`));
    await assert.rejects(unlockKeyRing(setup, passphrase), { code: 'keys-damaged' });
  });

  it('changes its passphrase, and the old one opens it no longer', async () => {
    const setup = ringSetup(new MemoryArchiveFiles());
    const { ring, recoveryKey } = await newRing(setup);
    await ring.changePassphrase('blue boats lie still');
    await assert.rejects(unlockKeyRing(setup, passphrase), { code: 'vault-refused' });
    for (const typed of ['blue boats lie still', recoveryKey]) {
      assert.deepEqual((await unlockKeyRing(setup, typed)).activeKey(), ring.activeKey());
    }
    await assert.rejects(ring.changePassphrase('weak'), { code: 'passphrase-weak' });
  });

  it('is taken out of the keep', async () => {
    const setup = ringSetup(new MemoryArchiveFiles());
    const { ring } = await newRing(setup);
    const keep = new MemoryKeep();
    await ring.keepIn(keep);
    await ring.removeFrom(keep);
    assert.equal(keep.secrets.size, 0);
    assert.equal(await openKeptKeyRing(setup, keep), null);
  });

  it('makes one change after the other', async () => {
    const setup = ringSetup(new MemoryArchiveFiles());
    const { ring } = await newRing(setup);
    const add = () => ring.change((contents) => {
      const key = ring.makeDataKey(contents);
      return { ...contents, keys: [...contents.keys, key], nextId: key.id + 1 };
    });
    await Promise.all([add(), add(), ring.keepIn(new MemoryKeep())]);
    const reopened = await unlockKeyRing(setup, passphrase);
    assert.deepEqual(reopened.contents.keys.map(({ id }) => id), [1, 2, 3]);
    assert.notEqual(reopened.contents.locks.kept, null);
  });

  it('overwrites its keys, and opens nothing then', async () => {
    const { ring } = await newRing(ringSetup(new MemoryArchiveFiles()));
    const { bytes } = ring.activeKey();
    ring.wipe();
    assert.deepEqual(Buffer.from(bytes), Buffer.alloc(32));
    assert.equal(ring.keyOf(1), null);
    assert.throws(() => ring.activeKey(), { code: 'vault-locked' });
    for (const change of [ring.write(), ring.refresh(), ring.change((contents) => contents)]) await assert.rejects(change, { code: 'vault-locked' });
  });

  it('keeps the file it had when another cannot be written', async () => {
    const files = new MemoryArchiveFiles();
    const setup = ringSetup(files);
    const { ring } = await newRing(setup);
    const before = files.contents.get('/store/KEYS');
    for (let step = 0; ; step++) {
      files.failing = { step: files.steps.length + step, code: 'ENOSPC' };
      const outcome = await ring.keepIn(new MemoryKeep()).then(() => 'written', (error: unknown) => error);
      if (outcome === 'written') break;
      await unlockKeyRing({ ...setup, files: intact(files) }, passphrase);
      assert.deepEqual([...files.contents.keys()], ['/store/KEYS']);
    }
    assert.notDeepEqual(files.contents.get('/store/KEYS'), before);
  });
});

/** The same disk, working again. */
function intact({ contents }: MemoryArchiveFiles): MemoryArchiveFiles {
  const files = new MemoryArchiveFiles();
  for (const [name, content] of contents) files.contents.set(name, content);
  return files;
}

describe('the cost of trying a passphrase', () => {
  it('is neither so low that guessing is cheap, nor so high that a file takes the machine down', () => {
    assert.ok(scryptCost.safeParse({ N: 1 << 17, r: 8, p: 1 }).success);
    for (const cost of [{ N: 1 << 13, r: 8, p: 1 }, { N: 1 << 14, r: 1, p: 1 }, { N: 1 << 20, r: 32, p: 1 }, { N: (1 << 17) + 1, r: 8, p: 1 }, { N: 1 << 17, r: 8, p: 5 }]) {
      assert.ok(!scryptCost.safeParse(cost).success, JSON.stringify(cost));
    }
  });
});
