import { Worker } from 'node:worker_threads';
import { HearthlinkError } from '../../shared/errors.ts';
import type { FileToRead, FromImportReader, ToImportReader } from '../../operations/transfer/import-messages.ts';
import type { ImportSummary } from '../../operations/transfer/import-plan.ts';
import type { TransferRecord } from '../../store/transfer-records.ts';

/** A file that is being read in a thread of its own. To be disposed, also before its end. */
export class ImportReader {
  readonly #worker: Worker;
  readonly summary: ImportSummary;
  /** How many records there are. */
  readonly total: number;

  private constructor(worker: Worker, summary: ImportSummary, total: number) {
    this.#worker = worker;
    this.summary = summary;
    this.total = total;
  }

  /** @throws HearthlinkError `import-unreadable`, `import-too-large`, `import-empty`, `not-found`; `cancelled` when the signal came first. */
  static async open(workerFile: string, file: FileToRead, signal: AbortSignal): Promise<ImportReader> {
    const worker = new Worker(workerFile, { name: 'hearthlink-work' });
    const end = (): void => void worker.terminate();
    signal.addEventListener('abort', end, { once: true });
    try {
      const answer = await ask(worker, { type: 'read', file });
      if (answer.type !== 'summary') throw new HearthlinkError('internal', { detail: 'the reader answered something else' });
      return new ImportReader(worker, answer.summary, answer.total);
    } catch (error) {
      end();
      throw signal.aborted ? new HearthlinkError('cancelled') : error;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  /** The next records to store; null after the last. */
  async next(): Promise<readonly TransferRecord[] | null> {
    const answer = await ask(this.#worker, { type: 'next' });
    return answer.type === 'records' ? answer.records : null;
  }

  dispose(): void {
    void this.#worker.terminate();
  }
}

function ask(worker: Worker, message: ToImportReader): Promise<FromImportReader> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (answer: FromImportReader): void => {
      settle(() => { if (answer.type === 'failed') reject(HearthlinkError.fromData(answer.error)); else resolve(answer); });
    };
    const onError = (error: unknown): void => { settle(() => { reject(HearthlinkError.from(error)); }); };
    const onExit = (): void => { settle(() => { reject(new HearthlinkError('cancelled')); }); };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(message);
  });
}
