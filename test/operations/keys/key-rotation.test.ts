import assert from 'node:assert/strict';
import type { ArchiveKey } from '../../../src/operations/archive/archive-cipher.ts';
import type { ArchiveFiles } from '../../../src/operations/archive/archive-files.ts';
import { openArchive, readArchiveHeader } from '../../../src/operations/archive/archive-reader.ts';
import { writeArchive } from '../../../src/operations/archive/archive-writer.ts';
import { dropAgedKeys, nothingInUse, rotateKey, type RotatedContent } from '../../../src/operations/keys/key-rotation.ts';
import { openKeptKeyRing, type KeyRing } from '../../../src/operations/keys/key-ring.ts';
import { HandClock } from '../../support/seeded-ports.ts';
import { MemoryArchiveFiles } from '../archive/support/memory-archive-files.ts';
import { sampleHead, seededRandom } from '../archive/support/sample-archive.ts';
import { MemoryKeep, newRing, ringSetup } from './support/sample-ring.ts';

const live = '/store/live';
const beside = '/store/live-beside';
const dayMs = 24 * 60 * 60 * 1000;

interface ArchiveInUse extends RotatedContent {
  write(name: string, key: ArchiveKey, text: string): Promise<void>;
  read(name: string, key: ArchiveKey): Promise<string>;
}

/** Something encrypted and in use: one archive, on the same disk as the keys. */
function archiveInUse(files: ArchiveFiles, seed = 9): ArchiveInUse {
  const write = async (name: string, key: ArchiveKey, text: string) => {
    await writeArchive(name, [{ name: 'settings.json', content: [Buffer.from(text)] }], () => sampleHead(), { files, random: seededRandom(seed), key });
  };
  const read = async (name: string, key: ArchiveKey) => {
    const archive = await openArchive(name, (id) => (id === key.id ? key.bytes : null), files);
    const pieces = [];
    for await (const piece of archive.readPart('settings.json')) pieces.push(piece);
    await archive.close();
    return Buffer.concat(pieces).toString();
  };
  return {
    write,
    read,
    writeBeside: async (from, to) => { await write(beside, to, await read(live, from)); },
    verifyBeside: async (from, to) => { assert.equal(await read(beside, to), await read(live, from)); },
    swap: async (to) => {
      // Interrupted behind the rename, it finds nothing beside.
      const isSwapped = await read(live, to).then(() => true, () => false);
      if (!isSwapped) await files.rename(beside, live);
    },
    keyInUse: async () => (await readArchiveHeader(live, files)).keyId,
  };
}

/** A disk as a process that was killed leaves it, for another one. */
function diskOf({ contents }: MemoryArchiveFiles): MemoryArchiveFiles {
  const files = new MemoryArchiveFiles();
  for (const [name, content] of contents) files.contents.set(name, content);
  return files;
}

/** Everything fails from this step on: the process is dead. */
class DyingFiles extends MemoryArchiveFiles {
  readonly diesAt: number;

  constructor(from: MemoryArchiveFiles, diesAt: number) {
    super();
    for (const [name, content] of from.contents) this.contents.set(name, content);
    this.diesAt = diesAt;
  }

  override alive(step: number): boolean {
    return step < this.diesAt;
  }
}

async function readable(ring: KeyRing, files: ArchiveFiles): Promise<string> {
  const archive = await openArchive(live, ring.keyOf, files);
  const pieces = [];
  for await (const piece of archive.readPart('settings.json')) pieces.push(piece);
  await archive.close();
  return Buffer.concat(pieces).toString();
}

interface Start {
  readonly files: MemoryArchiveFiles;
  /** Opens the ring on a disk as a new process does. */
  readonly open: (files: MemoryArchiveFiles, seed?: number) => Promise<KeyRing>;
}

async function start(): Promise<Start> {
  const files = new MemoryArchiveFiles();
  const keep = new MemoryKeep();
  const { ring } = await newRing(ringSetup(files));
  await ring.keepIn(keep);
  await archiveInUse(files).write(live, ring.activeKey(), 'Gull is blue.');
  return {
    files,
    open: async (disk, seed = 5) => {
      const opened = await openKeptKeyRing(ringSetup(disk, new HandClock(), seed), keep);
      assert.ok(opened !== null);
      return opened;
    },
  };
}

describe('rotating a key', () => {
  it('puts a new key in the place of the old one, which stays for what was written with it', async () => {
    const { files, open } = await start();
    const ring = await open(files);
    const before = ring.activeKey();
    await rotateKey(ring, archiveInUse(files), new HandClock());
    assert.equal(ring.activeKey().id, 2);
    assert.notDeepEqual(ring.activeKey().bytes, before.bytes);
    assert.deepEqual(ring.keyOf(1), before.bytes);
    assert.equal(await archiveInUse(files).read(live, ring.activeKey()), 'Gull is blue.');
    assert.ok(!files.contents.has(beside));
  });

  it('writes the new key before anything is encrypted with it', async () => {
    const { files, open } = await start();
    const ring = await open(files);
    const seen: number[] = [];
    await rotateKey(ring, {
      ...nothingInUse,
      writeBeside: async (_, to) => {
        const onDisk = await open(diskOf(files));
        assert.deepEqual(onDisk.keyOf(to.id), to.bytes);
        assert.equal(onDisk.activeKey().id, 1);
        seen.push(to.id);
      },
    }, new HandClock());
    assert.deepEqual(seen, [2]);
  });

  it('loses nothing when it is killed at any step, and goes on from there', async () => {
    const { files: before, open } = await start();
    const inOne = new DyingFiles(before, Number.POSITIVE_INFINITY);
    await rotateKey(await open(inOne), archiveInUse(inOne), new HandClock());
    assert.ok(inOne.steps.length > 30);
    for (let diesAt = 0; diesAt < inOne.steps.length; diesAt++) {
      const dying = new DyingFiles(before, diesAt);
      const killed = async () => {
        await rotateKey(await open(dying), archiveInUse(dying), new HandClock());
      };
      await assert.rejects(killed(), `step ${diesAt}`);
      const survivor = diskOf(dying);
      const ring = await open(survivor, 6);
      assert.equal(await readable(ring, survivor), 'Gull is blue.', `killed at ${inOne.steps[diesAt] ?? ''}`);
      if (ring.activeKey().id === 1) await rotateKey(ring, archiveInUse(survivor, 10), new HandClock());
      assert.equal(ring.contents.rotation, null);
      assert.equal(ring.activeKey().id, 2, 'goes on, and does not begin again');
      assert.equal(await archiveInUse(survivor).read(live, ring.activeKey()), 'Gull is blue.');
    }
  });

  it('writes again what cannot be read back', async () => {
    const { files, open } = await start();
    const ring = await open(files);
    const content = archiveInUse(files);
    let isSpoilt = true;
    const spoiling: RotatedContent = {
      ...content,
      writeBeside: async (from, to) => {
        await content.writeBeside(from, to);
        if (isSpoilt) files.contents.set(beside, Buffer.alloc(10));
        isSpoilt = false;
      },
    };
    await assert.rejects(rotateKey(ring, spoiling, new HandClock()), { code: 'archive-refused' });
    assert.equal(await readable(ring, files), 'Gull is blue.');
    await rotateKey(ring, spoiling, new HandClock());
    assert.equal(await content.read(live, ring.key(2)), 'Gull is blue.');
  });
});

describe('a key that was rotated away', () => {
  it('is dropped when no backup is under it any more, and it is older than any backup that is kept', async () => {
    const clock = new HandClock();
    const ring = (await newRing(ringSetup(new MemoryArchiveFiles(), clock))).ring;
    await rotateKey(ring, nothingInUse, clock);
    assert.deepEqual(await dropAgedKeys(ring, new Set([2]), clock), [], 'a folder may not be there just now');
    await clock.advance(91 * dayMs);
    assert.deepEqual(await dropAgedKeys(ring, new Set([1, 2]), clock), [], 'a backup is under it');
    const bytes = ring.keyOf(1);
    assert.deepEqual(await dropAgedKeys(ring, new Set([2]), clock), [1]);
    assert.deepEqual(Buffer.from(bytes ?? ''), Buffer.alloc(32), 'its bytes are overwritten');
    assert.equal(ring.keyOf(1), null);
  });

  it('stays while a rotation is going on', async () => {
    const clock = new HandClock();
    const ring = (await newRing(ringSetup(new MemoryArchiveFiles(), clock))).ring;
    await rotateKey(ring, nothingInUse, clock);
    await clock.advance(91 * dayMs);
    await assert.rejects(rotateKey(ring, { ...nothingInUse, writeBeside: () => Promise.reject(new RangeError('cut')) }, clock), RangeError);
    assert.deepEqual(await dropAgedKeys(ring, new Set(), clock), []);
  });
});
