import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hash } from 'node:crypto';

/** A folder of a test, removed with it. */
export class StoreFolder implements Disposable {
  readonly path: string;

  constructor(from?: string) {
    this.path = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-faults-')), 'store');
    if (from !== undefined) fs.cpSync(from, this.path, { recursive: true });
  }

  /** Everything in the folder, by paths with `/`. */
  names(): string[] {
    return fs.readdirSync(this.path, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll(path.sep, '/')).sort();
  }

  /** The one that is named so, as the store names it. */
  nameLike(pattern: RegExp): string {
    const [found, ...others] = this.names().filter((name) => pattern.test(name));
    assert.deepEqual(others, [], `more than one is named like ${pattern.source}`);
    return found ?? assert.fail(`nothing is named like ${pattern.source} among ${this.names().join(', ')}`);
  }

  at(name: string): string {
    return path.join(this.path, ...name.split('/'));
  }

  read(name: string): Buffer {
    return fs.readFileSync(this.at(name));
  }

  write(name: string, bytes: Uint8Array): void {
    fs.writeFileSync(this.at(name), bytes);
  }

  remove(name: string): void {
    fs.rmSync(this.at(name), { recursive: true });
  }

  flip(name: string, offset: number, bit = offset % 8): void {
    this.write(name, flipped(this.read(name), offset, bit));
  }

  /** Digests of all files, to see that none has changed. */
  digests(): Record<string, string> {
    const files = this.names().filter((name) => fs.statSync(this.at(name)).isFile());
    return Object.fromEntries(files.map((name) => [name, hash('sha256', this.read(name))]));
  }

  [Symbol.dispose](): void {
    fs.rmSync(path.dirname(this.path), { recursive: true, force: true });
  }
}

/** A copy with one bit the other way. */
export function flipped(bytes: Buffer, offset: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(offset) ^ (1 << bit), offset);
  return copy;
}
