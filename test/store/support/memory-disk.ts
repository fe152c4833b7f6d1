import { crc32 } from 'node:zlib';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { keyIdIn } from '../../../src/store/journal/file-header.ts';
import type { JournalFile, StoreFiles } from '../../../src/store/files/store-files.ts';

/** What the world may do to an operation instead of letting it succeed. */
export type Fault =
  | { readonly type: 'none' }
  /** Of an append only this many bytes are written, and the process is told so; of a file too, and then it hears of no room. */
  | { readonly type: 'short'; readonly bytes: number }
  /** The operation fails; a flush has perhaps flushed. */
  | { readonly type: 'fails'; readonly code: 'store-full' | 'store-stopped' };

/** A change that a window wants to make to the disk, held until somebody lets it happen. */
export interface Operation {
  readonly window: string;
  readonly name: 'append' | 'flush' | 'write' | 'create folder' | 'flush folder' | 'rename' | 'remove';
  readonly file: string;
  /** Bytes of an append, or of a file. */
  readonly length: number;
  perform(fault: Fault): void;
}

interface FileNode {
  bytes: Buffer;
  /** How many bytes survive a loss of power for certain. */
  flushed: number;
}

/** Decides what becomes of what was not flushed: a number from 0 to `below` - 1. */
export type Choose = (below: number) => number;

/**
 * A disk in memory that several windows share. Every change waits in `operations` until it is performed, unless
 * `immediate`; reading sees at once what was performed. After `losePower` only what was flushed is certain to be there.
 */
export class MemoryDisk {
  readonly operations: Operation[] = [];
  #entries = new Map<string, FileNode | 'folder'>();
  /** How to take back a change of a folder's entries that has not been flushed, newest last. */
  #unflushedEntries: { folder: string; undo: () => void }[] = [];
  readonly #dead = new Set<string>();
  readonly #watchers = new Set<() => void>();
  immediate: boolean;
  /** When every file was last written. */
  time = 0;
  readonly #failing = new Map<Operation['name'], Fault>();

  constructor(options: { immediate: boolean } = { immediate: true }) {
    this.immediate = options.immediate;
  }

  /** The disk as one window has it; after `kill` nothing it asks for happens any more. */
  filesOf(window: string): StoreFiles {
    const act = <T>(name: Operation['name'], file: string, length: number, perform: (fault: Fault) => T) => this.#act(window, name, file, length, perform);
    const entry = (name: string) => this.#entries.get(name);
    const file = (name: string) => {
      const found = entry(name);
      return found === undefined || found === 'folder' ? null : found;
    };
    return {
      location: '/memory/store',
      list: (folder = '') => this.#namesIn(folder),
      read: (name) => copyOf(file(name)),
      checksum: (bytes) => crc32(bytes),
      size: (name) => file(name)?.bytes.length ?? null,
      keyIdOf: (name) => {
        const node = file(name);
        return node === null ? null : keyIdIn(node.bytes);
      },
      bytes: (name = '') => [...this.#entries].reduce((sum, [path, node]) => sum + (isInside(path, name) && node !== 'folder' ? node.bytes.length : 0), 0),
      openJournal: (name) => {
        const node = file(name);
        return node === null ? null : this.#journal(window, name, node);
      },
      openFile: (name) => {
        const node = file(name);
        return node === null ? null : this.#journal(window, name, node);
      },
      createStoreFolder: () => undefined,
      createFolder: (name) => act('create folder', name, 0, () => {
        if (entry(name) !== undefined) throw new HearthlinkError('store-stopped', { detail: 'exists' });
        this.#entries.set(name, 'folder');
        this.#unflushed(name, () => this.#entries.delete(name));
      }),
      writeFile: async (name, parts, keyId = 0) => {
        if (keyId !== 0) throw new HearthlinkError('store-locked', { keyId });
        const bytes = Buffer.concat([...parts]);
        await act('write', name, bytes.length, (fault) => {
          const before = this.#entries.get(name);
          const written = fault.type === 'short' ? bytes.subarray(0, fault.bytes) : bytes;
          this.#entries.set(name, { bytes: written, flushed: fault.type === 'short' ? 0 : bytes.length });
          if (before === undefined) this.#unflushed(name, () => this.#entries.delete(name));
          if (fault.type === 'short') throw new HearthlinkError('store-full');
        });
        return crc32(bytes);
      },
      flushFolder: (name = '') => act('flush folder', name, 0, () => {
        if (name !== '' && entry(name) === undefined) throw new HearthlinkError('store-stopped', { detail: `no ${name}` });
        this.#unflushedEntries = this.#unflushedEntries.filter(({ folder }) => folder !== name);
      }),
      renameFolder: (from, to) => act('rename', from, 0, () => {
        if (entry(to) !== undefined) return false;
        this.#move(from, to);
        return true;
      }),
      renameFile: (from, to) => act('rename', from, 0, () => { this.#move(from, to); }),
      remove: (name) => act('remove', name, 0, () => { this.#remove(name); }),
      watch: (changed) => {
        this.#watchers.add(changed);
        return { dispose: () => void this.#watchers.delete(changed) };
      },
      modifiedAt: (name) => (entry(name) === undefined ? null : this.time),
    };
  }

  /** The next operation with this name, of any window, meets this fault. */
  failNext(name: Operation['name'], fault: Fault): void {
    this.#failing.set(name, fault);
  }

  /** The window's process is gone: nothing of what it was about to do happens. */
  kill(window: string): void {
    this.#dead.add(window);
    const left = this.operations.filter((operation) => operation.window !== window);
    this.operations.splice(0, this.operations.length, ...left);
  }

  /** All windows die. Of what was not flushed, any prefix of an append and any change of entries may be left. */
  losePower(choose: Choose): void {
    for (const { window } of [...this.operations]) this.kill(window);
    for (const { undo } of this.#unflushedEntries.reverse()) if (choose(2) === 0) undo();
    this.#unflushedEntries = [];
    for (const node of this.#entries.values()) {
      if (node === 'folder') continue;
      const kept = node.flushed + choose(node.bytes.length - node.flushed + 1);
      node.bytes = Buffer.from(node.bytes.subarray(0, kept));
      node.flushed = kept;
    }
  }

  names(): string[] {
    return [...this.#entries.keys()].sort();
  }

  /** For damage: changes the bytes of a file in place. */
  alter(name: string, change: (bytes: Buffer) => Buffer): void {
    const node = this.#entries.get(name);
    if (node === undefined || node === 'folder') throw new Error(`There is no file ${name}.`);
    node.bytes = change(Buffer.from(node.bytes));
    node.flushed = node.bytes.length;
  }

  isFile(name: string): boolean {
    return this.#entries.get(name) !== 'folder';
  }

  bytesOf(name: string): Buffer {
    const node = this.#entries.get(name);
    if (node === undefined || node === 'folder') throw new Error(`There is no file ${name}.`);
    return node.bytes;
  }

  delete(name: string): void {
    this.#remove(name);
    this.#unflushedEntries = [];
  }

  /** Another disk with the same bytes. */
  copy(): MemoryDisk {
    const disk = new MemoryDisk();
    for (const [name, node] of this.#entries) {
      disk.#entries.set(name, node === 'folder' ? node : { bytes: Buffer.from(node.bytes), flushed: node.flushed });
    }
    return disk;
  }

  #act<T>(window: string, name: Operation['name'], file: string, length: number, perform: (fault: Fault) => T): T | Promise<T> {
    if (this.#dead.has(window)) return new Promise(() => undefined);
    const performed = (fault: Fault) => {
      if (fault.type === 'fails') throw new HearthlinkError(fault.code, { detail: `${name} ${file}` });
      const result = perform(fault);
      for (const changed of this.#watchers) changed();
      return result;
    };
    if (this.immediate) {
      const fault = this.#failing.get(name) ?? { type: 'none' };
      this.#failing.delete(name);
      return performed(fault);
    }
    return new Promise((resolve, reject) => {
      const operation: Operation = {
        window, name, file, length,
        perform: (fault) => {
          this.operations.splice(this.operations.indexOf(operation), 1);
          try {
            resolve(performed(fault));
          } catch (error) {
            reject(HearthlinkError.from(error));
          }
        },
      };
      this.operations.push(operation);
    });
  }

  #journal(window: string, name: string, node: FileNode): JournalFile {
    return {
      writable: true,
      size: () => node.bytes.length,
      read: (offset, length) => Buffer.from(node.bytes.subarray(offset, offset + length)),
      append: (bytes) => this.#act(window, 'append', name, bytes.length, (fault) => {
        const written = fault.type === 'short' ? Math.min(fault.bytes, bytes.length) : bytes.length;
        node.bytes = Buffer.concat([node.bytes, bytes.subarray(0, written)]);
        return written;
      }),
      flush: () => this.#act(window, 'flush', name, 0, () => { node.flushed = node.bytes.length; }),
      close: () => undefined,
    };
  }

  #namesIn(folder: string): string[] {
    const prefix = folder === '' ? '' : `${folder}/`;
    return [...this.#entries.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)).filter((name) => !name.includes('/'));
  }

  #unflushed(path: string, undo: () => void): void {
    this.#unflushedEntries.push({ folder: folderOf(path), undo });
  }

  #move(from: string, to: string): void {
    const moved = [...this.#entries].filter(([path]) => isInside(path, from));
    if (moved.length === 0) throw new HearthlinkError('store-stopped', { detail: `no ${from}` });
    const replaced = this.#entries.get(to);
    const rename = (source: string, target: string) => {
      for (const [path, node] of [...this.#entries].filter(([name]) => isInside(name, source))) {
        this.#entries.delete(path);
        this.#entries.set(target + path.slice(source.length), node);
      }
    };
    rename(from, to);
    this.#unflushed(to, () => {
      rename(to, from);
      if (replaced !== undefined) this.#entries.set(to, replaced);
    });
  }

  #remove(name: string): void {
    const removed = [...this.#entries].filter(([path]) => isInside(path, name));
    for (const [path] of removed) this.#entries.delete(path);
    if (removed.length > 0) this.#unflushed(name, () => { for (const [path, node] of removed) this.#entries.set(path, node); });
  }
}

function isInside(path: string, name: string): boolean {
  return name === '' || path === name || path.startsWith(`${name}/`);
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function copyOf(node: FileNode | null): Buffer | null {
  return node === null ? null : Buffer.from(node.bytes);
}
