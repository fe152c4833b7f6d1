/** What the rules of backups know of each one: facts of its manifest, and what was found when it was last looked at. */

/** `full` holds everything and stands alone; `changes` holds the journal since its base, and is of no use without it. */
export type BackupKind = 'full' | 'changes';

/**
 * Who asked for it. `journal`: the changes since the newest of the others, made every quarter of an hour in the second folder
 * alone; each takes the place of the one before, and so nothing goes on from it.
 */
export type BackupReason = 'schedule' | 'hand' | 'before-restore' | 'before-migration' | 'journal';

/** A place in the store's history. Equal chain values mean equal content. */
export interface StorePosition {
  readonly sequence: number;
  readonly chain: string;
  /** When the last write up to there was made; milliseconds since 1970. */
  readonly at: number;
}

export interface BackupRecord {
  readonly id: string;
  readonly kind: BackupKind;
  readonly reason: BackupReason;
  /** By the clock of the machine, which may have been wrong. */
  readonly madeAt: number;
  /** The backup that its changes follow; null for everything. */
  readonly baseId: string | null;
  /** Where its content ends. */
  readonly position: StorePosition;
}

/** What is known of a backup's bytes. `not-proved` also when they have changed since they were proved. */
export type Soundness =
  | { readonly type: 'not-proved' }
  | { readonly type: 'proved'; readonly at: number }
  | { readonly type: 'damaged'; readonly what: string };

export interface JudgedBackup extends BackupRecord {
  readonly soundness: Soundness;
}

/** In the order in which they were made: by the store's own count, which does not depend on a clock; then by id. */
export function inOrder<B extends BackupRecord>(backups: readonly B[]): B[] {
  return backups.toSorted((a, b) => a.position.sequence - b.position.sequence || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/**
 * The backups that are needed to read this one: everything first, itself last. Null when one is missing, when one does not go on
 * exactly where its base ends, or when bases run in a circle.
 */
export function chainOf<B extends BackupRecord>(backup: B, byId: ReadonlyMap<string, B>): readonly B[] | null {
  const chain: B[] = [backup];
  let first = backup;
  while (first.baseId !== null) {
    const base = byId.get(first.baseId);
    if (base === undefined || chain.includes(base) || base.position.sequence > first.position.sequence) return null;
    chain.unshift(base);
    first = base;
  }
  return first.kind === 'full' ? chain : null;
}

/** Without those that are soon replaced. */
export function lasting<B extends BackupRecord>(backups: readonly B[]): B[] {
  return backups.filter(({ reason }) => reason !== 'journal');
}

export function byId<B extends BackupRecord>(backups: readonly B[]): ReadonlyMap<string, B> {
  return new Map(backups.map((backup) => [backup.id, backup]));
}

/** Those that can be restored as far as is known, in order: neither they nor what they need is damaged or missing. */
export function usableInOrder(backups: readonly JudgedBackup[]): JudgedBackup[] {
  const all = byId(backups);
  return inOrder(backups).filter((backup) => chainOf(backup, all)?.every(({ soundness }) => soundness.type !== 'damaged') === true);
}
