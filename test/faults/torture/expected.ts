import type { Deed } from './deeds.ts';

/** What must be found, and what must not. */
export interface Expected {
  readonly required: ReadonlySet<string>;
  readonly forbidden: ReadonlySet<string>;
}

interface Restore {
  readonly backup: string;
  readonly begun: number;
  /** Infinite where it is not known to be over. */
  readonly over: number;
}

/**
 * What a store may hold after a round, as any one of several: without a restore all that was there and all that was acknowledged;
 * with one, what the backup holds and what was begun behind it, and nothing of what was acknowledged before it. One that was
 * under way when its process was killed may have been done or not.
 * @param before the writes that were there when the round began
 * @param contentOf the writes that a backup holds
 */
export function expectedAfter(before: ReadonlySet<string>, deeds: readonly Deed[], contentOf: (backup: string) => ReadonlySet<string>): Expected[] {
  const writes = deeds.filter(({ type }) => type === 'wrote');
  const restores = restoresIn(deeds);
  const done = restores.findLast(({ over }) => Number.isFinite(over));
  const perhaps = restores.filter(({ over, begun }) => !Number.isFinite(over) && begun > (done?.begun ?? -1));
  const all = { required: new Set([...before, ...writes.map(({ id }) => id)]), forbidden: new Set<string>() };
  return [done === undefined ? all : behind(done), ...perhaps.map(behind)];

  function behind({ backup, begun, over }: Restore): Expected {
    const held = contentOf(backup);
    const since = writes.filter((write) => write.begun > over).map(({ id }) => id);
    const gone = [...before, ...writes.filter((write) => write.over < begun).map(({ id }) => id)].filter((id) => !held.has(id));
    return { required: new Set([...held, ...since]), forbidden: new Set(gone) };
  }
}

/** What a backup must hold that was made in a round; null where a restore came between, so that nothing is certain. */
export function expectedIn(backup: Deed, before: ReadonlySet<string>, deeds: readonly Deed[]): Expected | null {
  if (restoresIn(deeds).some(({ begun }) => begun < backup.over)) return null;
  const writes = deeds.filter(({ type }) => type === 'wrote');
  return {
    required: new Set([...before, ...writes.filter(({ over }) => over < backup.begun).map(({ id }) => id)]),
    forbidden: new Set(writes.filter(({ begun }) => begun > backup.over).map(({ id }) => id)),
  };
}

/** Why what was found is not what was expected; null where it is. */
export function misfit(found: ReadonlySet<string>, { required, forbidden }: Expected): string | null {
  const lost = [...required].filter((id) => !found.has(id));
  const wrong = [...forbidden].filter((id) => found.has(id));
  return lost.length + wrong.length === 0 ? null : `lost: ${lost.join()}; not taken back: ${wrong.join()}`;
}

function restoresIn(deeds: readonly Deed[]): Restore[] {
  const over = (type: 'restored' | 'refused', { begun, id }: Deed) => deeds.find((deed) => deed.type === type && deed.begun === begun && deed.id === id);
  return deeds
    .filter((deed) => deed.type === 'restoring' && over('refused', deed) === undefined)
    .map((deed) => ({ backup: deed.id, begun: deed.begun, over: over('restored', deed)?.over ?? Infinity }))
    .toSorted((a, b) => a.begun - b.begun);
}
