/** A model of something that several take steps in, as explored by `explore`. States are plain data. */
export interface Model<State> {
  readonly initial: State;
  /** Every step that somebody can take, with what it is called. */
  next(state: State): readonly (readonly [step: string, state: State])[];
  /** What is wrong with a state; null when nothing is. */
  wrong(state: State): string | null;
}

export interface Explored {
  readonly states: number;
  /** What is wrong in one of the states, and the fewest steps that lead there; null when nothing is wrong in any. */
  readonly violation: { readonly wrong: string; readonly steps: readonly string[] } | null;
}

interface Reached<State> {
  readonly state: State;
  readonly step: string;
  readonly from: Reached<State> | null;
}

/** Walks through all states that can be reached, nearest first, up to the first that is wrong. */
export function explore<State>(model: Model<State>): Explored {
  const seen = new Set<string>();
  const reached: Reached<State>[] = [];
  const reach = (found: Reached<State>): void => {
    const key = JSON.stringify(found.state);
    if (seen.has(key)) return;
    seen.add(key);
    reached.push(found);
  };
  reach({ state: model.initial, step: '', from: null });
  // The list grows while it is walked through.
  for (const here of reached) {
    const wrong = model.wrong(here.state);
    if (wrong !== null) return { states: seen.size, violation: { wrong, steps: stepsTo(here) } };
    for (const [step, state] of model.next(here.state)) reach({ state, step, from: here });
  }
  return { states: seen.size, violation: null };
}

function stepsTo<State>(last: Reached<State>): string[] {
  const steps: string[] = [];
  for (let at = last; at.from !== null; at = at.from) steps.unshift(at.step);
  return steps;
}
