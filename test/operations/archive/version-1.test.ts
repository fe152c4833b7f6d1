import assert from 'node:assert/strict';
import path from 'node:path';
import { openArchive } from '../../../src/operations/archive/archive-reader.ts';
import { nodeArchiveFiles } from '../../../src/operations/archive/node-archive-files.ts';
import { unlockKeyRing } from '../../../src/operations/keys/key-ring.ts';
import { passphrase, ringSetup } from '../keys/support/sample-ring.ts';

/** Files as the first release wrote them. They are not made again: every later release has to read them. */
const folder = path.join(import.meta.dirname, 'version-1');
const recoveryKey = '7HF8-3D0C-BV38-W153-81P9-FNHW-ZFE5-7BM8-2HYR';

describe('what the first version of the format wrote', () => {
  it('is read, where it is not encrypted', async () => {
    const archive = await openArchive(path.join(folder, 'plain.hearthlink'), () => null, nodeArchiveFiles);
    await archive.checkAllParts();
    assert.deepEqual(archive.manifest.parts.map(({ name }) => name), ['snapshot.sqlite', 'calls.bin', 'settings.json']);
    await archive.close();
  });

  for (const [by, typed] of [['passphrase', passphrase], ['recovery key', recoveryKey]] as const) {
    it(`is read with its ${by}, where it is encrypted`, async () => {
      const ring = await unlockKeyRing({ ...ringSetup(nodeArchiveFiles), file: path.join(folder, 'KEYS') }, typed);
      const archive = await openArchive(path.join(folder, 'encrypted.hearthlink'), ring.keyOf, nodeArchiveFiles);
      await archive.checkAllParts();
      assert.equal(archive.manifest.counts['messages'], 12);
      await archive.close();
    });
  }
});
