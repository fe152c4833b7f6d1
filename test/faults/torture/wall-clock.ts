import type { Clock } from '../../../src/shared/ports.ts';

export const wallClock: Clock = { now: () => Date.now() };
