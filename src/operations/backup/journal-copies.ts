import { secondFolders, type BackupRoom } from './backup-parts.ts';
import { positionOf, writeChanges, type BackupOrder } from './backup-writer.ts';
import type { Making } from './making.ts';
import type { ShelvedBackup } from './shelf.ts';

/** How often the second folder is brought up to what changed. */
export const journalEveryMs = 15 * 60_000;

/**
 * Keeps one file in the second folder with all that changed since the newest backup there, so that a lost disk costs a quarter of an
 * hour. For whoever has the work alone.
 */
export class JournalCopies {
  readonly #room: BackupRoom;
  readonly #making: Making;

  constructor(room: BackupRoom, making: Making) {
    this.#room = room;
    this.#making = making;
  }

  /** True when a copy was made. */
  async copy(): Promise<boolean> {
    const { shelf } = this.#room;
    await this.#making.copyToSecond((await shelf.list()).backups);
    const { backups } = await shelf.list();
    const base = await this.#making.base(backups);
    const [second] = secondFolders(this.#room);
    // Where the folder is not there now, nothing of it is listed.
    if (base === null || second === undefined || base.places.every(({ folder }) => folder !== second)) return false;
    const before = backups.filter(({ reason }) => reason === 'journal');
    const made = await this.#since(base, before.find(({ baseId, soundness }) => baseId === base.id && soundness.type !== 'damaged') ?? null, second);
    for (const old of before) if (made || old.baseId !== base.id) await shelf.remove(old);
    return made;
  }

  /** After a purge, a migration or a restore, changes have nothing to go on from until the next backup of everything. */
  async #since(base: ShelvedBackup, before: ShelvedBackup | null, folder: string): Promise<boolean> {
    const { clock, ids, store, work } = this.#room;
    if ((await store.backup.changedSince(positionOf((before ?? base).manifest))) !== 'changes') return false;
    const order: BackupOrder = { id: ids.next(), by: 'journal', at: clock.now() };
    const written = await work.step('writing', order.id, null, (progress) =>
      writeChanges(base.manifest, order, { ...this.#making.writing(progress), folder }));
    return written.type === 'written';
  }
}
