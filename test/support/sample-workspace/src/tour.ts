export interface Stop {
  readonly name: string;
  /** Distance from the start of the quay, in metres. */
  readonly metres: number;
  /** How long people like to stay, in minutes. */
  readonly stay: number;
}

const walkingPace = 70; // metres a minute, with children

/** Minutes that a walk along these stops takes, there and not back. */
export function walkingTime(stops: readonly Stop[]): number {
  let minutes = 0;
  let at = 0;
  for (const stop of [...stops].sort((a, b) => a.metres - b.metres)) {
    minutes += (stop.metres - at) / walkingPace + stop.stay;
    at = stop.metres;
  }
  return Math.round(minutes);
}
