import { HearthlinkError } from '../../shared/errors.ts';
import type { Answer } from './batch-run.ts';

type Work<Call> =
  | { readonly type: 'alone'; readonly run: () => Promise<void> }
  | { readonly type: 'batched'; readonly call: Call; readonly settle: (answer: Answer) => void };

/**
 * One thing at a time: reads and maintenance by themselves, writes together with all others that wait. So nothing is read
 * while a batch is open, and what arrives during a flush is the next batch.
 */
export class WorkQueue<Call> {
  readonly #commit: (calls: readonly Call[]) => Promise<readonly Answer[]>;
  readonly #soon: (run: () => void) => void;
  #waiting: Work<Call>[] = [];
  #busy = false;

  /** @param commit answers every call, or rejects for all of them */
  constructor(commit: (calls: readonly Call[]) => Promise<readonly Answer[]>, soon: (run: () => void) => void) {
    this.#commit = commit;
    this.#soon = soon;
  }

  alone<T>(run: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#add({ type: 'alone', run: () => run().then(resolve, reject) });
    });
  }

  batched(call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#add({
        type: 'batched',
        call,
        settle: (answer) => {
          if ('error' in answer) reject(answer.error);
          else resolve(answer.result);
        },
      });
    });
  }

  #add(work: Work<Call>): void {
    this.#waiting.push(work);
    if (this.#busy) return;
    this.#busy = true;
    // Only a write gains by waiting for others that come with it.
    if (work.type === 'alone') void this.#work();
    else this.#soon(() => void this.#work());
  }

  async #work(): Promise<void> {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (first.type === 'alone') {
        this.#waiting.shift();
        await first.run();
      } else {
        await this.#runBatch();
      }
    }
    this.#busy = false;
  }

  async #runBatch(): Promise<void> {
    const batch: Extract<Work<Call>, { type: 'batched' }>[] = [];
    const rest: Work<Call>[] = [];
    for (const work of this.#waiting) {
      if (work.type === 'batched') batch.push(work);
      else rest.push(work);
    }
    this.#waiting = rest;
    const answers = await this.#answersOf(batch.map(({ call }) => call));
    for (const [i, { settle }] of batch.entries()) settle(answers[i] ?? noAnswer);
  }

  async #answersOf(calls: readonly Call[]): Promise<readonly Answer[]> {
    try {
      return await this.#commit(calls);
    } catch (error) {
      return calls.map(() => ({ error: HearthlinkError.from(error) }));
    }
  }
}

const noAnswer: Answer = { error: new HearthlinkError('internal', { detail: 'A call was not answered.' }) };
