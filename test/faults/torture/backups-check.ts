import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { BackupService } from '../../../src/operations/backup/backup-service.ts';
import { isBackupFileName } from '../../../src/operations/backup/file-name.ts';
import type { KeyRing } from '../../../src/operations/keys/key-ring.ts';
import { counterId, listNotes, versionsById } from '../../store/support/notes-content.ts';
import type { Deed } from './deeds.ts';
import { expectedIn, misfit } from './expected.ts';
import { backupsIn, openWindow, serviceOver, storeIn, type Place } from './place.ts';

/** The writes that each backup was found to hold, by its id. */
export type HeldByBackup = Map<string, ReadonlySet<string>>;

interface RoundOfBackups {
  readonly place: Place;
  readonly ring: KeyRing;
  readonly deeds: readonly Deed[];
  /** The writes that were there when the round began. */
  readonly before: ReadonlySet<string>;
  /** What was found is added to it. */
  readonly held: HeldByBackup;
}

/**
 * Each file that has a backup's name is one, with keys that the passphrase opens; each that was acknowledged holds what had been
 * acknowledged by then; and each that was called good, or was restored, is restored on a machine that has nothing but it and the keys.
 */
export async function checkBackups({ place, ring, deeds, before, held }: RoundOfBackups): Promise<void> {
  const made = deeds.filter(({ type }) => type === 'backed-up');
  const asked = deeds.filter(({ type }) => type === 'proved' || type === 'restoring').map(({ id }) => id);
  const wanted = new Set([...made.map(({ id }) => id), ...asked]);
  for (const id of wanted) if (!held.has(id)) held.set(id, await restoredElsewhere(id, ring, place));
  for (const backup of made) {
    const expected = expectedIn(backup, before, deeds);
    if (expected !== null) assert.equal(misfit(held.get(backup.id) ?? new Set(), expected), null, `in the backup ${backup.id}`);
  }
}

/** What is there after a backup was restored into an empty store beside copies of all backups. */
async function restoredElsewhere(id: string, ring: KeyRing, place: Place): Promise<ReadonlySet<string>> {
  const root = path.join(place.root, 'elsewhere');
  fs.mkdirSync(backupsIn(root), { recursive: true });
  fs.mkdirSync(storeIn(root));
  for (const name of fs.readdirSync(backupsIn(place.root)).filter(isBackupFileName)) fs.linkSync(path.join(backupsIn(place.root), name), path.join(backupsIn(root), name));
  const window = openWindow('elsewhere', { ...place, root }, ring);
  const service = serviceOver(window, 'elsewhere', ring, { ...place, root });
  await refuseUnreadable(service);
  await service.restore({ type: 'backup', id });
  const notes = versionsById(await window.call(listNotes));
  await window.engine.close();
  service.dispose();
  fs.rmSync(root, { recursive: true });
  const writes = [...notes.keys()].filter((note) => note !== counterId && !note.startsWith('forgotten'));
  assert.equal(notes.get(counterId) ?? 0, writes.length, `each write is in the backup ${id} once`);
  return new Set(writes);
}

async function refuseUnreadable(service: BackupService): Promise<void> {
  const { unreadable } = await service.overview();
  assert.deepEqual(unreadable.map(({ file, error }) => `${file}: ${error.message}`), [], 'a file with the name of a backup is a whole one');
}
