import path from 'node:path';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Disposable, Event } from '../../shared/events.ts';
import type { Clock, IdSource, Log } from '../../shared/ports.ts';
import type { BackupRepository, ContentSummary, RestoreReport, StorePosition } from '../../store/backup-port.ts';
import type { BackupActivity, StepProgress } from './activity.ts';
import { assemble, type BackupReading } from './backup-reader.ts';
import type { BackupKind, BackupReason } from './backup-record.ts';
import { BackupWork } from './backup-work.ts';
import { writeChanges, writeFull, type BackupOrder, type BackupWriting } from './backup-writer.ts';
import { copyInto } from './copy-into.ts';
import { pathOf, pathTo, type MomentPath } from './moments.ts';
import type { Archives, Manifest } from './ports.ts';
import { planRetention, type RetentionPlan, type RetentionSettings } from './retention.ts';
import { baseForChanges, scheduleOf, type Schedule, type ScheduleSettings } from './schedule.ts';
import { Shelf, type BackupPlace, type ShelfListing, type ShelvedBackup } from './shelf.ts';

export interface BackupSettings extends ScheduleSettings, RetentionSettings {
  /** Another folder of the user's choosing; null: none. */
  readonly secondFolder: string | null;
}

export interface BackupServiceParts {
  readonly store: { readonly backup: BackupRepository };
  readonly archives: Archives;
  /** Where backups go first: beside the store. */
  readonly folder: string;
  readonly settings: () => BackupSettings;
  readonly extensionVersion: string;
  /** Names this window where only one may work. */
  readonly holder: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

/** How a moment is named: a backup as it is, or a time between two. */
export type RestoreTarget = { readonly type: 'backup'; readonly id: string } | { readonly type: 'moment'; readonly at: number };

export interface ProofReport {
  readonly id: string;
  readonly at: number;
  readonly summary: ContentSummary;
}

export interface RestorePreview {
  /** The moment that is reached: not later than the one that was asked for. Null for a backup without a time of its own. */
  readonly at: number | null;
  readonly proved: boolean;
  /** What the store will hold. */
  readonly get: ContentSummary;
  /** What it holds now; null where it cannot be read. */
  readonly now: ContentSummary | null;
}

export interface RestoreOutcome {
  readonly report: RestoreReport;
  /** The backup of what was there before; null where the store could not be read. */
  readonly safetyId: string | null;
}

export interface BackupOverview extends ShelfListing {
  readonly schedule: Schedule;
  readonly retention: RetentionPlan;
}

/**
 * All that can be done with backups. One window does it at a time. A step that fails leaves what was there before, and says why.
 */
export class BackupService implements Disposable {
  readonly #parts: BackupServiceParts;
  readonly #shelf: Shelf;
  readonly #work: BackupWork;

  constructor(parts: BackupServiceParts) {
    this.#parts = parts;
    this.#shelf = new Shelf(parts.archives, () => [parts.folder, ...this.#secondFolder()]);
    this.#work = new BackupWork(parts);
  }

  get activity(): BackupActivity {
    return this.#work.activity;
  }

  /** What is being done, as it goes on; `idle` also says that the shelf may be another now. */
  readonly onDidChangeActivity: Event<BackupActivity> = (listener) => this.#work.onDidChange(listener);

  /** Stops what is being done, where it can be stopped: not once a restore has begun to replace what is there. */
  stop(): void {
    this.#work.stop();
  }

  dispose(): void {
    this.#work.dispose();
  }

  /** All backups, what is due, and what would leave now. Looks at files alone, apart from asking the store where it is. */
  async overview(): Promise<BackupOverview> {
    const listing = await this.#shelf.list();
    const { clock, settings } = this.#parts;
    const now = clock.now();
    return {
      ...listing,
      schedule: scheduleOf({ now, backups: listing.backups, position: await this.#position(), continues: true }, settings()),
      retention: planRetention(listing.backups, settings(), now),
    };
  }

  /**
   * Makes a backup. Null when nothing has changed since the newest one that can be restored.
   * @param kind `changes` becomes everything where there is nothing they could follow
   * @throws HearthlinkError `backup-busy` while another window is at it; `cancelled`; why it could not be written
   */
  backUp(kind: BackupKind, by: BackupReason): Promise<Manifest | null> {
    return this.#work.alone(() => this.#backUp(kind, by));
  }

  /**
   * Restores a backup into a scratch place and compares what comes out with what it says about itself; with it everything it needs.
   * @throws HearthlinkError `not-found`, `backup-incomplete` when something it needs is gone, and what was found to be wrong
   */
  prove(id: string): Promise<ProofReport> {
    return this.#work.alone(() => this.#prove(id));
  }

  /** What going back would bring, and what is there now. */
  async preview(target: RestoreTarget): Promise<RestorePreview> {
    return this.#work.alone(async () => {
      const path = await this.#pathTo(target);
      const { scratch, loaded } = await this.#assembled('proving', path);
      await this.#parts.store.backup.scratchDrop(scratch);
      return { at: path.until ?? loaded.at, proved: path.proved, get: loaded.summary, now: await this.#summary() };
    });
  }

  /**
   * Makes a backup or a moment the content of the store, in all windows. What is there now is backed up and proved first; where the
   * store cannot be read, it is replaced without that. On any failure the store stays as it is.
   */
  restore(target: RestoreTarget): Promise<RestoreOutcome> {
    return this.#work.alone(async () => {
      const { backup } = this.#parts.store;
      const path = await this.#pathTo(target);
      const safety = await this.#safety();
      const { scratch } = await this.#assembled('restoring', path);
      try {
        this.#work.throwIfStopped();
        const report = await backup.scratchRestore({ scratch, at: this.#parts.clock.now(), replaces: safety?.to.chain ?? null });
        return { report, safetyId: safety?.id ?? null };
      } finally {
        await backup.scratchDrop(scratch);
      }
    });
  }

  /** What is due now is made and proved, and what is too old leaves. Answers when to look again. */
  async runSchedule(): Promise<Schedule> {
    const { schedule } = await this.overview();
    if (schedule.due !== null) {
      const { due } = schedule;
      await this.#work.alone(async () => {
        const made = await this.#backUp(due, 'schedule');
        if (made !== null) await this.#prove(made.id);
        await this.#prune();
      });
    }
    return (await this.overview()).schedule;
  }

  /** Removes what is too old; `overview` says beforehand what that is. Answers the ids. */
  prune(): Promise<readonly string[]> {
    return this.#work.alone(() => this.#prune());
  }

  /** Removes one backup, from every folder that is here. Those that need it cannot be restored any more. */
  remove(id: string): Promise<void> {
    return this.#work.alone(async () => {
      await this.#shelf.remove(await this.#find(id));
    });
  }

  async #backUp(kind: BackupKind, by: BackupReason): Promise<Manifest | null> {
    const { clock, ids } = this.#parts;
    const { backups } = await this.#shelf.list();
    const base = baseOf(backups);
    if (base !== null && base.position.chain === (await this.#position())?.chain) return null;
    const order: BackupOrder = { id: ids.next(), by, at: clock.now() };
    const made = await this.#work.step('writing', order.id, null, (progress) => this.#write(kind, base, order, progress));
    await this.#copyToSecond([...backups, ...(await this.#shelf.list()).backups]);
    return made;
  }

  async #write(kind: BackupKind, base: ShelvedBackup | null, order: BackupOrder, progress: StepProgress): Promise<Manifest> {
    const { store, archives, folder, extensionVersion } = this.#parts;
    const writing: BackupWriting = { store: store.backup, archives, folder, extensionVersion, progress };
    if (kind === 'changes' && base !== null) {
      const changes = await writeChanges(base.manifest, order, writing);
      if (changes.type === 'written') return changes.manifest;
    }
    return writeFull(order, writing);
  }

  async #prove(id: string): Promise<ProofReport> {
    const { clock, store } = this.#parts;
    const backup = await this.#find(id);
    const path = await this.#pathTo({ type: 'backup', id });
    // A proof counts as long as what it rests on is proved too.
    const [base] = path.chain.slice(-2, -1);
    if (base !== undefined && (await this.#find(base)).soundness.type !== 'proved') await this.#prove(base);
    const { scratch, loaded } = await this.#assembled('proving', path);
    await store.backup.scratchDrop(scratch);
    const at = clock.now();
    await this.#shelf.record(backup.places[0], { type: 'proved', at });
    return { id, at, summary: loaded.summary };
  }

  /** What is there now, backed up and proved; null where the store cannot be read. */
  async #safety(): Promise<Manifest | null> {
    try {
      const made = await this.#backUp('changes', 'before-restore');
      const newest = made ?? baseOf((await this.#shelf.list()).backups)?.manifest ?? null;
      if (newest !== null) await this.#prove(newest.id);
      return newest;
    } catch (error) {
      if (!HearthlinkError.is(error, 'store-damaged', 'store-newer-schema')) throw error;
      this.#parts.log.warn('the store cannot be read, so it is replaced without a backup of it', { code: error.code });
      return null;
    }
  }

  async #prune(): Promise<readonly string[]> {
    const { clock, settings } = this.#parts;
    const { backups } = await this.#shelf.list();
    const { leaving } = planRetention(backups, settings(), clock.now());
    for (const id of leaving) {
      const backup = backups.find((candidate) => candidate.id === id);
      if (backup !== undefined) await this.#shelf.remove(backup);
    }
    return leaving;
  }

  /** The second folder has what the first one has; where it is not there now, it gets it with the next backup. */
  async #copyToSecond(backups: readonly ShelvedBackup[]): Promise<void> {
    const { folder, log } = this.#parts;
    for (const second of this.#secondFolder()) {
      try {
        for (const { places } of backups) {
          const [place] = places;
          if (place.folder === folder && places.every((other) => other.folder !== second)) await copyInto(second, path.join(folder, place.file));
        }
      } catch (error) {
        log.warn('the second backup folder could not be written', { code: HearthlinkError.from(error).code });
      }
    }
  }

  async #assembled(type: 'proving' | 'restoring', { chain, until }: MomentPath): ReturnType<typeof assemble> {
    const { backups } = await this.#shelf.list();
    const links = chain.map((id) => backups.find((backup) => backup.id === id)).filter((backup) => backup !== undefined);
    const total = links.flatMap(({ manifest }) => manifest.parts).reduce((sum, { bytes }) => sum + bytes, 0);
    const { archives, store } = this.#parts;
    return this.#work.step(type, chain.at(-1) ?? null, total, (progress) => {
      const reading: BackupReading = { store: store.backup, archives, progress, onDamaged: (place, what) => this.#onDamaged(place, what) };
      return assemble(links, until, reading);
    });
  }

  async #onDamaged(place: BackupPlace, what: string): Promise<void> {
    this.#parts.log.warn('a backup is damaged', { what });
    await this.#shelf.record(place, { type: 'damaged', what });
  }

  async #pathTo(target: RestoreTarget): Promise<MomentPath> {
    const { backups } = await this.#shelf.list();
    const path = target.type === 'moment' ? pathTo(target.at, backups) : pathOf(target.id, backups);
    if (path !== null) return path;
    const isThere = target.type === 'backup' && backups.some(({ id }) => id === target.id);
    throw new HearthlinkError(isThere ? 'backup-incomplete' : 'not-found');
  }

  async #find(id: string): Promise<ShelvedBackup> {
    const backup = (await this.#shelf.list()).backups.find((candidate) => candidate.id === id);
    if (backup === undefined) throw new HearthlinkError('not-found');
    return backup;
  }

  /** Null where the store cannot say. */
  async #position(): Promise<StorePosition | null> {
    try {
      return await this.#parts.store.backup.position();
    } catch (error) {
      this.#parts.log.warn('the store could not say where it is', { code: HearthlinkError.from(error).code });
      return null;
    }
  }

  async #summary(): Promise<ContentSummary | null> {
    const { backup } = this.#parts.store;
    try {
      const { frozen, summary } = await backup.freeze();
      await backup.release(frozen);
      return summary;
    } catch (error) {
      if (!HearthlinkError.is(error, 'store-damaged', 'store-newer-schema')) throw error;
      return null;
    }
  }

  #secondFolder(): readonly string[] {
    const { secondFolder } = this.#parts.settings();
    return secondFolder === null ? [] : [secondFolder];
  }
}

/** What changes made now would follow. */
function baseOf(backups: readonly ShelvedBackup[]): ShelvedBackup | null {
  const base = baseForChanges(backups);
  return backups.find(({ id }) => id === base?.id) ?? null;
}
