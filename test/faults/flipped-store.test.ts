import assert from 'node:assert/strict';
import path from 'node:path';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { StorePosition } from '../../src/store/backup-port.ts';
import { fullCopy } from '../store/support/backup-copies.ts';
import { seededFlips, tornLengths } from './support/seeded-damage.ts';
import { ProductWindow } from './support/product-window.ts';
import { flipped, StoreFolder } from './support/store-folder.ts';

const flips = 100;
const cuts = 25;
const titles = ['Chat 0', 'Chat 1', 'Chat 2', 'Chat 3'];

interface Sample extends Disposable {
  readonly folder: StoreFolder;
  /** Where the store was before anything was written. */
  readonly early: StorePosition;
}

/** Four chats with memories and vectors: the first two in a sealed journal, the third in the generation that followed, the last in its journal. */
async function sampleStore(): Promise<Sample> {
  const folder = new StoreFolder();
  const window = new ProductWindow(folder.path);
  const early = await window.backups.position();
  await window.addChat('Chat 0');
  await window.addChat('Chat 1');
  await window.addMemories(['The harbour master waters orchids.', 'Letters arrive on Tuesdays.']);
  await window.engine.rotate();
  await window.addChat('Chat 2');
  await window.engine.rotate();
  await window.addChat('Chat 3');
  await window.close();
  return { folder, early, [Symbol.dispose]: () => { folder[Symbol.dispose](); } };
}

/** Without the generation before the newest, so that nothing can be gone back to. */
function dropOlderGenerations(folder: StoreFolder): void {
  for (const name of folder.names()) if (/^g[12]-[^/]*$/.test(name)) folder.remove(name);
}

interface Findings {
  /** Files that were named as damaged by anything that looks at the store: opening it, searching it, backing it up. */
  readonly named: readonly string[];
  /** Null where they could not be read. */
  readonly chats: readonly string[] | null;
}

async function look({ folder, early }: Pick<Sample, 'folder' | 'early'>): Promise<Findings> {
  const window = new ProductWindow(folder.path);
  const named: string[] = [];
  const trying = async <T>(act: () => Promise<T>): Promise<T | null> => {
    try {
      return await act();
    } catch (error) {
      const { code, parameters } = HearthlinkError.from(error);
      assert.equal(code, 'store-damaged', String(error));
      named.push(String(parameters['file']));
      return null;
    }
  };
  try {
    const chats = await trying(() => window.chats());
    await trying(() => window.recallByVector());
    await trying(() => fullCopy(window.backups));
    if (!(await trying(() => areRecordsThere(window, early)))) named.push(early.journal);
    const { damagedFiles, problem } = await window.engine.status();
    if (problem !== null) named.push(String(problem.parameters['file']));
    return { named: [...named, ...damagedFiles], chats };
  } finally {
    await window.close();
  }
}

/** Whether changes can be backed up from a position on. */
async function areRecordsThere({ backups }: ProductWindow, from: StorePosition): Promise<boolean> {
  for (let position = from; ;) {
    const answer = await backups.recordsAfter(position);
    if (answer.state === 'full-due') return false;
    if (!answer.more) return true;
    position = answer.to;
  }
}

/** A file, or the generation that it is a file of. */
function isNamed(name: string, { named }: Findings): boolean {
  return named.some((file) => file === name || file === path.posix.basename(name) || file === path.posix.dirname(name));
}

const kinds = [
  ['the newest journal', /^journal-3-[^/]*$/],
  ['a sealed journal that the newest generation does not need', /^journal-1-[^/]*$/],
  ['the snapshot', /^g3-[^/]*\/snapshot\.sqlite$/],
  ['the ledger of calls', /^g3-[^/]*\/calls\.bin$/],
  ['the index of words', /^g3-[^/]*\/index\.bin$/],
  ['the vectors', /^g3-[^/]*\/vectors-[^/]*\.bin$/],
  ['COVERS', /^g3-[^/]*\/COVERS$/],
  ['MARK', /^g3-[^/]*\/MARK$/],
] as const;

describe('one bit of the store that is the other way', () => {
  for (const [what, pattern] of kinds) {
    it(`is found ${flips} times of ${flips} in ${what}, and shows nobody a chat that was not written`, async function () {
      this.timeout(180_000);
      using sample = await sampleStore();
      const { folder } = sample;
      dropOlderGenerations(folder);
      const name = folder.nameLike(pattern);
      const whole = folder.read(name);
      const missed: string[] = [];
      for (const { at, bit } of seededFlips(whole.length, flips, what)) {
        using copy = new StoreFolder(folder.path);
        copy.write(name, flipped(whole, at, bit));
        const findings = await look({ ...sample, folder: copy });
        if (!isNamed(name, findings)) missed.push(`byte ${at}, bit ${bit}: ${findings.named.join()}`);
        assert.ok(findings.chats === null || findings.chats.every((chat, i) => chat === titles[i]), findings.chats?.join());
      }
      assert.deepEqual(missed, []);
    });
  }
});

describe('a file of the newest generation that ends too soon', () => {
  for (const [what, pattern] of kinds.filter(([, { source }]) => source.startsWith('^g3'))) {
    it(`is found wherever it ends: ${what}`, async function () {
      this.timeout(180_000);
      using sample = await sampleStore();
      const { folder } = sample;
      dropOlderGenerations(folder);
      const name = folder.nameLike(pattern);
      const whole = folder.read(name);
      for (const length of tornLengths(whole.length, cuts, what)) {
        using copy = new StoreFolder(folder.path);
        copy.write(name, whole.subarray(0, length));
        assert.ok(isNamed(name, await look({ ...sample, folder: copy })), `${length} bytes of ${whole.length}`);
      }
    });
  }
});

describe('a store without damage', () => {
  it('is named by nothing that looks at it, and gives back what was written', async () => {
    using sample = await sampleStore();
    assert.deepEqual(await look(sample), { named: [], chats: titles });
    dropOlderGenerations(sample.folder);
    assert.deepEqual(await look(sample), { named: [], chats: titles });
  });
});
