import type { ArchiveFiles } from '../../../../src/operations/archive/archive-files.ts';

/** Files in memory that can be looked into, altered, and made to fail. */
export class MemoryArchiveFiles implements ArchiveFiles {
  readonly contents = new Map<string, Buffer>();
  /** What was asked of it, in order. */
  readonly steps: string[] = [];
  /** The step that fails, by its number from 0 or by what is asked, and the system's code it fails with. */
  failing: { readonly step: number | string; readonly code: string } | null = null;
  /** The largest piece that was read at once. */
  largestRead = 0;

  create(file: string) {
    return this.#do(`create ${file}`, () => {
      if (this.contents.has(file)) throw systemError('EEXIST');
      this.contents.set(file, Buffer.alloc(0));
      return {
        write: (pieces: readonly Uint8Array[]) => this.#do('write', () => {
          this.contents.set(file, Buffer.concat([this.#bytesOf(file), ...pieces]));
        }),
        flush: () => this.#do(`flush ${file}`, () => undefined),
        close: () => this.#do('close', () => undefined),
      };
    });
  }

  open(file: string) {
    return this.#do(`open ${file}`, () => {
      const content = this.#bytesOf(file);
      return {
        bytes: content.length,
        read: (offset: number, length: number) => this.#do('read', () => {
          this.largestRead = Math.max(this.largestRead, length);
          return Buffer.from(content.subarray(offset, offset + length));
        }),
        close: () => this.#do('close', () => undefined),
      };
    });
  }

  rename(from: string, to: string) {
    return this.#do(`rename ${from} ${to}`, () => {
      this.contents.set(to, this.#bytesOf(from));
      this.contents.delete(from);
    });
  }

  remove(file: string) {
    return this.#do(`remove ${file}`, () => void this.contents.delete(file));
  }

  flushFolder(folder: string) {
    return this.#do(`flush ${folder}`, () => undefined);
  }

  #bytesOf(file: string): Buffer {
    const content = this.contents.get(file);
    if (content === undefined) throw systemError('ENOENT');
    return content;
  }

  /** Whether the process still lives at a step; when it does not, nothing happens any more. */
  alive(_step: number): boolean {
    return true;
  }

  async #do<T>(step: string, act: () => T): Promise<T> {
    await Promise.resolve();
    const number = this.steps.push(step) - 1;
    if (!this.alive(number)) throw systemError('EIO');
    if (this.failing !== null && [number, step].includes(this.failing.step)) throw systemError(this.failing.code);
    return act();
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
