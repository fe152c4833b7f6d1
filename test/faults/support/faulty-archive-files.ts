import type { ArchiveFiles, ReadableFile, WritableFile } from '../../../src/operations/archive/archive-files.ts';
import { nodeArchiveFiles } from '../../../src/operations/archive/node-archive-files.ts';

type Step = 'create' | 'write' | 'flush' | 'rename' | 'flush folder' | 'open' | 'read';

/** The machine's files, of which one step can fail as the system lets it fail, or wait. */
export class FaultyArchiveFiles implements ArchiveFiles {
  /** Steps that were taken since it was last emptied. */
  readonly steps: Step[] = [];
  /** Told of each step before it is taken; what it throws or waits for, the step does. */
  before: (step: Step, number: number) => void | Promise<void> = () => undefined;

  /** Lets the step with a number fail with a code of the system: `ENOSPC`, `EIO`, `EROFS`. */
  failAt(number: number, code: string): void {
    this.steps.length = 0;
    this.before = (_, now) => {
      if (now === number) throw Object.assign(new Error(code), { code });
    };
  }

  mend(): void {
    this.steps.length = 0;
    this.before = () => undefined;
  }

  async create(file: string): Promise<WritableFile> {
    await this.#take('create');
    const created = await nodeArchiveFiles.create(file);
    return {
      write: async (pieces) => {
        await this.#take('write');
        await created.write(pieces);
      },
      flush: async () => {
        await this.#take('flush');
        await created.flush();
      },
      close: () => created.close(),
    };
  }

  async open(file: string): Promise<ReadableFile> {
    await this.#take('open');
    const opened = await nodeArchiveFiles.open(file);
    return {
      bytes: opened.bytes,
      read: async (offset, length) => {
        await this.#take('read');
        return opened.read(offset, length);
      },
      close: () => opened.close(),
    };
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#take('rename');
    await nodeArchiveFiles.rename(from, to);
  }

  remove(file: string): Promise<void> {
    return nodeArchiveFiles.remove(file);
  }

  async flushFolder(folder: string): Promise<void> {
    await this.#take('flush folder');
    await nodeArchiveFiles.flushFolder(folder);
  }

  async #take(step: Step): Promise<void> {
    const number = this.steps.push(step) - 1;
    await this.before(step, number);
  }
}
