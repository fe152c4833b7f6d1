import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { BackupRepository, ChangedSince, ContentSummary, ScratchLoad, ScratchRestore, StorePosition } from '../../../src/store/backup-port.ts';

interface Write {
  /** Empty for what a window writes while it looks after things. */
  readonly text: string;
  readonly at: number;
}

const storeId = '0'.repeat(32);

/** A store that holds a list of texts, each with its time. Only what a backup asks of it; what is in a scratch is checked for real. */
export class FakeBackupStore implements BackupRepository {
  /** Raised by a purge: from then on no earlier record is there. */
  #history = 0;
  #start = 0;
  writes: Write[] = [];
  purgedAt: number | null = null;
  /** Where it cannot be read. */
  damaged = false;
  readonly #frozen = new Map<string, string>();
  readonly #scratches = new Map<string, string>();
  #names = 0;

  write(text: string, at: number): void {
    this.writes.push({ text, at });
  }

  /** Begins a new content, which has all of the old. */
  purge(at: number | null = null): void {
    this.purgedAt = at ?? this.purgedAt;
    this.#history++;
    this.#start = this.writes.length;
  }

  get texts(): string[] {
    return this.writes.map(({ text }) => text);
  }

  position(): Promise<StorePosition> {
    return Promise.resolve(this.#positionAt(this.writes.length));
  }

  #positionAt(sequence: number): StorePosition {
    const chain = chainOf(this.writes.slice(0, sequence), this.#history);
    const at = this.writes[sequence - 1]?.at ?? 0;
    return { storeId, schemaVersion: 1, generation: 1, journal: 'journal-1-abc.log', offset: sequence, sequence, chain, at };
  }

  async freeze(): ReturnType<BackupRepository['freeze']> {
    if (this.damaged) throw new HearthlinkError('store-damaged');
    const frozen = this.#name();
    this.#frozen.set(frozen, linesOf(this.writes));
    const position = await this.position();
    return { frozen, position, base: position, summary: summaryOf(this.writes), parts: [{ name: 'records', bytes: null }] };
  }

  readPart({ frozen }: { readonly frozen: string; readonly part: string }): Promise<Uint8Array | null> {
    const text = this.#frozen.get(frozen);
    if (text === undefined) throw new HearthlinkError('not-found');
    this.#frozen.set(frozen, '');
    return Promise.resolve(text === '' ? null : Buffer.from(text));
  }

  release(frozen: string): Promise<void> {
    this.#frozen.delete(frozen);
    return Promise.resolve();
  }

  /** Nothing that was frozen, or put together, is left. */
  get isTidy(): boolean {
    return this.#frozen.size === 0 && this.#scratches.size === 0;
  }

  recordsAfter({ sequence, chain }: StorePosition): ReturnType<BackupRepository['recordsAfter']> {
    if (sequence < this.#start || chain !== this.#positionAt(sequence).chain) return Promise.resolve({ state: 'full-due', reason: 'replaced' });
    const next = this.writes.slice(sequence, sequence + 2);
    const to = this.#positionAt(sequence + next.length);
    const more = to.sequence < this.writes.length;
    return Promise.resolve({ state: 'records', bytes: Buffer.from(linesOf(next)), count: next.length, lastAt: next.at(-1)?.at ?? null, to, more });
  }

  changedSince({ sequence, chain }: StorePosition): Promise<ChangedSince> {
    if (this.damaged) return Promise.reject(new HearthlinkError('store-damaged'));
    if (sequence < this.#start || chain !== this.#positionAt(sequence).chain) return Promise.resolve('new-content');
    return Promise.resolve(this.writes.slice(sequence).some(({ text }) => text !== '') ? 'changes' : 'nothing');
  }

  lastPurge(): Promise<number | null> {
    return this.damaged ? Promise.reject(new HearthlinkError('store-damaged')) : Promise.resolve(this.purgedAt);
  }

  scratchBegin(): Promise<string> {
    const scratch = this.#name();
    this.#scratches.set(scratch, '');
    return Promise.resolve(scratch);
  }

  scratchPut({ scratch, bytes }: { readonly scratch: string; readonly part: string; readonly bytes: Uint8Array }): Promise<void> {
    this.#scratches.set(scratch, (this.#scratches.get(scratch) ?? '') + Buffer.from(bytes).toString());
    return Promise.resolve();
  }

  scratchLoad({ scratch, until, expected }: ScratchLoad): ReturnType<BackupRepository['scratchLoad']> {
    const writes = writesIn(this.#scratches.get(scratch) ?? '').filter(({ at }) => until === null || at <= until);
    this.#scratches.set(scratch, linesOf(writes));
    const chain = [0, 1, 2].map((history) => chainOf(writes, history)).find((candidate) => candidate === expected.chain);
    if (expected.chain !== null && chain === undefined) throw new HearthlinkError('archive-damaged', { part: 'records' });
    if (expected.summary !== null && expected.summary.tables['text'] !== writes.length) throw new HearthlinkError('archive-damaged', { part: 'text' });
    return Promise.resolve({ storeId, chain: chain ?? '', sequence: writes.length, at: writes.at(-1)?.at ?? null, summary: summaryOf(writes), records: writes.length, migratedFrom: null });
  }

  scratchHolds({ scratch, text }: { readonly scratch: string; readonly text: string }): Promise<boolean> {
    return Promise.resolve((this.#scratches.get(scratch) ?? '').includes(text));
  }

  scratchAsk(): never {
    throw new Error('Not asked in these tests.');
  }

  async scratchRestore({ scratch, replaces }: ScratchRestore): ReturnType<BackupRepository['scratchRestore']> {
    const replaced = await this.position();
    if (replaces !== null && (await this.changedSince(replaces)) !== 'nothing') throw new HearthlinkError('conflict');
    this.writes = writesIn(this.#scratches.get(scratch) ?? '');
    this.purge();
    this.damaged = false;
    return { generation: 2, replaced, summary: summaryOf(this.writes), keptForgotten: 0 };
  }

  scratchDrop(scratch: string): Promise<void> {
    this.#scratches.delete(scratch);
    return Promise.resolve();
  }

  #name(): string {
    return `n${String(this.#names++)}`;
  }
}

function linesOf(writes: readonly Write[]): string {
  return writes.map((write) => `${JSON.stringify(write)}\n`).join('');
}

function writesIn(lines: string): Write[] {
  return lines.split('\n').filter((line) => line !== '').map((line) => toWrite(JSON.parse(line)));
}

function toWrite(value: unknown): Write {
  if (typeof value !== 'object' || value === null || !('text' in value) || !('at' in value)) throw new HearthlinkError('archive-damaged', { part: 'records' });
  return { text: String(value.text), at: Number(value.at) };
}

/** As a digest would: another content, or another history, has another. */
function chainOf(writes: readonly Write[], history: number): string {
  let value = history + 1;
  for (const character of linesOf(writes)) value = (Math.imul(value, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return value.toString(16).padStart(32, '0');
}

function summaryOf(writes: readonly Write[]): ContentSummary {
  return { tables: { text: writes.length }, newest: { slice: writes.at(-1)?.at ?? null } };
}
