import assert from 'node:assert/strict';
import { openArchive, readArchiveHeader } from '../../../src/operations/archive/archive-reader.ts';
import { writeArchive } from '../../../src/operations/archive/archive-writer.ts';
import { adoptKeys, copyKeys, keyCopyName } from '../../../src/operations/keys/key-copies.ts';
import { unlockKeyRing } from '../../../src/operations/keys/key-ring.ts';
import { nothingInUse, rotateKey } from '../../../src/operations/keys/key-rotation.ts';
import { MemoryArchiveFiles } from '../archive/support/memory-archive-files.ts';
import { sampleHead, sampleName, sampleParts, seededRandom } from '../archive/support/sample-archive.ts';
import { newRing, passphrase, ringSetup, storeId } from './support/sample-ring.ts';

const copy = `/backups/${keyCopyName(storeId)}`;

describe('a copy of a key ring beside backups', () => {
  it('opens them when the disk with the store is lost', async () => {
    const files = new MemoryArchiveFiles();
    const { ring } = await newRing(ringSetup(files));
    await writeArchive(sampleName, sampleParts, () => sampleHead(), { files, random: seededRandom(), key: ring.activeKey() });
    await copyKeys(ring, ringSetup(files), '/backups');
    files.contents.delete('/store/KEYS');

    const { ringId } = await readArchiveHeader(sampleName, files);
    const found = await unlockKeyRing({ ...ringSetup(files), file: `/backups/${keyCopyName(ringId)}` }, passphrase);
    const archive = await openArchive(sampleName, found.keyOf, files);
    await archive.checkAllParts();
    await adoptKeys(ringSetup(files), copy);
    assert.deepEqual((await unlockKeyRing(ringSetup(files), passphrase)).activeKey(), ring.activeKey());
  });

  it('does not take the place of a ring', async () => {
    const files = new MemoryArchiveFiles();
    const { ring } = await newRing(ringSetup(files));
    await copyKeys(ring, ringSetup(files), '/backups');
    await assert.rejects(adoptKeys(ringSetup(files), copy), { code: 'conflict' });
  });

  it('follows the ring, is written only when that has changed, and not when it is damaged', async () => {
    const files = new MemoryArchiveFiles();
    const setup = ringSetup(files);
    const { ring } = await newRing(setup);
    await copyKeys(ring, setup, '/backups');
    const before = files.steps.length;
    await copyKeys(ring, setup, '/backups');
    assert.ok(!files.steps.slice(before).some((step) => step.startsWith('create')));
    await ring.changePassphrase('blue boats lie still');
    await copyKeys(ring, setup, '/backups');
    const whole = files.contents.get('/store/KEYS') ?? Buffer.alloc(0);
    assert.deepEqual(files.contents.get(copy), whole);
    files.contents.set('/store/KEYS', whole.subarray(1));
    await assert.rejects(copyKeys(ring, setup, '/backups'), { code: 'keys-damaged' });
    assert.deepEqual(files.contents.get(copy), whole);
  });

  it('takes over the keys of another machine that shares the folder, and both read everything', async () => {
    const files = new MemoryArchiveFiles();
    const [here, there] = [ringSetup(files), { ...ringSetup(files, undefined, 2), file: '/other/KEYS' }];
    const { ring } = await newRing(here);
    await copyKeys(ring, here, '/backups');
    await adoptKeys(there, copy);
    const other = await unlockKeyRing(there, passphrase);
    await other.skipIds();
    await rotateKey(other, nothingInUse, there.clock);
    await rotateKey(ring, nothingInUse, here.clock);
    await copyKeys(other, there, '/backups');
    await copyKeys(ring, here, '/backups');
    await copyKeys(other, there, '/backups');

    const [ofHere, ofThere] = [ring.activeKey(), other.activeKey()];
    assert.notEqual(ofHere.id, ofThere.id, 'two keys never go by one id');
    assert.deepEqual(ring.keyOf(ofThere.id), ofThere.bytes);
    assert.deepEqual(other.keyOf(ofHere.id), ofHere.bytes);
    assert.equal(ring.contents.active, ofHere.id, 'each goes on with its own');
    assert.deepEqual(ring.contents.keys.map(({ id, retiredAt }) => [id, retiredAt !== null]), [[1, true], [ofHere.id, false], [ofThere.id, true]]);
  });

  it('is replaced where it is damaged, or was made with other locks', async () => {
    const files = new MemoryArchiveFiles();
    const { ring } = await newRing(ringSetup(files));
    for (const found of [Buffer.from('nothing of ours'), files.contents.get('/store/KEYS')?.subarray(0, 40) ?? Buffer.alloc(0)]) {
      files.contents.set(copy, found);
      await copyKeys(ring, ringSetup(files), '/backups');
      assert.deepEqual(files.contents.get(copy), files.contents.get('/store/KEYS'));
    }
  });

  it('is of one ring: another one has other keys by the same ids', async () => {
    const files = new MemoryArchiveFiles();
    const { ring } = await newRing(ringSetup(files));
    assert.notEqual(ring.keyOf(1, storeId), null);
    assert.equal(ring.keyOf(1, 'ef'.repeat(16)), null);
  });
});
