import assert from 'node:assert/strict';
import fc from 'fast-check';
import { byId, chainOf, inOrder, type JudgedBackup } from '../../../src/operations/backup/backup-record.ts';
import { defaultRetention, isProved, planRetention } from '../../../src/operations/backup/retention.ts';
import { baseForChanges, dayMs, defaultSchedule, hourMs, scheduleOf } from '../../../src/operations/backup/schedule.ts';
import { anyShelf, backup, changesOf, damaged, notProved, proved } from './sample-backups.ts';

const start = Date.UTC(2026, 0, 1, 3);

function kept(backups: readonly JudgedBackup[], now: number): string[] {
  return [...planRetention(backups, defaultRetention, now).kept.keys()].sort();
}

/** One of everything a day, proved. */
function dailies(days: number): JudgedBackup[] {
  return Array.from({ length: days }, (_, i) => backup(`d${String(i)}`, start + i * dayMs));
}

describe('which backups are kept', () => {
  it('is all of a week', () => {
    const shelf = Array.from({ length: 27 }, (_, i) => backup(`b${String(i).padStart(2, '0')}`, start + i * 6 * hourMs));
    assert.equal(kept(shelf, start + 27 * 6 * hourMs).length, 27);
  });

  it('is one a day after a week: everything rather than changes, a proved one rather than a newer one', () => {
    const morning = backup('morning', start);
    const noon = changesOf(morning, 'noon', start + 8 * hourMs);
    const evening = backup('evening', start + 16 * hourMs, { soundness: notProved });
    const today = backup('today', start + 10 * dayMs);
    const between = backup('between', start + 5 * dayMs);
    assert.deepEqual(kept([morning, noon, evening, between, today], start + 10 * dayMs), ['between', 'morning', 'today']);
  });

  it('is one a week after a month, and none after three months', () => {
    const shelf = dailies(120);
    const now = start + 119 * dayMs;
    const days = kept(shelf, now).map((id) => 119 - Number(id.slice(1))).sort((a, b) => a - b);
    const isWeekApart = (age: number, i: number, all: readonly number[]): boolean => i === 0 || age - (all[i - 1] ?? 0) === 7;
    assert.deepEqual(days.filter((age) => age < 30), Array.from({ length: 30 }, (_, age) => age));
    const old = days.filter((age) => age >= 30);
    assert.ok(old.length >= 8 && old.every(isWeekApart), String(old));
    assert.ok(old.every((age) => age < 90));
  });

  it('keeps what a kept one needs, and removes what needs another before that', () => {
    const base = backup('base', start);
    const first = changesOf(base, 'first', start + hourMs);
    const second = changesOf(first, 'second', start + 2 * hourMs);
    const rest = Array.from({ length: 200 }, (_, i) => backup(`r${String(i)}`, start + (i + 1) * dayMs, { soundness: notProved }));
    const plan = planRetention([base, first, second, ...rest], defaultRetention, start + 200 * dayMs);
    assert.equal(plan.kept.get('second'), 'last-proved');
    assert.equal(plan.kept.get('first'), 'base');
    assert.equal(plan.kept.get('base'), 'base');
    const allOld = planRetention([base, first, second, ...dailies(200).map((one) => ({ ...one, madeAt: one.madeAt + dayMs }))], defaultRetention, start + 201 * dayMs);
    assert.deepEqual(allOld.leaving.filter((id) => ['base', 'first', 'second'].includes(id)), ['second', 'first', 'base']);
  });

  it('lets nothing leave when a clock jumps ahead, or after a long rest', () => {
    const shelf = dailies(6);
    assert.equal(planRetention(shelf, defaultRetention, start + 3650 * dayMs).leaving.length, 0);
    const oneAhead = [...shelf, backup('ahead', start + 3650 * dayMs, { position: { sequence: start + 7 * dayMs, chain: 'x', at: start } })];
    assert.equal(planRetention(oneAhead, defaultRetention, start + 3650 * dayMs).leaving.length, 0);
  });

  it('never removes the last proved one, nor what it needs, whatever the shelf, the settings and the clock', () => {
    const settings = fc.record({ allDays: fc.integer({ min: 1, max: 9 }), dailyDays: fc.integer({ min: 1, max: 40 }), weeklyDays: fc.integer({ min: 7, max: 100 }) });
    fc.assert(
      fc.property(anyShelf(60, 4 * dayMs), settings, fc.integer({ min: 0, max: 2000 }), (shelf, chosen, days) => {
        const plan = planRetention(shelf, chosen, days * dayMs);
        const rest = shelf.filter(({ id }) => plan.kept.has(id));
        assert.equal(rest.length + plan.leaving.length, shelf.length);
        const lastProved = (all: readonly JudgedBackup[]): string | undefined => inOrder(all).findLast((one) => isProved(one, byId(all)))?.id;
        assert.equal(lastProved(rest), lastProved(shelf));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a shelf on which all that could be restored before and stays can be restored still, also when it stops half way', () => {
    fc.assert(
      fc.property(anyShelf(60, 4 * dayMs), fc.integer({ min: 0, max: 500 }), fc.nat(60), (shelf, days, steps) => {
        const gone = new Set(planRetention(shelf, defaultRetention, days * dayMs).leaving.slice(0, steps));
        const before = byId(shelf);
        const rest = shelf.filter(({ id }) => !gone.has(id));
        for (const one of rest) assert.equal(chainOf(one, byId(rest)) === null, chainOf(one, before) === null, one.id);
      }),
      { numRuns: 500 },
    );
  });

  it('prefers nothing damaged', () => {
    const shelf = [backup('a', start), backup('b', start + hourMs, { soundness: damaged }), ...dailies(20).slice(1)];
    const plan = planRetention(shelf, defaultRetention, start + 19 * dayMs);
    assert.ok(plan.kept.has('a') && !plan.kept.has('b'));
  });
});

describe('the schedule and the retention together', () => {
  it('over 400 days of use keep a week whole, a month by days and three months by weeks, and never lose the last proved one', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.boolean(), { minLength: 97, maxLength: 97 }), (seed, habits) => {
        const year = new SimulatedShelf(seed, habits);
        for (let hour = 0; hour < 400 * 24; hour++) year.passHour(hour);
        year.checkCoverage();
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});

/** A store that is written to by habit, backed up and pruned by the product's rules, while every seventh or so backup is not proved. */
class SimulatedShelf {
  shelf: JudgedBackup[] = [];
  readonly #made: JudgedBackup[] = [];
  readonly #habits: readonly boolean[];
  #random: number;
  #sequence = 0;
  #now = start;

  constructor(seed: number, habits: readonly boolean[]) {
    this.#random = seed >>> 0;
    this.#habits = habits;
  }

  passHour(hour: number): void {
    this.#now = start + hour * hourMs;
    if (this.#habits[hour % this.#habits.length] === true) this.#sequence++;
    const position = { sequence: this.#sequence, chain: String(this.#sequence), at: this.#now };
    const base = baseForChanges(this.shelf);
    const changed = base === null ? 'new-content' : base.position.sequence === this.#sequence ? 'nothing' : 'changes';
    const { due } = scheduleOf({ now: this.#now, backups: this.shelf, changed }, defaultSchedule);
    if (due === null) return;
    const facts = { position, soundness: this.#next() % 7 === 0 ? notProved : proved };
    const id = `b${String(hour).padStart(5, '0')}`;
    const made = due === 'changes' && base !== null ? changesOf(base, id, this.#now, facts) : backup(id, this.#now, facts);
    this.shelf.push(made);
    this.#made.push(made);
    this.#prune();
  }

  #prune(): void {
    const last = this.#lastProved();
    const gone = new Set(planRetention(this.shelf, defaultRetention, this.#now).leaving);
    this.shelf = this.shelf.filter(({ id }) => !gone.has(id));
    assert.equal(this.#lastProved(), last);
    for (const one of this.shelf) assert.notEqual(chainOf(one, byId(this.shelf)), null, one.id);
    assert.ok(this.shelf.length < 120, `${String(this.shelf.length)} backups`);
  }

  #lastProved(): string | undefined {
    return inOrder(this.shelf).findLast((one) => isProved(one, byId(this.shelf)))?.id;
  }

  checkCoverage(): void {
    const age = ({ madeAt }: JudgedBackup): number => (this.#now - madeAt) / dayMs;
    const ids = new Set(this.shelf.map(({ id }) => id));
    const periods = (all: readonly JudgedBackup[], from: number, to: number, length: number): Set<number> =>
      new Set(all.filter((one) => age(one) >= from && age(one) < to).map(({ madeAt }) => Math.floor(madeAt / (length * dayMs))));
    for (const one of this.#made.filter((each) => age(each) < 7)) assert.ok(ids.has(one.id), one.id);
    for (const day of periods(this.#made, 8, 29, 1)) assert.ok(periods(this.shelf, 7, 30, 1).has(day), `day ${String(day)}`);
    for (const week of periods(this.#made, 37, 83, 7)) assert.ok(periods(this.shelf, 30, 90, 7).has(week), `week ${String(week)}`);
    const lastProved = this.#lastProved();
    assert.ok(this.shelf.every((one) => age(one) < 97 || one.id === lastProved), 'none much older than three months');
  }

  /** Numerical Recipes' linear congruential generator. */
  #next(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#random >>> 8;
  }
}
