import assert from 'node:assert/strict';
import { openArchive, readArchiveHeader } from '../../../src/operations/archive/archive-reader.ts';
import { writeArchive } from '../../../src/operations/archive/archive-writer.ts';
import { adoptKeys, copyKeys, keyCopyName } from '../../../src/operations/keys/key-copies.ts';
import { unlockKeyRing } from '../../../src/operations/keys/key-ring.ts';
import { MemoryArchiveFiles } from '../archive/support/memory-archive-files.ts';
import { sampleHead, sampleName, sampleParts, seededRandom } from '../archive/support/sample-archive.ts';
import { newRing, passphrase, ringSetup, storeId } from './support/sample-ring.ts';

const copy = `/backups/${keyCopyName(storeId)}`;

describe('a copy of a key ring beside backups', () => {
  it('opens them when the disk with the store is lost', async () => {
    const files = new MemoryArchiveFiles();
    const { ring } = await newRing(ringSetup(files));
    await writeArchive(sampleName, sampleParts, () => sampleHead(), { files, random: seededRandom(), key: ring.activeKey() });
    await copyKeys(ringSetup(files), '/backups');
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
    await newRing(ringSetup(files));
    await copyKeys(ringSetup(files), '/backups');
    await assert.rejects(adoptKeys(ringSetup(files), copy), { code: 'conflict' });
  });

  it('follows the ring, is written only when that has changed, and not when it is damaged', async () => {
    const files = new MemoryArchiveFiles();
    const setup = ringSetup(files);
    const { ring } = await newRing(setup);
    await copyKeys(setup, '/backups');
    const before = files.steps.length;
    await copyKeys(setup, '/backups');
    assert.ok(!files.steps.slice(before).some((step) => step.startsWith('create')));
    await ring.changePassphrase('blue boats lie still');
    await copyKeys(setup, '/backups');
    const whole = files.contents.get('/store/KEYS') ?? Buffer.alloc(0);
    assert.deepEqual(files.contents.get(copy), whole);
    files.contents.set('/store/KEYS', whole.subarray(1));
    await assert.rejects(copyKeys(setup, '/backups'), { code: 'keys-damaged' });
    assert.deepEqual(files.contents.get(copy), whole);
  });

  it('is of one ring: another one has other keys by the same ids', async () => {
    const files = new MemoryArchiveFiles();
    const { ring } = await newRing(ringSetup(files));
    assert.notEqual(ring.keyOf(1, storeId), null);
    assert.equal(ring.keyOf(1, 'ef'.repeat(16)), null);
  });
});
