import path from 'node:path';
import type { BackupRepository, ContentSummary, FrozenContent, StorePosition } from '../../store/backup-port.ts';
import { recordsPart } from '../../store/engine/backup-source.ts';
import { counted, type StepProgress } from './activity.ts';
import type { BackupReason } from './backup-record.ts';
import { backupFileName } from './file-name.ts';
import { settingsPart } from './held-along.ts';
import type { Archives, Manifest, ManifestHead, ManifestPosition, PartSource } from './ports.ts';

export interface BackupWriting {
  readonly store: BackupRepository;
  readonly archives: Archives;
  readonly folder: string;
  readonly extensionVersion: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** What else a backup of everything takes along; asked for with each. */
  readonly accounts: () => Promise<readonly PartSource[]>;
  readonly progress: StepProgress;
}

/** Who asked, when, and under which id. */
export interface BackupOrder {
  readonly id: string;
  readonly by: BackupReason;
  readonly at: number;
}

async function* jsonOf(value: unknown): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(JSON.stringify(value, null, 2)));
}

/**
 * Everything there is, as it was at one moment. Answers what was written.
 * @param file where; without it, in the folder, by the name that a backup has
 */
export async function writeFull(order: BackupOrder, writing: BackupWriting, file?: string): Promise<Manifest> {
  const content = await writing.store.freeze();
  try {
    return await writeFrozen(content, order, writing, file);
  } finally {
    await writing.store.release(content.frozen);
  }
}

/** Everything that was frozen. It stays the caller's to release. */
export async function writeFrozen(
  content: FrozenContent,
  order: BackupOrder,
  { store, archives, folder, extensionVersion, settings, accounts, progress }: BackupWriting,
  file = fileOf(folder, order, 'full'),
): Promise<Manifest> {
  const { frozen, position, summary, parts } = content;
  const sources = parts.map(({ name }) => ({ name, content: counted(partOf(store, frozen, name), progress) }));
  const chosen = { name: settingsPart, content: jsonOf(settings) };
  const told = (await accounts()).map(({ name, content: pieces }) => ({ name, content: counted(pieces, progress) }));
  return archives.write(file, [...sources, chosen, ...told], () => ({
    ...headOf(order, position, summary, extensionVersion),
    kind: 'full',
    base: null,
    from: null,
  }));
}

/** What came of asking for changes: the store may have begun a new content, from which only everything can be backed up. */
export type ChangesWritten = { readonly type: 'written'; readonly manifest: Manifest } | { readonly type: 'full-due' };

/** What was written since a backup. The records are asked for before the file is begun, so that where they are not there, no file is. */
export async function writeChanges(base: Manifest, order: BackupOrder, { store, archives, folder, extensionVersion, progress }: BackupWriting): Promise<ChangesWritten> {
  const records = new RecordStream(store, positionOf(base), progress);
  if (!(await records.begin())) return { type: 'full-due' };
  try {
    const manifest = await archives.write(fileOf(folder, order, 'changes'), [{ name: recordsPart, content: records.read() }], () => ({
      ...headOf(order, records.position, records.summary, extensionVersion),
      kind: 'changes',
      base: { id: base.id },
      from: base.to,
    }));
    return { type: 'written', manifest };
  } catch (error) {
    if (records.isBroken) return { type: 'full-due' };
    throw error;
  }
}

/** How often changes are read on to where the store is, before it is written without counts. */
const mostCounts = 3;

/** The records since a position, to where the store is when its rows can be counted at just that place. */
class RecordStream {
  readonly #store: BackupRepository;
  readonly #progress: StepProgress;
  #first: Uint8Array | null = null;
  #more = true;
  position: StorePosition;
  /** Of the content at the end of the stream; null where others wrote so fast that it could not be counted. */
  summary: ContentSummary | null = null;
  /** The store began a new content while it was read. */
  isBroken = false;

  constructor(store: BackupRepository, position: StorePosition, progress: StepProgress) {
    this.#store = store;
    this.position = position;
    this.#progress = progress;
  }

  /** False when there are no such records any more. */
  async begin(): Promise<boolean> {
    this.#first = await this.#next();
    return this.#first !== null;
  }

  async *read(): AsyncGenerator<Uint8Array> {
    if (this.#first !== null) yield this.#first;
    for (let count = 0; count < mostCounts; count++) {
      while (this.#more) {
        const bytes = await this.#next();
        if (bytes === null) throw new Error('The store began a new content.');
        yield bytes;
      }
      await this.#count();
      if (this.summary !== null) return;
      this.#more = true;
    }
  }

  async #next(): Promise<Uint8Array | null> {
    const answer = await this.#store.recordsAfter(this.position);
    if (answer.state === 'full-due') {
      this.isBroken = true;
      return null;
    }
    await this.#progress.advance(answer.bytes.length);
    this.position = answer.to;
    this.#more = answer.more;
    return answer.bytes;
  }

  async #count(): Promise<void> {
    const { frozen, position, summary } = await this.#store.freeze();
    await this.#store.release(frozen);
    if (position.chain === this.position.chain) this.summary = summary;
  }
}

async function* partOf(store: BackupRepository, frozen: string, part: string): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = await store.readPart({ frozen, part });
    if (piece === null) return;
    yield piece;
  }
}

function fileOf(folder: string, { id, at }: BackupOrder, kind: 'full' | 'changes'): string {
  return path.join(folder, backupFileName({ id, kind, madeAt: at }));
}

function headOf(
  { id, by, at }: BackupOrder,
  position: StorePosition,
  summary: ContentSummary | null,
  extensionVersion: string,
): Omit<ManifestHead, 'kind' | 'base' | 'from'> {
  const { journal, offset, sequence, chain } = position;
  return {
    id,
    storeId: position.storeId,
    madeAt: at,
    by,
    to: { journal, offset, sequence, chain, at: position.at },
    schemaVersion: position.schemaVersion,
    extensionVersion,
    counts: summary?.tables ?? {},
    newest: Object.fromEntries(Object.entries(summary?.newest ?? {}).flatMap(([kind, at]) => (at === null ? [] : [[kind, at]]))),
  };
}

/** Where a backup ends, as the store has it. The number of a journal stands in its name. */
export function positionOf({ storeId, schemaVersion, to }: Manifest): StorePosition {
  const { journal, offset, sequence, chain, at }: ManifestPosition = to;
  return { storeId, schemaVersion, generation: Number(/^journal-(\d+)-/.exec(journal)?.[1] ?? 0), journal, offset, sequence, chain, at };
}
