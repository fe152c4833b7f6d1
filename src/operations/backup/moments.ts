import { byId, chainOf, usableInOrder, type JudgedBackup } from './backup-record.ts';

/** A stretch of time of which every moment can be gone back to. */
export interface MomentSpan {
  readonly from: number;
  readonly to: number;
}

/** How to go back to a moment. */
export interface MomentPath {
  /** Ids of the backups to read: everything first, then changes in their order. */
  readonly chain: readonly string[];
  /** Of the last of them, the writes up to this time; null: all of it. */
  readonly until: number | null;
  /** Whether all of the chain was proved. */
  readonly proved: boolean;
}

/**
 * The stretches that backups cover, oldest first and apart from each other. A backup of everything alone covers the one moment at which it
 * ends; changes cover the time since the end of their base.
 */
export function restorableSpans(backups: readonly JudgedBackup[]): readonly MomentSpan[] {
  const all = byId(backups);
  const spans = usableInOrder(backups).map((backup): MomentSpan => {
    const base = backup.baseId === null ? undefined : all.get(backup.baseId);
    const to = backup.position.at;
    return { from: Math.min(base?.position.at ?? to, to), to };
  });
  const joined: MomentSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = joined.at(-1);
    if (last !== undefined && span.from <= last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else joined.push(span);
  }
  return joined;
}

/**
 * How to come as close to `moment` as the backups allow without anything that was written after it. Of several ways one that reaches
 * further is taken, then one that was proved, then the shorter. Null when all backups are of later times, or damaged.
 */
export function pathTo(moment: number, backups: readonly JudgedBackup[]): MomentPath | null {
  const all = byId(backups);
  let best: Candidate | null = null;
  for (const backup of usableInOrder(backups)) {
    const candidate = candidateFor(moment, backup, all);
    if (candidate !== null && (best === null || isBetter(candidate, best))) best = candidate;
  }
  return best === null ? null : best.path;
}

/**
 * How to restore exactly this backup; null when something it needs is missing. What was found to be damaged is tried again: a disk that
 * could not be read once may be read now.
 */
export function pathOf(id: string, backups: readonly JudgedBackup[]): MomentPath | null {
  const all = byId(backups);
  const backup = all.get(id);
  const chain = backup === undefined ? null : chainOf(backup, all);
  return chain === null ? null : { chain: chain.map((link) => link.id), until: null, proved: areProved(chain) };
}

interface Candidate {
  readonly reaches: number;
  readonly sequence: number;
  readonly path: MomentPath;
}

function candidateFor(moment: number, backup: JudgedBackup, all: ReadonlyMap<string, JudgedBackup>): Candidate | null {
  const chain = chainOf(backup, all);
  if (chain === null) return null;
  const base = chain.at(-2);
  const { at, sequence } = backup.position;
  const path = { chain: chain.map(({ id }) => id), proved: areProved(chain) };
  if (at <= moment) return { reaches: at, sequence, path: { ...path, until: null } };
  // Of a backup of everything there is no part; changes can be read up to a moment behind their base.
  if (base === undefined || base.position.at > moment) return null;
  return { reaches: moment, sequence, path: { ...path, until: moment } };
}

function isBetter(a: Candidate, b: Candidate): boolean {
  const proved = Number(a.path.proved) - Number(b.path.proved);
  return (a.reaches - b.reaches || proved || b.path.chain.length - a.path.chain.length || a.sequence - b.sequence) > 0;
}

function areProved(chain: readonly JudgedBackup[]): boolean {
  return chain.every(({ soundness }) => soundness.type === 'proved');
}
