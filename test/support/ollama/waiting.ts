/** Resolves after the time, or at once when the client is gone. */
export function pause(milliseconds: number, left: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || left.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      left.removeEventListener('abort', done);
      resolve();
    }
    left.addEventListener('abort', done);
  });
}

/** Resolves with what is held for, or at once when the client is gone. */
export function until(held: Promise<unknown> | undefined, left: AbortSignal): Promise<void> {
  if (held === undefined || left.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      left.removeEventListener('abort', done);
      resolve();
    };
    left.addEventListener('abort', done);
    void held.finally(done);
  });
}
