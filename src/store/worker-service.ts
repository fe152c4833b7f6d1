import { HearthlinkError } from '../shared/errors.ts';
import type { StoreEngine } from './engine/store-engine.ts';
import { Packed, type MethodContext, type MethodTable } from './methods-contract.ts';
import type { StoreTask, ToMain, ToWorker } from './worker-protocol.ts';

/** Answers the main thread's messages with an engine and its methods. */
export class WorkerService<Schema, Search> {
  readonly #engine: StoreEngine<Schema, Search>;
  readonly #methods: MethodTable<MethodContext<Schema, Search>>;
  readonly #post: (message: ToMain) => void;

  constructor(engine: StoreEngine<Schema, Search>, methods: MethodTable<MethodContext<Schema, Search>>, post: (message: ToMain) => void) {
    this.#engine = engine;
    this.#methods = methods;
    this.#post = post;
    engine.onDidChange((change) => { post({ type: 'change', change }); });
  }

  /** Never rejects: what goes wrong is the answer. */
  async receive(message: Exclude<ToWorker, { type: 'close' }>): Promise<void> {
    try {
      const { number } = message;
      const result = await this.#answer(message);
      this.#post(result instanceof Packed ? { type: 'packed-answer', number, text: result.text } : { type: 'answer', number, result });
    } catch (error) {
      this.#post({ type: 'failure', number: message.number, error: HearthlinkError.from(error).toData() });
    }
  }

  #answer(message: Exclude<ToWorker, { type: 'close' }>): Promise<unknown> {
    if (message.type === 'task') return this.#run(message.task, message.at);
    return this.#engine.call({ id: message.callId, method: this.#methods[message.method], argument: message.argument });
  }

  #run(task: StoreTask, at: number): Promise<unknown> {
    switch (task) {
      case 'status': return this.#engine.status();
      case 'purge': return this.#engine.purge(at);
      case 'continueAfterDamage': return this.#engine.continueAfterDamage();
    }
  }
}
