/** Runs steps one after the other: each begins when the one before is over, however that went. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /** Answers as the step does. Whoever asked for it hears of a failure; the next one begins all the same. */
  run<T>(step: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(step);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /** Resolves when all that was asked for until now is over, however it went. */
  async over(): Promise<void> {
    await this.#last;
  }
}
