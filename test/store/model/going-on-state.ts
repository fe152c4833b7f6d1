/** The folder of a store and what each window knows of it, for the model in `going-on.ts`, which says what the letters mean. */

/** More generations than one history has, in this model. */
export const generationsOfHistory = 10;

export interface Generation {
  readonly number: number;
  readonly journal: number;
  readonly chain: string;
  readonly marked: boolean;
}

export interface Journal {
  /** Of the generation that it goes on behind. */
  readonly number: number;
  readonly records: readonly Written[];
  /** The first of its records that cannot be read; null: all can. */
  readonly damagedAt: number | null;
  /** Nobody can open it any more; who has it open can still use it. */
  readonly removed: boolean;
}

interface Written {
  readonly before: string;
  readonly adds: string;
  /** Of a SEAL. */
  readonly generation: string | null;
}

type Aim = 'idle' | 'write' | 'purge' | 'seal' | 'go-on';
type Place =
  | 'idle' | 'history' | 'open' | 'catch-up' | 'append' | 'read-back' | 'look-file' | 'look-folder' | 'mark' | 'tidy' | 'remove'
  | 'start' | 'look-before' | 'write-file' | 'look-again' | 'rename' | 'write-file-late';

export interface Window {
  readonly at: Place;
  /** What it opens the store or catches up for. */
  readonly aim: Aim;
  readonly history: number;
  readonly journal: number;
  readonly read: number;
  readonly chain: string;
  readonly writes: number;
  readonly draft: string | null;
  /** The journal of the generation with which it is about to go on. */
  readonly prepared: number;
  readonly doomed: readonly string[];
}

export interface State {
  readonly generations: Readonly<Record<string, Generation>>;
  readonly journals: readonly Journal[];
  readonly wentOn: boolean;
  readonly windows: readonly Window[];
  /** What was acknowledged, with the number of the journal that it stands in. */
  readonly acknowledged: readonly { readonly adds: string; readonly number: number; readonly tooLate: boolean }[];
  /** The histories that somebody has begun, in their order. */
  readonly begun: readonly number[];
  readonly damage: number;
  readonly purges: number;
  readonly crashes: number;
}

export function historyOf(number: number): number {
  return Math.floor(number / generationsOfHistory);
}

/** As the names in the folder say, of drafts too. */
export function newestHistory({ generations }: State): number {
  return Math.max(0, ...Object.values(generations).map(({ number }) => historyOf(number)));
}

export function newestMarked({ generations }: State): Generation | null {
  const marked = Object.values(generations).filter((each) => each.marked);
  return marked.reduce<Generation | null>((newest, each) => (newest === null || each.number > newest.number ? each : newest), null);
}

type Reading = Pick<Window, 'journal' | 'read' | 'chain'>;

/** What a window, or one that opens a generation, reads up to. */
export function caughtUp(state: State, from: Reading): Reading & { readonly stopped: 'damage' | 'lost track' | null } {
  let { journal, read, chain } = from;
  for (;;) {
    const { records, damagedAt } = state.journals[journal] ?? { records: [], damagedAt: null };
    const record = records[read];
    if (record === undefined) return { journal, read, chain, stopped: null };
    if (read === damagedAt) return { journal, read, chain, stopped: 'damage' };
    if (record.before !== chain) read++;
    else if (record.generation === null) {
      chain += record.adds;
      read++;
    } else {
      const generation = state.generations[record.generation];
      if (generation === undefined) return { journal, read, chain, stopped: 'lost track' };
      ({ journal, chain } = generation);
      read = 0;
    }
  }
}

export function outcomeOf(state: State, { journal, read, chain, draft }: Window, adds: string): 'won' | 'lost' | 'damage' {
  const { records, damagedAt } = state.journals[journal] ?? { records: [], damagedAt: null };
  const at = records.findIndex((record, i) => i >= read && (record.before === chain || i === damagedAt));
  const first = records[at];
  if (at === damagedAt || first === undefined) return 'damage';
  return first.adds === adds && first.generation === draft ? 'won' : 'lost';
}
