import { HearthlinkError } from '../../shared/errors.ts';
import type { ContentSummary, RestoreReport, StorePosition } from '../../store/backup-port.ts';
import type { BackupRoom } from './backup-parts.ts';
import { usableInOrder } from './backup-record.ts';
import { positionOf } from './backup-writer.ts';
import type { Making } from './making.ts';
import type { Proving, RestoreTarget } from './proving.ts';

export interface RestorePreview {
  /** The moment that is reached: not later than the one that was asked for. Null for a backup without a time of its own. */
  readonly at: number | null;
  readonly proved: boolean;
  /** What the store will hold. */
  readonly get: ContentSummary;
  /** What it holds now; null where it cannot be read. */
  readonly now: ContentSummary | null;
}

/** A backup that was put together to be looked into. Whoever asked for it drops its scratch. */
export interface OpenBackup extends RestorePreview {
  readonly scratch: string;
}

export interface RestoreOutcome {
  readonly report: RestoreReport;
  /** The backup of what was there before; null where the store could not be read. */
  readonly safetyId: string | null;
}

/** What was there before a restore: the backup that has it, and where it ends; null for a store that cannot say where it is. */
interface Safety {
  readonly id: string;
  readonly position: StorePosition | null;
}

/** What a store says that can be replaced, and not be backed up. */
export const unreadable = ['store-damaged', 'store-newer-schema', 'store-not-migrated'] as const;

/** Goes back to what backups hold. For whoever has the work alone. */
export class Restoring {
  readonly #room: BackupRoom;
  readonly #making: Making;
  readonly #proving: Proving;

  constructor(room: BackupRoom, making: Making, proving: Proving) {
    this.#room = room;
    this.#making = making;
    this.#proving = proving;
  }

  /** What going back would bring, and what is there now, with the scratch to look into; dropped by whoever asked. */
  async open(target: RestoreTarget): Promise<OpenBackup> {
    const path = await this.#proving.pathTo(target);
    const { scratch, loaded } = await this.#proving.assembled('proving', path);
    try {
      return { scratch, at: path.until ?? loaded.at, proved: path.proved, get: loaded.summary, now: await this.#summary() };
    } catch (error) {
      await this.#room.store.backup.scratchDrop(scratch);
      throw error;
    }
  }

  /**
   * On any failure the store stays as it is.
   * @param beforehand may look into what is about to be restored, in its scratch, and at the store as it is; told the moment that is reached
   */
  async restore(target: RestoreTarget, beforehand: (scratch: string, at: number | null) => Promise<void>): Promise<RestoreOutcome> {
    const { clock, store, work, log } = this.#room;
    const path = await this.#proving.pathTo(target);
    const safety = await this.#safety();
    const { scratch, loaded } = await this.#proving.assembled('restoring', path);
    try {
      await beforehand(scratch, path.until ?? loaded.at);
      work.throwIfStopped();
      const report = await store.backup.scratchRestore({ scratch, at: clock.now(), replaces: safety?.position ?? null });
      return { report, safetyId: safety?.id ?? null };
    } finally {
      // What was restored stays restored, and why it was not is worth more than that its scratch is still there.
      await store.backup.scratchDrop(scratch).catch((error: unknown) => { log.warn('a scratch could not be dropped', { code: HearthlinkError.from(error).code }); });
    }
  }

  /** What is there now, backed up and proved; null where the store cannot be read. */
  async #safety(): Promise<Safety | null> {
    try {
      const made = await this.#making.backUp('changes', 'before-restore');
      const newest = made ?? (await this.#making.base((await this.#room.shelf.list()).backups))?.manifest ?? null;
      if (newest === null) return null;
      await this.#proving.prove(newest.id);
      return { id: newest.id, position: positionOf(newest) };
    } catch (error) {
      if (!HearthlinkError.is(error, ...unreadable)) throw error;
      this.#room.log.warn('the store cannot be read, so it is replaced without another backup of it', { code: error.code });
      return error.code === 'store-not-migrated' ? this.#backupBeforeMigration() : null;
    }
  }

  /** It was made before the migration was tried. */
  async #backupBeforeMigration(): Promise<Safety | null> {
    const { backups } = await this.#room.shelf.list();
    const made = usableInOrder(backups).findLast(({ reason }) => reason === 'before-migration');
    return made === undefined ? null : { id: made.id, position: null };
  }

  async #summary(): Promise<ContentSummary | null> {
    const { backup } = this.#room.store;
    try {
      const { frozen, summary } = await backup.freeze();
      await backup.release(frozen);
      return summary;
    } catch (error) {
      if (!HearthlinkError.is(error, ...unreadable)) throw error;
      return null;
    }
  }
}
