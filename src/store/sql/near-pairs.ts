import { overlap } from './sameness.ts';

export interface Worded {
  readonly words: ReadonlySet<string>;
}

export interface NearPair<Item> {
  /** The one that stands first in the list. */
  readonly first: Item;
  readonly second: Item;
  /** Jaccard index, from `least` to 1. */
  readonly share: number;
}

/**
 * Every pair that shares at least `least` (above 0, up to 1) of all its words; the closest first. Two sets so alike must have one of
 * their rarest words in common (prefix filtering: Chaudhuri and others 2006, Bayardo and others 2007), so only those that do are
 * compared: thousands of facts take milliseconds, where comparing all with all would take minutes.
 */
export function nearPairs<Item extends Worded>(items: readonly Item[], least: number): NearPair<Item>[] {
  const countOf = wordCounts(items);
  const seenWith = new Map<string, number[]>();
  const pairs: NearPair<Item>[] = [];
  for (const [index, second] of items.entries()) {
    const candidates = new Set<number>();
    for (const word of rarest(second.words, least, countOf)) {
      const others = seenWith.get(word) ?? [];
      for (const other of others) candidates.add(other);
      others.push(index);
      seenWith.set(word, others);
    }
    for (const candidate of candidates) {
      const first = items[candidate];
      if (first === undefined) continue;
      const share = overlap(first.words, second.words);
      if (share >= least) pairs.push({ first, second, share });
    }
  }
  return pairs.sort((a, b) => b.share - a.share);
}

/** Of `n` words at least `least * n` are shared, so among any `n - least * n + 1` of them there is a shared one. */
function rarest(words: ReadonlySet<string>, least: number, countOf: ReadonlyMap<string, number>): string[] {
  const enough = words.size - Math.ceil(least * words.size) + 1;
  return [...words].sort((a, b) => (countOf.get(a) ?? 0) - (countOf.get(b) ?? 0) || (a < b ? -1 : 1)).slice(0, enough);
}

function wordCounts(items: readonly Worded[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { words } of items) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
