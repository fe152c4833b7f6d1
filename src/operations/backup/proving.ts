import { HearthlinkError } from '../../shared/errors.ts';
import type { ContentSummary } from '../../store/backup-port.ts';
import type { BackupRoom } from './backup-parts.ts';
import { assemble, type BackupReading } from './backup-reader.ts';
import { pathOf, pathTo, type MomentPath } from './moments.ts';
import type { BackupPlace, ShelvedBackup } from './shelf.ts';

/** How a moment is named: a backup as it is, or a time between two. */
export type RestoreTarget = { readonly type: 'backup'; readonly id: string } | { readonly type: 'moment'; readonly at: number };

export interface ProofReport {
  readonly id: string;
  readonly at: number;
  readonly summary: ContentSummary;
}

/** Puts backups together in a scratch place, and keeps what was found out about them. For whoever has the work alone. */
export class Proving {
  readonly #room: BackupRoom;

  constructor(room: BackupRoom) {
    this.#room = room;
  }

  /** Proves a backup, and before it what it rests on. */
  async prove(id: string): Promise<ProofReport> {
    const { clock, shelf, store } = this.#room;
    const backup = await this.find(id);
    const path = await this.pathTo({ type: 'backup', id });
    // A proof counts as long as what it rests on is proved too.
    const [base] = path.chain.slice(-2, -1);
    if (base !== undefined && (await this.find(base)).soundness.type !== 'proved') await this.prove(base);
    try {
      const { scratch, loaded } = await this.assembled('proving', path);
      await store.backup.scratchDrop(scratch);
      const at = clock.now();
      await shelf.record(backup.places[0], { type: 'proved', at });
      return { id, at, summary: loaded.summary };
    } catch (error) {
      // What came out was what it should be, or it would not have come to bringing it to this release's schema.
      if (HearthlinkError.is(error, 'store-not-migrated')) await shelf.record(backup.places[0], { type: 'proved', at: clock.now() });
      throw error;
    }
  }

  /** A scratch with what is reached by this path, to be dropped by the caller. */
  async assembled(type: 'proving' | 'restoring', { chain, until, proved }: MomentPath): ReturnType<typeof assemble> {
    const { archives, shelf, store, work } = this.#room;
    const { backups } = await shelf.list();
    const links = chain.map((id) => backups.find((backup) => backup.id === id)).filter((backup) => backup !== undefined);
    const total = links.flatMap(({ manifest }) => manifest.parts).reduce((sum, { bytes }) => sum + bytes, 0);
    return work.step(type, chain.at(-1) ?? null, total, (progress) => {
      const reading: BackupReading = { store: store.backup, archives, progress, isProved: proved && type === 'restoring', onDamaged: (place, what) => this.#onDamaged(place, what) };
      return assemble(links, until, reading);
    });
  }

  /** @throws HearthlinkError `not-found`, and `backup-incomplete` when something that is needed is gone; for a moment also when it is damaged */
  async pathTo(target: RestoreTarget): Promise<MomentPath> {
    const { backups } = await this.#room.shelf.list();
    const path = target.type === 'moment' ? pathTo(target.at, backups) : pathOf(target.id, backups);
    if (path !== null) return path;
    const isThere = target.type === 'backup' && backups.some(({ id }) => id === target.id);
    throw new HearthlinkError(isThere ? 'backup-incomplete' : 'not-found');
  }

  /** @throws HearthlinkError `not-found` */
  async find(id: string): Promise<ShelvedBackup> {
    const backup = (await this.#room.shelf.list()).backups.find((candidate) => candidate.id === id);
    if (backup === undefined) throw new HearthlinkError('not-found');
    return backup;
  }

  async #onDamaged(place: BackupPlace, what: string): Promise<void> {
    this.#room.log.warn('a backup is damaged', { what });
    await this.#room.shelf.record(place, { type: 'damaged', what });
  }
}
