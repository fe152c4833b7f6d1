/** Something that is given back when it is no longer needed. The shape VS Code uses, without `vscode`. */
export interface Disposable {
  dispose(): void;
}

export type Listener<T> = (event: T) => void;

/** Subscribe to a stream of events; dispose the result to stop. */
export type Event<T> = (listener: Listener<T>) => Disposable;

/**
 * A list of listeners. A listener that throws does not keep the others from hearing; its error goes to `onError`.
 */
export class Emitter<T> {
  readonly #listeners = new Set<Listener<T>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  readonly event: Event<T> = (listener) => {
    const own: Listener<T> = (event) => {
      listener(event);
    };
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  };

  fire(event: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
