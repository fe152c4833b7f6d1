import fc from 'fast-check';
import type { JudgedBackup, Soundness } from '../../../src/operations/backup/backup-record.ts';

export const proved: Soundness = { type: 'proved', at: 0 };
export const notProved: Soundness = { type: 'not-proved' };
export const damaged: Soundness = { type: 'damaged', what: 'snapshot' };

/** A proved backup of everything made at `madeAt`, as it would be with one write a millisecond; all of it can be changed. */
export function backup(id: string, madeAt: number, changes: Partial<JudgedBackup> = {}): JudgedBackup {
  return {
    id,
    kind: 'full',
    reason: 'schedule',
    madeAt,
    baseId: null,
    position: { sequence: madeAt, chain: `chain of ${id}`, at: madeAt },
    soundness: proved,
    ...changes,
  };
}

/** Changes that follow `base`. */
export function changesOf(base: JudgedBackup, id: string, madeAt: number, changes: Partial<JudgedBackup> = {}): JudgedBackup {
  return backup(id, madeAt, { kind: 'changes', baseId: base.id, ...changes });
}

/**
 * Any shelf that can come about: everything and changes in any order, some of them not proved or damaged, bases that are lost, and a clock
 * that says what it likes. At most `length` of them.
 */
export function anyShelf(length: number, longestPauseMs: number): fc.Arbitrary<JudgedBackup[]> {
  const step = fc.record({
    pauseMs: fc.integer({ min: 1, max: longestPauseMs }),
    clockIsOffBy: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -longestPauseMs * 50, max: longestPauseMs * 50 }) }),
    isChanges: fc.boolean(),
    soundness: fc.constantFrom(proved, proved, notProved, damaged),
    isLost: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  return fc.array(step, { maxLength: length }).map((steps) => {
    const shelf: (JudgedBackup & { isLost: boolean })[] = [];
    let time = longestPauseMs * 100;
    for (const [i, { pauseMs, clockIsOffBy, isChanges, soundness, isLost }] of steps.entries()) {
      time += pauseMs;
      const base = shelf.at(-1);
      const facts = { soundness, position: { sequence: i, chain: String(i), at: time }, isLost };
      const made = isChanges && base !== undefined ? changesOf(base, `b${String(i)}`, time + clockIsOffBy, facts) : backup(`b${String(i)}`, time + clockIsOffBy, facts);
      shelf.push({ ...made, isLost });
    }
    return shelf.filter(({ isLost }) => !isLost).map(({ isLost: _, ...rest }) => rest);
  });
}
