import path from 'node:path';
import { HearthlinkError } from '../../shared/errors.ts';
import type { ChangedSince, FrozenContent } from '../../store/backup-port.ts';
import { storeFileError } from '../../store/files/file-error.ts';
import type { StepProgress } from './activity.ts';
import { secondFolders, type BackupRoom } from './backup-parts.ts';
import { usableInOrder, type BackupKind, type BackupReason } from './backup-record.ts';
import { positionOf, writeChanges, writeFrozen, writeFull, type BackupOrder, type BackupWriting } from './backup-writer.ts';
import { copyInto } from './copy-into.ts';
import type { Manifest } from './ports.ts';
import { baseForChanges } from './schedule.ts';
import type { ShelvedBackup } from './shelf.ts';

/** Makes backups, as long as there is something new to back up. For whoever has the work alone. */
export class Making {
  readonly #room: BackupRoom;

  constructor(room: BackupRoom) {
    this.#room = room;
  }

  /** What is new since the newest backup that can be restored; `nothing` where the store cannot say. */
  async changedSince(backups: readonly ShelvedBackup[]): Promise<ChangedSince> {
    const { store, log } = this.#room;
    const base = await this.base(backups);
    try {
      if (base !== null) return await store.backup.changedSince(positionOf(base.manifest));
      await store.backup.position();
      return 'new-content';
    } catch (error) {
      log.warn('the store could not say what is new in it', { code: HearthlinkError.from(error).code });
      return 'nothing';
    }
  }

  /** Null when nothing has changed since the newest one that can be restored. */
  async backUp(kind: BackupKind, by: BackupReason): Promise<Manifest | null> {
    const { clock, ids, shelf, store, work } = this.#room;
    const base = await this.base((await shelf.list()).backups);
    if (base !== null && (await store.backup.changedSince(positionOf(base.manifest))) === 'nothing') return null;
    const order: BackupOrder = { id: ids.next(), by, at: clock.now() };
    const made = await work.step('writing', order.id, null, (progress) => this.#write(kind, base, order, progress));
    await this.copyToSecond((await shelf.list()).backups);
    return made;
  }

  /** Backs up what was frozen, as everything. Answers the id of the backup that ends there, which may have been there. */
  async backUpFrozen(content: FrozenContent, by: BackupReason): Promise<string> {
    const { clock, ids, shelf, work } = this.#room;
    const { backups } = await shelf.list();
    const same = usableInOrder(backups).find(({ position }) => position.chain === content.position.chain);
    if (same !== undefined) return same.id;
    const order: BackupOrder = { id: ids.next(), by, at: clock.now() };
    await work.step('writing', order.id, null, (progress) => writeFrozen(content, order, this.writing(progress)));
    await this.copyToSecond((await shelf.list()).backups);
    return order.id;
  }

  /** Everything in a file of its own, which is read from the disk again, and belongs to no shelf. */
  async writeTo(file: string): Promise<Manifest> {
    const { archives, clock, ids, work } = this.#room;
    const order: BackupOrder = { id: ids.next(), by: 'hand', at: clock.now() };
    const made = await work.step('writing', order.id, null, (progress) => writeFull(order, this.writing(progress), file));
    const total = made.parts.reduce((sum, { bytes }) => sum + bytes, 0);
    await work.step('proving', order.id, total, async (progress) => {
      const archive = await archives.open(file);
      try {
        for (const { name } of archive.manifest.parts) for await (const bytes of archive.read(name)) await progress.advance(bytes.length);
      } finally {
        await archive.close();
      }
    });
    return made;
  }

  async #write(kind: BackupKind, base: ShelvedBackup | null, order: BackupOrder, progress: StepProgress): Promise<Manifest> {
    const writing = this.writing(progress);
    if (kind === 'changes' && base !== null) {
      const changes = await writeChanges(base.manifest, order, writing);
      if (changes.type === 'written') return changes.manifest;
    }
    return writeFull(order, writing);
  }

  /** What changes made now would follow. */
  async base(backups: readonly ShelvedBackup[]): Promise<ShelvedBackup | null> {
    return newestUsable(await this.#fitting(backups));
  }

  async #fitting(backups: readonly ShelvedBackup[]): Promise<readonly ShelvedBackup[]> {
    const encrypts = (await this.#room.encrypts?.()) ?? false;
    return encrypts ? backups.filter(({ isEncrypted }) => isEncrypted) : backups;
  }

  /** What writing asks for, in this room. */
  writing(progress: StepProgress): BackupWriting {
    const { store, archives, folder, extensionVersion, chosenSettings, accounts } = this.#room;
    return { store: store.backup, archives, folder, extensionVersion, settings: chosenSettings?.() ?? {}, accounts: accounts ?? noAccounts, progress };
  }

  /** The second folder has what the first one has; where it is not there now, it gets it with the next backup. */
  async copyToSecond(backups: readonly ShelvedBackup[]): Promise<void> {
    const { folder, log } = this.#room;
    for (const second of secondFolders(this.#room)) {
      let failure: unknown = null;
      for (const { places } of await this.#fitting(backups)) {
        const [place] = places;
        // A copy would lose the mark of one that is damaged.
        if (place.folder !== folder || place.soundness.type === 'damaged' || places.some((other) => other.folder === second)) continue;
        try {
          await copyInto(second, path.join(folder, place.file));
        } catch (error) {
          failure = error;
        }
      }
      if (failure !== null) log.warn('not every backup could be copied to the second folder', { code: storeFileError(failure).code });
    }
  }
}

const noAccounts: BackupWriting['accounts'] = () => Promise.resolve([]);

/** The newest that can be restored, leaving out copies of the journal. */
function newestUsable(backups: readonly ShelvedBackup[]): ShelvedBackup | null {
  const base = baseForChanges(backups);
  return backups.find(({ id }) => id === base?.id) ?? null;
}
