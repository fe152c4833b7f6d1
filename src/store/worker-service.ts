import { HearthlinkError } from '../shared/errors.ts';
import type { BackupArgument, BackupMethodName, BackupRequest } from './backup-port.ts';
import type { StoreEngine } from './engine/store-engine.ts';
import type { FileSearch } from './file-search.ts';
import { Packed, type MethodContext, type MethodTable } from './methods-contract.ts';
import type { EncryptionReport } from './port.ts';
import type { EncryptRequest, StoreRequest, StoreTask, ToMain } from './worker-protocol.ts';

type BackupMethods = { readonly [Name in BackupMethodName]: (argument: BackupArgument<Name>) => Promise<unknown> };

export interface WorkerServiceParts<Schema, Search> {
  readonly engine: StoreEngine<Schema, Search>;
  readonly methods: MethodTable<MethodContext<Schema, Search>>;
  readonly fileSearch: FileSearch;
  readonly backups: BackupMethods;
  readonly encrypt: (to: EncryptRequest) => Promise<EncryptionReport>;
  /** @param transfer memory that goes over to the main thread without being copied */
  readonly post: (message: ToMain, transfer: readonly ArrayBuffer[]) => void;
}

/** Answers the main thread's messages with an engine and its methods. */
export class WorkerService<Schema, Search> {
  readonly #engine: StoreEngine<Schema, Search>;
  readonly #methods: MethodTable<MethodContext<Schema, Search>>;
  readonly #fileSearch: FileSearch;
  readonly #backups: BackupMethods;
  readonly #encrypt: WorkerServiceParts<Schema, Search>['encrypt'];
  readonly #post: WorkerServiceParts<Schema, Search>['post'];

  constructor({ engine, methods, fileSearch, backups, encrypt, post }: WorkerServiceParts<Schema, Search>) {
    this.#engine = engine;
    this.#methods = methods;
    this.#fileSearch = fileSearch;
    this.#backups = backups;
    this.#encrypt = encrypt;
    this.#post = post;
    engine.onDidChange((change) => { post({ type: 'change', change }, []); });
  }

  /** Never rejects: what goes wrong is the answer. */
  async receive(message: StoreRequest): Promise<void> {
    try {
      const { number } = message;
      const result = await this.#answer(message);
      if (result instanceof Packed) this.#post({ type: 'packed-answer', number, texts: result.texts }, []);
      else this.#post({ type: 'answer', number, result }, message.type === 'backup' ? memoryOf(result) : []);
    } catch (error) {
      this.#post({ type: 'failure', number: message.number, error: HearthlinkError.from(error).toData() }, []);
    }
  }

  #answer(message: StoreRequest): Promise<unknown> {
    switch (message.type) {
      case 'call': return this.#engine.call({ id: message.callId, method: this.#methods[message.method], argument: message.argument });
      case 'task': return this.#run(message.task, message.at);
      case 'encrypt': return this.#encrypt(message.request);
      case 'backup': return answerOf(this.#backups, message.request);
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

function answerOf<Name extends BackupMethodName>(backups: BackupMethods, { method, argument }: BackupRequest<Name>): Promise<unknown> {
  return backups[method](argument);
}

/** A backup's bytes were made for whoever asked, and nobody here needs them any longer. */
function memoryOf(result: unknown): ArrayBuffer[] {
  const bytes = typeof result === 'object' && result !== null && 'bytes' in result ? result.bytes : result;
  return bytes instanceof Uint8Array && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}
