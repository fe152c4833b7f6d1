import { webcrypto } from 'node:crypto';
import { createIdSource } from '../shared/ids.ts';
import type { Clock, IdSource, RandomSource, Timers } from '../shared/ports.ts';

/** The machine's own time, timers and randomness, for the composition root. */
export interface MachinePorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomSource;
  readonly ids: IdSource;
}

export function machinePorts(): MachinePorts {
  const clock: Clock = { now: () => Date.now() };
  const random: RandomSource = { bytes: (length) => webcrypto.getRandomValues(new Uint8Array(length)) };
  const timers: Timers = {
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      // A timer of ours must never keep a closing window's process alive.
      timer.unref();
      return () => {
        clearTimeout(timer);
      };
    },
  };
  return { clock, timers, random, ids: createIdSource(clock, random) };
}
