import { HearthlinkError, type ErrorData } from '../../shared/errors.ts';
import type { Clock, IdSource, Log } from '../../shared/ports.ts';
import type { BackupRepository, ContentSummary } from '../../store/backup-port.ts';
import { BackupInside, type BroughtBackNames, type HeldPage, type HeldQuery, type ThingKind } from './backup-inside.ts';
import type { BackupService } from './backup-service.ts';
import { askScratch, type StoreBeside } from './both-sides.ts';
import { bringKept, lossesOf, readKept, type KeptOver, type Loss } from './losses.ts';
import type { RestoreTarget } from './proving.ts';
import type { OpenBackup, RestoreOutcome, RestorePreview } from './restoring.ts';

export interface BackupContentsParts {
  readonly service: Pick<BackupService, 'open' | 'restore'>;
  readonly store: StoreBeside & { readonly backup: BackupRepository };
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** What is brought back from this moment goes by these. */
  readonly names: (at: number | null) => BroughtBackNames;
}

export interface RestoreComparison extends RestorePreview {
  readonly losses: readonly Loss[];
}

/** What is to be kept of what a restore would take, by id: all but these, or these alone. */
export interface Keeping {
  readonly type: 'all-but' | 'these';
  readonly chats: readonly string[];
  readonly memories: readonly string[];
}

export interface KeepingRestore extends RestoreOutcome {
  /** The moment that was reached. */
  readonly at: number | null;
  readonly kept: { readonly chats: number; readonly memories: number };
  /** Why what was to be kept could not be put back; it is in the backup that was made before. */
  readonly keptProblem: ErrorData | null;
}

export interface LookedInto {
  readonly at: number | null;
  readonly proved: boolean;
  readonly summary: ContentSummary;
}

interface Opened {
  readonly target: RestoreTarget;
  readonly backup: OpenBackup;
  readonly inside: BackupInside;
}

/** Backups by what is in them: what going back would take, what is kept over it, and one thing brought back. One is looked into at a time. */
export class BackupContents {
  readonly #parts: BackupContentsParts;
  #opened: Opened | null = null;

  constructor(parts: BackupContentsParts) {
    this.#parts = parts;
  }

  /** What going back would bring and take, thing by thing. Changes nothing. */
  async preview(target: RestoreTarget): Promise<RestoreComparison> {
    const { service, store } = this.#parts;
    const { scratch, ...preview } = await service.open(target);
    try {
      return { ...preview, losses: preview.now === null ? [] : await lossesOf(store, askScratch(store.backup, scratch)) };
    } finally {
      await store.backup.scratchDrop(scratch);
    }
  }

  /** Goes back, and puts what is kept beside what was restored. */
  async restore(target: RestoreTarget, keeping: Keeping): Promise<KeepingRestore> {
    await this.close();
    const { service, store, log, names } = this.#parts;
    let kept: KeptOver = { records: [], leaves: [], texts: [] };
    let at: number | null = null;
    const outcome = await service.restore(target, async (scratch, reached) => {
      at = reached;
      const losses = await lossesOf(store, askScratch(store.backup, scratch));
      kept = await readKept(store, losses.filter((loss) => isKept(loss, keeping)));
    });
    try {
      await bringKept(store, kept, names(at).from, this.#parts);
    } catch (error) {
      const known = HearthlinkError.from(error);
      log.warn('what was to be kept could not be put back', { code: known.code });
      return { ...outcome, at, kept: { chats: 0, memories: 0 }, keptProblem: known.toData() };
    }
    const memories = kept.records.filter(({ type }) => type === 'memory').length + kept.texts.length;
    return { ...outcome, at, kept: { chats: kept.leaves.length, memories }, keptProblem: null };
  }

  /** Puts a backup or a moment together to be looked into; what was looked into before is closed. */
  async lookInto(target: RestoreTarget): Promise<LookedInto> {
    await this.close();
    const { at, proved, get } = (await this.#open(target)).backup;
    return { at, proved, summary: get };
  }

  page(query: HeldQuery): Promise<HeldPage> {
    return this.#ask((inside) => inside.page(query));
  }

  messages(chatId: string, limit: number): ReturnType<BackupInside['messages']> {
    return this.#ask((inside) => inside.messages(chatId, limit));
  }

  bringBack(thing: { readonly kind: ThingKind; readonly id: string }): Promise<string> {
    return this.#ask((inside) => inside.bringBack(thing));
  }

  undo(name: string): Promise<void> {
    return this.#ask((inside) => inside.undo(name));
  }

  /** Gives the room of what is looked into back. Nothing happens when there is nothing. */
  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    if (opened !== null) await this.#parts.store.backup.scratchDrop(opened.backup.scratch);
  }

  async #open(target: RestoreTarget): Promise<Opened> {
    const { service, store, names } = this.#parts;
    const backup = await service.open(target);
    const inside = new BackupInside({ ...this.#parts, inside: (method, argument) => store.backup.scratchAsk({ scratch: this.#scratch(), method, argument }), names: names(backup.at) });
    this.#opened = { target, backup, inside };
    return this.#opened;
  }

  #scratch(): string {
    if (this.#opened === null) throw new HearthlinkError('not-found');
    return this.#opened.backup.scratch;
  }

  /** After a while of rest the store's worker ends, and what was put together is gone with it: then it is put together once more. */
  async #ask<T>(question: (inside: BackupInside) => Promise<T>): Promise<T> {
    const opened = this.#opened;
    if (opened === null) throw new HearthlinkError('not-found');
    try {
      return await question(opened.inside);
    } catch (error) {
      if (!HearthlinkError.is(error, 'not-found') || error.parameters['kind'] !== 'scratch') throw error;
      const backup = await this.#parts.service.open(opened.target);
      this.#opened = { ...opened, backup };
      return question(opened.inside);
    }
  }
}

function isKept({ kind, id }: Loss, { type, chats, memories }: Keeping): boolean {
  return (kind === 'chat' ? chats : memories).includes(id) === (type === 'these');
}
