import type { RequestListener } from './view-channel.ts';

interface Waiting {
  readonly run: () => void;
  /** Whether it waits for a view that comes back; otherwise for the snapshot that is being composed. */
  readonly outlastsLeaving: boolean;
}

/**
 * Whether a view can hear events: it has asked for its snapshot by `ready`, and has had its answer. Where that was an error, as while the
 * store is locked, it still hears what changes.
 */
export class ViewReadiness {
  #state: 'away' | 'composing' | 'ready' = 'away';
  #waiting: Waiting[] = [];

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Runs once the view can hear events: a command that has just brought it into being has to wait for it. */
  whenReady(run: () => void): void {
    if (this.isReady) run();
    else this.#waiting.push({ run, outlastsLeaving: true });
  }

  /**
   * Nothing is sent to a view that is not there or has not asked for its snapshot yet: the snapshot holds it all. What happens while one is
   * composed follows it, so that nothing is missed; the view takes the same thing twice.
   */
  send(run: () => void): void {
    if (this.isReady) run();
    else if (this.#state === 'composing') this.#waiting.push({ run, outlastsLeaving: false });
  }

  /** What learns it from the view's requests. @param onRequest told of each: somebody is there */
  listener(onRequest: () => void): RequestListener {
    return {
      onRequest: (method) => {
        if (method === 'ready') this.#state = 'composing';
        onRequest();
      },
      // The reply has gone out, so the view has something to act on.
      onReply: (method) => {
        if (method === 'ready' && this.#state === 'composing') this.#begin();
      },
    };
  }

  /** The view is gone or hidden: a hidden webview is thrown away and starts anew. */
  leave(): void {
    this.#state = 'away';
    this.#waiting = this.#waiting.filter(({ outlastsLeaving }) => outlastsLeaving);
  }

  #begin(): void {
    this.#state = 'ready';
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { run } of waiting) run();
  }
}
