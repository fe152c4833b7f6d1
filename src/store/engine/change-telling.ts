import { HearthlinkError } from '../../shared/errors.ts';
import { Emitter } from '../../shared/events.ts';
import type { Log } from '../../shared/ports.ts';
import type { Changes } from '../journal/changes.ts';
import type { StoreChange, StoreState } from '../port.ts';
import type { News } from './open-store.ts';

/** Tells listeners which rows changed, in whichever window, and whether the store can still be read and written. */
export class ChangeTelling {
  readonly #changes: Emitter<StoreChange>;
  /** What listeners know of the store's state. */
  #toldState: StoreState = 'ready';

  constructor(log: Log) {
    this.#changes = new Emitter((error) => { log.error('A listener failed.', { detail: HearthlinkError.from(error).message }); });
  }

  get event() {
    return this.#changes.event;
  }

  /** What catching up brought, and the state that the store is in after it. */
  caughtUp(news: News, state: StoreState): void {
    if (news !== 'nothing') this.rows('other-window', news.changes);
    if (state === this.#toldState) return;
    this.#toldState = state;
    this.#changes.fire({ origin: 'this-window', everything: false, status: true, ...noRows });
  }

  /** @param changes null: everything may have changed */
  rows(origin: StoreChange['origin'], changes: Changes | null): void {
    this.#changes.fire({ origin, everything: changes === null, status: false, ...(changes ?? noRows) });
  }

  dispose(): void {
    this.#changes.dispose();
  }
}

const noRows: Changes = { sessions: [], messages: [], slices: [], jobs: false, agents: false };
