import type { FrozenContent } from '../../store/backup-port.ts';
import type { Disposable, Event } from '../../shared/events.ts';
import type { Account } from './accounts.ts';
import type { BackupActivity } from './activity.ts';
import { secondFolders, type BackupRoom, type BackupServiceParts } from './backup-parts.ts';
import { lasting, type BackupKind, type BackupReason } from './backup-record.ts';
import { BackupWork } from './backup-work.ts';
import { ForgottenInBackups, fromBeforePurge } from './forgotten.ts';
import { heldAccount, heldAlong, type HeldAlong } from './held-along.ts';
import { JournalCopies } from './journal-copies.ts';
import { Making } from './making.ts';
import type { Manifest } from './ports.ts';
import { Proving, type ProofReport, type RestoreTarget } from './proving.ts';
import { Restoring, type OpenBackup, type RestoreOutcome } from './restoring.ts';
import { planRetention, type RetentionPlan } from './retention.ts';
import { scheduleOf, type Schedule } from './schedule.ts';
import { Shelf, type ShelfListing, type ShelvedBackup } from './shelf.ts';

export interface BackupOverview extends ShelfListing {
  readonly schedule: Schedule;
  readonly retention: RetentionPlan;
  /** Ids of backups from before the last purge, which may hold what was forgotten since. */
  readonly mayHoldForgotten: readonly string[];
}

/**
 * All that can be done with backups. One window does it at a time. A step that fails leaves what was there before, and says why.
 */
export class BackupService implements Disposable {
  readonly #room: BackupRoom;
  readonly #making: Making;
  readonly #proving: Proving;
  readonly #restoring: Restoring;
  readonly #forgotten: ForgottenInBackups;
  readonly #journal: JournalCopies;

  constructor(parts: BackupServiceParts) {
    const shelf = new Shelf(parts.archives, () => [parts.folder, ...secondFolders(parts)], parts.audit);
    this.#room = { ...parts, shelf, work: new BackupWork(parts) };
    this.#making = new Making(this.#room);
    this.#proving = new Proving(this.#room);
    this.#restoring = new Restoring(this.#room, this.#making, this.#proving);
    this.#journal = new JournalCopies(this.#room, this.#making);
    this.#forgotten = new ForgottenInBackups(this.#room, this.#making, this.#proving);
  }

  get activity(): BackupActivity {
    return this.#room.work.activity;
  }

  /** What is being done, as it goes on; `idle` also says that the shelf may be another now. */
  readonly onDidChangeActivity: Event<BackupActivity> = (listener) => this.#room.work.onDidChange(listener);

  /** Stops what is being done, where it can be stopped: not once a restore has begun to replace what is there. */
  stop(): void {
    this.#room.work.stop();
  }

  dispose(): void {
    this.#room.work.dispose();
  }

  /** All backups, what is due, and what would leave now. Looks at files alone, apart from asking the store what is new in it. */
  async overview(): Promise<BackupOverview> {
    const { clock, settings, shelf } = this.#room;
    const listing = await shelf.list();
    const now = clock.now();
    return {
      ...listing,
      schedule: scheduleOf({ now, backups: listing.backups, changed: await this.#making.changedSince(listing.backups) }, settings()),
      retention: planRetention(lasting(listing.backups), settings(), now),
      mayHoldForgotten: fromBeforePurge(listing.backups, await this.#forgotten.purgedAt()).map(({ id }) => id),
    };
  }

  /**
   * Makes a backup. Null when nothing has changed since the newest one that can be restored.
   * @param kind `changes` becomes everything where there is nothing they could follow
   * @throws HearthlinkError `backup-busy` while another window is at it; `cancelled`; why it could not be written
   */
  backUp(kind: BackupKind, by: BackupReason): Promise<Manifest | null> {
    return this.#room.work.alone(() => this.#making.backUp(kind, by));
  }

  /**
   * Backs up and proves what is about to be migrated, before it is. The store waits for it meanwhile.
   * @throws HearthlinkError `store-not-migrated` where the migration failed on what came out of the backup; why there is no backup
   */
  async backUpBeforeMigration(content: FrozenContent): Promise<void> {
    const { work } = this.#room;
    const backUp = async (): Promise<void> => {
      await this.#proving.prove(await this.#making.backUpFrozen(content, 'before-migration'));
    };
    // What this window is at now is waiting for the store.
    await (work.activity.type === 'idle' ? work.alone(backUp) : backUp());
  }

  /**
   * Restores a backup into a scratch place and compares what comes out with what it says about itself; with it everything it needs.
   * @throws HearthlinkError `not-found`, `backup-incomplete` when something it needs is gone, and what was found to be wrong
   */
  prove(id: string): Promise<ProofReport> {
    return this.#room.work.alone(() => this.#proving.prove(id));
  }

  /** What going back would bring, and what is there now, with the scratch to look into; dropped by whoever asked. */
  open(target: RestoreTarget): Promise<OpenBackup> {
    return this.#room.work.alone(() => this.#restoring.open(target));
  }

  /**
   * Makes a backup or a moment the content of the store, in all windows. What is there now is backed up and proved first; where the
   * store cannot be read, it is replaced without that. On any failure the store stays as it is.
   * @param beforehand may look into what is about to be restored; told its scratch, and the moment that is reached
   */
  restore(target: RestoreTarget, beforehand: (scratch: string, at: number | null) => Promise<void> = () => Promise.resolve()): Promise<RestoreOutcome> {
    return this.#room.work.alone(() => this.#restoring.restore(target, beforehand));
  }

  /** What the backup of everything that a target begins with holds along with the store. Looks at files alone. */
  async heldAlong(target: RestoreTarget): Promise<HeldAlong> {
    return heldAlong(await this.#everythingOf(target), this.#room.archives);
  }

  /** An account that it holds, as it was written. */
  async *heldAccount(target: RestoreTarget, account: Account): AsyncGenerator<Uint8Array> {
    yield* heldAccount(await this.#everythingOf(target), account, this.#room.archives);
  }

  /**
   * Writes everything there is into one file of its own, complete in itself, and reads it from the disk again.
   * @param file an absolute path; what is there is replaced
   */
  writePortable(file: string): Promise<Manifest> {
    return this.#room.work.alone(() => this.#making.writeTo(file));
  }

  /**
   * Brings the second folder up to what is there now: one file with the changes since the newest backup, which takes the place of
   * the one before. False where nothing is new, or there is no second folder now.
   */
  copyJournal(): Promise<boolean> {
    return secondFolders(this.#room).length === 0 ? Promise.resolve(false) : this.#room.work.alone(() => this.#journal.copy());
  }

  /** What is due now is made and proved, and what is too old leaves. Answers when to look again. */
  async runSchedule(): Promise<Schedule> {
    const { schedule } = await this.overview();
    if (schedule.due !== null) {
      const { due } = schedule;
      await this.#room.work.alone(async () => {
        const made = await this.#making.backUp(due, 'schedule');
        if (made !== null) await this.#proving.prove(made.id);
        await this.#prune();
      });
    }
    return (await this.overview()).schedule;
  }

  /** Removes what is too old; `overview` says beforehand what that is. Answers the ids. */
  prune(): Promise<readonly string[]> {
    return this.#room.work.alone(() => this.#prune());
  }

  /** Removes one backup, from every folder that is here. Those that need it cannot be restored any more. */
  remove(id: string): Promise<void> {
    return this.#room.work.alone(async () => {
      await this.#room.shelf.remove(await this.#proving.find(id));
    });
  }

  /** Removes what may hold what was forgotten, once there is a proved backup of everything without it. Answers the ids. */
  removeForgotten(): Promise<readonly string[]> {
    return this.#room.work.alone(() => this.#forgotten.remove());
  }

  async #everythingOf(target: RestoreTarget): Promise<ShelvedBackup> {
    const [first = ''] = (await this.#proving.pathTo(target)).chain;
    return this.#proving.find(first);
  }

  async #prune(): Promise<readonly string[]> {
    const { clock, settings, shelf } = this.#room;
    const { backups } = await shelf.list();
    const { leaving } = planRetention(lasting(backups), settings(), clock.now());
    for (const id of leaving) {
      const backup = backups.find((candidate) => candidate.id === id);
      if (backup !== undefined) await shelf.remove(backup);
    }
    await shelf.tidy(clock.now());
    return leaving;
  }
}
