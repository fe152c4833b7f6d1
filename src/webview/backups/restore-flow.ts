import type { Keeping } from '../../shared/protocol/backups-contents.ts';
import type { RestoreOutcomeView, RestorePreviewView, RestoreTargetView } from '../../shared/protocol/backups-views.ts';
import type { Ask } from './ask.ts';

/** The restore dialogue as it is open. */
export interface Restoring {
  readonly target: RestoreTargetView;
  /** Undefined while it is being looked up. */
  readonly preview: RestorePreviewView | undefined;
  /** The restore has begun. */
  readonly isBusy: boolean;
}

export interface RestoreFlowParts {
  readonly ask: Ask;
  readonly onChange: () => void;
  /** Without an outcome it failed or was stopped, and all is as it was. */
  readonly onEnd: (outcome: RestoreOutcomeView | undefined, target: RestoreTargetView) => void;
}

/** The way from choosing a moment to being back there. */
export class RestoreFlow {
  readonly #parts: RestoreFlowParts;
  #restoring: Restoring | undefined;
  /** The last look at a target: the next one waits for it, because only one can go on at a time. */
  #asking: Promise<unknown> = Promise.resolve();

  constructor(parts: RestoreFlowParts) {
    this.#parts = parts;
  }

  get restoring(): Restoring | undefined {
    return this.#restoring;
  }

  /** Opens the dialogue, or looks up another target in it. Of several that wait, only the newest is looked up. */
  async open(target: RestoreTargetView): Promise<void> {
    const opened: Restoring = { target, preview: undefined, isBusy: false };
    this.#set(opened);
    await this.#asking;
    if (this.#restoring !== opened) return;
    const asking = this.#parts.ask('preview', { target });
    this.#asking = asking;
    const preview = await asking;
    if (this.#restoring !== opened) return;
    this.#set(preview === undefined ? undefined : { ...opened, preview });
  }

  async restore(keep: Keeping): Promise<void> {
    const { restoring } = this;
    if (restoring === undefined || restoring.isBusy) return;
    this.#set({ ...restoring, isBusy: true });
    const outcome = await this.#parts.ask('restore', { target: restoring.target, keep });
    this.#set(undefined);
    this.#parts.onEnd(outcome, restoring.target);
  }

  close(): void {
    this.#set(undefined);
  }

  #set(restoring: Restoring | undefined): void {
    this.#restoring = restoring;
    this.#parts.onChange();
  }
}
