import assert from 'node:assert/strict';
import path from 'node:path';
import { heldAlong, type HeldAlong } from '../../../src/operations/backup/held-along.ts';
import type { Archives, Manifest } from '../../../src/operations/backup/ports.ts';
import type { ShelvedBackup } from '../../../src/operations/backup/shelf.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { Place } from './backup-place.ts';

describe('what a backup holds along with the store', () => {
  let place: Place;

  beforeEach(async () => { place = await Place.make(); });
  afterEach(() => place.remove());

  it('is that of the backup of everything, also for changes since and for a moment between', async () => {
    place.chosen = { 'hearthlink.contextSize': 4_096 };
    await place.write('a');
    await place.backUp('full');
    const madeAt = place.clock.now();
    place.chosen = { 'hearthlink.contextSize': 16_384 };
    await place.write('b');
    const between = place.clock.now();
    await place.write('c');
    const changes = await place.backUp('changes');
    for (const target of [{ type: 'backup', id: changes }, { type: 'moment', at: between }] as const) {
      const along = await place.service.heldAlong(target);
      assert.deepEqual(along, { madeAt, accounts: [], settings: { type: 'held', values: new Map([['hearthlink.contextSize', 4_096]]) } });
    }
  });

  it('is said to be none where there is no such backup', async () => {
    await assert.rejects(place.service.heldAlong({ type: 'backup', id: 'x' }), (error) => HearthlinkError.is(error, 'not-found'));
  });

  /** What is found in an archive whose part of settings is this. */
  async function foundIn(part: string | null, bytes = Buffer.byteLength(part ?? '')): Promise<HeldAlong['settings']> {
    await place.write('a');
    const id = await place.backUp('full');
    const [real] = (await place.service.overview()).backups.filter((backup) => backup.id === id);
    assert.ok(real !== undefined);
    const parts = part === null ? [] : [{ name: 'settings.json', bytes }];
    const manifest: Manifest = { ...real.manifest, parts };
    const backup: ShelvedBackup = { ...real, manifest };
    let opened = 0;
    const archives: Archives = {
      write: () => Promise.reject(new Error('Nothing is written.')),
      open: (file) => {
        assert.equal(file, path.join(place.folder, real.places[0].file));
        opened++;
        return Promise.resolve({ manifest, manifestDigest: '', isEncrypted: false, close: () => { opened--; return Promise.resolve(); }, read: () => piecesOf(part ?? '') });
      },
    };
    const { settings } = await heldAlong(backup, archives);
    assert.equal(opened, 0, 'what was opened is closed');
    return settings;
  }

  async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
    for (const letter of Buffer.from(text)) yield await Promise.resolve(Buffer.of(letter));
  }

  it('has settings by name, also by names that mean something to JavaScript', async () => {
    assert.deepEqual(await foundIn('{"a":"é","constructor":2}'), { type: 'held', values: new Map<string, unknown>([['a', 'é'], ['constructor', 2]]) });
  });

  it('has no settings where the part is none, too long, or full of them', async () => {
    assert.deepEqual(await foundIn(null), { type: 'none' });
    for (const part of ['', '{', 'null', '[1]', '"a"', '7']) assert.deepEqual(await foundIn(part), { type: 'unreadable' }, part);
    assert.deepEqual(await foundIn('{}', 2 ** 20), { type: 'unreadable' });
    assert.deepEqual(await foundIn(JSON.stringify(Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`n${i}`, i])))), { type: 'unreadable' });
  });
});
