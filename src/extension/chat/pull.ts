import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { PullView } from '../../shared/protocol/chat-views.ts';
import type { ModelCatalog, PullProgress } from '../../models/port.ts';

/** Time over which the speed is measured before a remaining time is told. */
const measureMs = 3_000;
/** The view hears of progress at most this often. */
const reportMs = 250;

/** Pulls one model at a time and tells how far it is. */
export class Pull {
  readonly #catalog: ModelCatalog;
  readonly #clock: Clock;
  readonly #onChange: (view: PullView | null) => void;
  #view: PullView | null = null;
  #stop: AbortController | undefined;

  constructor(catalog: ModelCatalog, clock: Clock, onChange: (view: PullView | null) => void) {
    this.#catalog = catalog;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get view(): PullView | null {
    return this.#view;
  }

  /** Resolves to true when the model is there, to false when the pull was stopped or failed; a failure stays in the view. */
  async run(model: string): Promise<boolean> {
    if (this.#stop !== undefined) return false;
    const stop = new AbortController();
    this.#stop = stop;
    this.#show({ model, status: '', completedBytes: null, totalBytes: null, secondsLeft: null, error: null });
    try {
      await this.#follow(model, stop.signal);
      this.#show(null);
      return true;
    } catch (error) {
      const known = HearthlinkError.from(error);
      this.#show(stop.signal.aborted ? null : { model, status: '', completedBytes: null, totalBytes: null, secondsLeft: null, error: known.toData() });
      return false;
    } finally {
      this.#stop = undefined;
    }
  }

  /** Stops; what was downloaded stays with the server, so that the next pull goes on from there. */
  cancel(): void {
    this.#stop?.abort();
    if (this.#stop === undefined) this.#show(null);
  }

  async #follow(model: string, signal: AbortSignal): Promise<void> {
    const started = this.#clock.now();
    let shownAt = 0;
    let firstBytes: number | null = null;
    for await (const progress of this.#catalog.pull(model, signal)) {
      const now = this.#clock.now();
      firstBytes ??= progress.completedBytes;
      if (now - shownAt < reportMs && progress.status === this.#view?.status) continue;
      shownAt = now;
      this.#show({
        model,
        status: progress.status,
        completedBytes: progress.completedBytes,
        totalBytes: progress.totalBytes,
        secondsLeft: secondsLeft(progress, firstBytes ?? 0, now - started),
        error: null,
      });
    }
  }

  #show(view: PullView | null): void {
    this.#view = view;
    this.#onChange(view);
  }
}

/** Remaining seconds at the speed measured so far; null until there is enough to tell. */
function secondsLeft({ completedBytes, totalBytes }: PullProgress, firstBytes: number, elapsedMs: number): number | null {
  if (completedBytes === null || totalBytes === null || elapsedMs < measureMs || completedBytes <= firstBytes) return null;
  return Math.round(((totalBytes - completedBytes) / (completedBytes - firstBytes)) * (elapsedMs / 1000));
}
