import { HearthlinkError } from '../../shared/errors.ts';
import type { BackupRoom } from './backup-parts.ts';
import type { JudgedBackup } from './backup-record.ts';
import type { Making } from './making.ts';
import type { Proving } from './proving.ts';

/**
 * Backups from before the last purge: what was forgotten since they were made may be in them. Whether it is cannot be told from
 * outside.
 * @param purgedAt null: nothing was ever purged
 */
export function fromBeforePurge<B extends JudgedBackup>(backups: readonly B[], purgedAt: number | null): readonly B[] {
  return purgedAt === null ? [] : backups.filter(({ madeAt }) => madeAt < purgedAt);
}

/** Lists backups that may hold what was forgotten, and removes them once there is one without it. For whoever has the work alone. */
export class ForgottenInBackups {
  readonly #room: BackupRoom;
  readonly #making: Making;
  readonly #proving: Proving;

  constructor(room: BackupRoom, making: Making, proving: Proving) {
    this.#room = room;
    this.#making = making;
    this.#proving = proving;
  }

  /** When a purge was last made; null where none was, or the store cannot say. */
  async purgedAt(): Promise<number | null> {
    try {
      return await this.#room.store.backup.lastPurge();
    } catch (error) {
      this.#room.log.warn('the store could not say when it was last purged', { code: HearthlinkError.from(error).code });
      return null;
    }
  }

  /** Answers the ids of those that were removed. Nothing is, unless there is a proved backup from after the purge by then. */
  async remove(): Promise<readonly string[]> {
    const { shelf, store } = this.#room;
    const purgedAt = await store.backup.lastPurge();
    const made = await this.#making.backUp('full', 'hand');
    const { backups } = await shelf.list();
    const holding = fromBeforePurge(backups, purgedAt);
    const kept = made?.id ?? (await this.#making.base(backups))?.id;
    if (holding.length === 0 || kept === undefined || holding.some(({ id }) => id === kept)) return [];
    await this.#proving.prove(kept);
    // Newest first, so that an interruption leaves no changes without their base.
    for (const backup of holding) await shelf.remove(backup);
    return holding.map(({ id }) => id);
  }
}
