import { HearthlinkError } from '../shared/errors.ts';
import type { StoreEngine } from './engine/store-engine.ts';
import type { FileSearch } from './file-search.ts';
import { Packed, type MethodContext, type MethodTable } from './methods-contract.ts';
import type { StoreTask, ToMain, ToWorker } from './worker-protocol.ts';

export interface WorkerServiceParts<Schema, Search> {
  readonly engine: StoreEngine<Schema, Search>;
  readonly methods: MethodTable<MethodContext<Schema, Search>>;
  readonly fileSearch: FileSearch;
  readonly post: (message: ToMain) => void;
}

/** Answers the main thread's messages with an engine and its methods. */
export class WorkerService<Schema, Search> {
  readonly #engine: StoreEngine<Schema, Search>;
  readonly #methods: MethodTable<MethodContext<Schema, Search>>;
  readonly #post: (message: ToMain) => void;

  readonly #fileSearch: FileSearch;

  constructor({ engine, methods, fileSearch, post }: WorkerServiceParts<Schema, Search>) {
    this.#engine = engine;
    this.#methods = methods;
    this.#fileSearch = fileSearch;
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
    switch (message.type) {
      case 'call': return this.#engine.call({ id: message.callId, method: this.#methods[message.method], argument: message.argument });
      case 'task': return this.#run(message.task, message.at);
      case 'list-files': return this.#fileSearch.files(message.query);
      case 'search-piece': return this.#fileSearch.inPiece(message.piece);
    }
  }

  #run(task: StoreTask, at: number): Promise<unknown> {
    switch (task) {
      case 'status': return this.#engine.status();
      case 'purge': return this.#engine.purge(at);
      case 'continueAfterDamage': return this.#engine.continueAfterDamage();
    }
  }
}
