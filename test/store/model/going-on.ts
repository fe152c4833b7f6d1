import type { Model } from './explore.ts';
import {
  caughtUp, generationsOfHistory, historyOf, newestHistory, newestMarked, outcomeOf, type State, type Window,
} from './going-on-state.ts';

/**
 * Starting a store, and going on after damage, as `first-generation.ts`, `recovery.ts`, `open-store.ts`, `journal-writer.ts`
 * and `generation-maker.ts` do it, with each look at the folder and each change of it as a step of its own, so that another
 * window may take any of its steps between them.
 * A chain value is what was written so far: one letter for each write, `!` for a SEAL, `+A` where A has gone on.
 */

/** Rules that can be left out, to see what they are for. */
export interface Rules {
  /** Between flush and acknowledgement, and before a MARK, a window looks whether another has gone on. */
  readonly looksBeforeAcknowledging: boolean;
  /** WENT-ON is there before somebody has gone on, not after. */
  readonly fileFirst: boolean;
  /** Tidying removes the older journals with the generations, also one of a window that has not gone on yet. */
  readonly tidiesJournals: boolean;
  /** A window that opens a generation of a newer history than it looked for knows of that one. */
  readonly knowsWhatItOpened: boolean;
  /** All that go on from a history take one name. */
  readonly fixedName: boolean;
}

export const allRules: Rules = {
  looksBeforeAcknowledging: true,
  fileFirst: true,
  tidiesJournals: true,
  knowsWhatItOpened: true,
  fixedName: true,
};

/** How much may happen. */
export interface Budget {
  /** Of each window. */
  readonly writes: readonly [number, number];
  readonly damage: number;
  readonly purges: number;
  readonly crashes: number;
}

type Steps = (readonly [string, State])[];

/** @param folder whether the first generation is there, or both windows find nothing and start the store */
export function goingOn(rules: Rules, budget: Budget, folder: 'started' | 'empty' = 'started'): Model<State> {
  const { writes, ...faults } = budget;
  return {
    initial: {
      generations: folder === 'empty' ? {} : { 'g1-first': { number: 1, journal: 0, chain: '', marked: true } },
      journals: folder === 'empty' ? [] : [{ number: 1, records: [], damagedAt: null, removed: false }],
      wentOn: false,
      windows: writes.map((count) => ({
        at: 'history', aim: 'idle', history: 0, journal: 0, read: 0, chain: '', writes: count, draft: null, prepared: 0, doomed: [],
      })),
      acknowledged: [],
      begun: [],
      ...faults,
    },
    next: (state) => [
      ...state.windows.flatMap((window, who) => stepsOf(rules, state, window, who)),
      ...damages(state),
    ],
    wrong,
  };
}

function damages(state: State): Steps {
  if (state.damage === 0) return [];
  return state.journals.flatMap(({ records, damagedAt }, of): Steps => {
    if (damagedAt !== null) return [];
    return records.map((record, at) => [`damage to ${record.before}${record.adds}`, {
      ...state, damage: state.damage - 1, journals: state.journals.map((each, i) => (i === of ? { ...each, damagedAt: at } : each)),
    }]);
  });
}

function stepsOf(rules: Rules, state: State, window: Window, who: number): Steps {
  const name = 'AB'[who] ?? '';
  const steps: Steps = [];
  const take = (step: string, change: Partial<Window>, disk: Partial<State> = {}): void => {
    const windows = state.windows.map((each, i) => (i === who ? { ...each, ...change } : each));
    steps.push([`${name}: ${step}`, { ...state, ...disk, windows }]);
  };
  const own = 'ax'.charCodeAt(who) + window.writes;
  const adds = window.aim === 'seal' ? '!' : String.fromCharCode(own);
  const reopen = { at: 'history' } as const;
  const acknowledge = (step: string): void => {
    const number = state.journals[window.journal]?.number ?? 0;
    if (window.aim === 'seal') {
      take(step, { at: 'mark' });
      return;
    }
    const tooLate = state.begun.some((history) => history > historyOf(number));
    const sorted = [...state.acknowledged, { adds, number, tooLate }].sort((a, b) => (a.adds < b.adds ? -1 : 1));
    take(`${step}, acknowledges ${adds}`, { at: 'catch-up', aim: 'idle', writes: window.writes - 1 }, { acknowledged: sorted });
  };
  const leave = (step: string): void => {
    const { [window.draft ?? '']: dropped, ...generations } = state.generations;
    take(step, { ...reopen, aim: window.aim === 'write' ? 'write' : 'idle', draft: null }, dropped === undefined ? {} : { generations });
  };

  switch (window.at) {
    case 'idle':
      if (window.writes > 0) take('writes', { at: 'catch-up', aim: 'write' });
      if (state.purges > 0) take('purges', { at: 'catch-up', aim: 'purge' }, { purges: state.purges - 1 });
      if (caughtUp(state, window).stopped === 'damage') take('goes on', { at: 'catch-up', aim: 'go-on' });
      break;
    case 'history':
      take('looks for the newest history', { history: newestHistory(state), at: 'open' });
      break;
    case 'open': {
      const newest = newestMarked(state);
      if (newest === null) {
        take('finds no generation, prepares the first', { at: 'start', prepared: state.journals.length }, {
          journals: [...state.journals, { number: 1, records: [], damagedAt: null, removed: false }],
        });
        break;
      }
      const { journal, chain, number } = newest;
      const history = rules.knowsWhatItOpened ? Math.max(window.history, historyOf(number)) : window.history;
      take('opens the newest generation', { journal, chain, read: 0, history, at: 'catch-up' });
      break;
    }
    case 'start': {
      const first = `g1-${rules.fixedName ? 'first' : name}`;
      const generation = { number: 1, journal: window.prepared, chain: `+${name}`, marked: true };
      if (state.generations[first] !== undefined) take('finds the name taken', { at: 'open' });
      else take('starts the store', { at: 'open' }, { generations: { ...state.generations, [first]: generation } });
      break;
    }
    case 'catch-up': {
      const { stopped, ...reached } = caughtUp(state, window);
      const number = state.journals[reached.journal]?.number ?? 0;
      if (stopped === 'lost track' || (stopped === 'damage' && (newestMarked(state)?.number ?? 0) > number)) take('has to open anew', reopen);
      else if (stopped === 'damage') take('finds damage', { ...reached, at: window.aim === 'go-on' ? 'look-before' : 'idle', aim: 'idle', draft: null });
      else if (window.aim === 'write') take('catches up', { ...reached, at: 'append' });
      else if (window.aim === 'seal' && state.generations[window.draft ?? '']?.chain === `${reached.chain}!`) take('catches up', { ...reached, at: 'append' });
      else if (window.aim === 'seal') leave('is overtaken');
      else if (window.aim === 'purge') {
        const draft = `g${number + 1}-${name}`;
        const generation = { number: number + 1, journal: state.journals.length, chain: `${reached.chain}!`, marked: false };
        const journals = [...state.journals, { number: number + 1, records: [], damagedAt: null, removed: false }];
        take('drafts a generation', { ...reached, aim: 'seal', draft }, { generations: { ...state.generations, [draft]: generation }, journals });
      } else take('catches up', { ...reached, at: 'idle', aim: 'idle' });
      break;
    }
    case 'append': {
      const record = { before: window.chain, adds, generation: window.draft };
      take(`appends ${adds} and flushes`, { at: 'read-back' }, {
        journals: state.journals.map((each, i) => (i === window.journal ? { ...each, records: [...each.records, record] } : each)),
      });
      break;
    }
    case 'read-back': {
      const outcome = outcomeOf(state, window, adds);
      if (outcome === 'won' && rules.looksBeforeAcknowledging) take('has won', { at: 'look-file' });
      else if (outcome === 'won') acknowledge('has won');
      else if (outcome === 'lost') take('has lost', { at: 'catch-up' });
      else take('finds damage', { at: 'idle', aim: 'idle', draft: null });
      break;
    }
    case 'look-file':
      if (state.wentOn) take('sees WENT-ON', { at: 'look-folder' });
      else acknowledge('sees no WENT-ON');
      break;
    case 'look-folder':
      if (newestHistory(state) > window.history) leave('sees that another has gone on');
      else acknowledge('sees that nobody has gone on');
      break;
    case 'mark': {
      const { draft } = window;
      const generation = draft === null ? undefined : state.generations[draft];
      if (draft === null || generation === undefined) take('finds its draft gone', { at: 'catch-up', aim: 'idle', draft: null });
      else take('writes MARK', { at: 'tidy', aim: 'idle', draft: null }, { generations: { ...state.generations, [draft]: { ...generation, marked: true } } });
      break;
    }
    case 'tidy': {
      const newest = newestMarked(state);
      const older = Object.entries(state.generations).filter(([, each]) => newest !== null && each !== newest && each.number <= newest.number);
      take('looks what may go', { at: 'remove', doomed: older.map(([each]) => each) });
      break;
    }
    case 'remove': {
      const newest = newestMarked(state);
      take('removes it', { at: 'catch-up', doomed: [] }, {
        generations: Object.fromEntries(Object.entries(state.generations).filter(([each]) => !window.doomed.includes(each))),
        journals: state.journals.map((each) => (rules.tidiesJournals && newest !== null && each.number < newest.number ? { ...each, removed: true } : each)),
      });
      break;
    }
    case 'look-before':
      if (newestHistory(state) > window.history) leave('sees that another has gone on');
      else {
        const number = (window.history + 1) * generationsOfHistory + 1;
        take('sees that nobody has gone on, prepares to', { at: rules.fileFirst ? 'write-file' : 'look-again', prepared: state.journals.length }, {
          journals: [...state.journals, { number, records: [], damagedAt: null, removed: false }],
        });
      }
      break;
    case 'write-file':
      take('writes WENT-ON', { at: 'look-again' }, { wentOn: true });
      break;
    case 'look-again':
      if (newestHistory(state) > window.history) leave('sees that another has gone on');
      else take('sees that nobody has gone on', { at: 'rename' });
      break;
    case 'rename': {
      const history = window.history + 1;
      const number = history * generationsOfHistory + 1;
      const fixed = `g${number}-${rules.fixedName ? 'after' : name}`;
      if (state.generations[fixed] !== undefined) {
        leave('finds the name taken');
        break;
      }
      const generation = { number, journal: window.prepared, chain: `${window.chain}+${name}`, marked: true };
      take(`begins history ${history}`, { ...(rules.fileFirst ? reopen : { at: 'write-file-late' }), aim: 'idle' }, {
        generations: { ...state.generations, [fixed]: generation },
        begun: [...state.begun, history],
      });
      break;
    }
    case 'write-file-late':
      take('writes WENT-ON', reopen, { wentOn: true });
      break;
  }
  if (state.crashes > 0 && window.at !== 'history') {
    take('dies, and is started again', { ...reopen, aim: 'idle', history: 0, journal: 0, read: 0, chain: '', draft: null, prepared: 0, doomed: [] }, { crashes: state.crashes - 1 });
  }
  return steps;
}

function wrong(state: State): string | null {
  const late = state.acknowledged.find(({ tooLate }) => tooLate);
  if (late !== undefined) return `${late.adds} was acknowledged in a history that had been left`;
  const newest = newestMarked(state);
  if (newest === null) return state.acknowledged.length > 0 ? 'the store cannot be opened' : null;
  const history = historyOf(newest.number);
  const present = caughtUp(state, { ...newest, read: 0 });
  if (present.stopped === 'damage') return null;
  const lost = state.acknowledged.find(({ adds, number }) => historyOf(number) === history && !present.chain.includes(adds));
  if (lost !== undefined) return `${lost.adds} was acknowledged and is lost`;
  for (const [name, generation] of Object.entries(state.generations)) {
    const cannotBeOpened = !generation.marked || state.journals[generation.journal]?.removed === true;
    if (cannotBeOpened || historyOf(generation.number) !== history) continue;
    const read = caughtUp(state, { ...generation, read: 0 });
    if (read.stopped === null && read.chain !== present.chain) return `${name} leads elsewhere than the newest generation`;
  }
  for (const window of state.windows) {
    if (window.at !== 'idle' || newestHistory(state) > window.history) continue;
    const read = caughtUp(state, window);
    if (read.stopped === null && read.chain !== present.chain) return 'a window stays in another history';
  }
  return null;
}
