/** Hands values from whoever makes them to one reader, in order, each kept until it is read. */
export class EventChannel<T> implements AsyncIterable<T> {
  readonly #held: T[] = [];
  #wake: (() => void) | undefined;
  #end: { readonly error?: unknown } | undefined;

  push(value: T): void {
    this.#held.push(value);
    this.#wake?.();
  }

  /** The reader ends after what is held; with an error it throws then. */
  close(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      while (this.#held.length > 0) yield* this.#held.splice(0);
      if (this.#end !== undefined) {
        if ('error' in this.#end) throw this.#end.error;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
