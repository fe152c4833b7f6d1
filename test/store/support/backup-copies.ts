import assert from 'node:assert/strict';
import type { BackupRepository, FrozenContent, LoadedScratch, ScratchLoad, StorePosition } from '../../../src/store/backup-port.ts';

/** A backup as bytes: what `freeze` gives, read to its end. */
export interface FullCopy extends Pick<FrozenContent, 'position' | 'base' | 'summary'> {
  readonly parts: ReadonlyMap<string, readonly Uint8Array[]>;
}

export async function fullCopy(backup: BackupRepository): Promise<FullCopy> {
  const { frozen, parts, ...rest } = await backup.freeze();
  const copies = new Map<string, Uint8Array[]>();
  for (const { name } of parts) copies.set(name, await piecesOf(() => backup.readPart({ frozen, part: name })));
  await backup.release(frozen);
  return { ...rest, parts: copies };
}

async function piecesOf(read: () => Promise<Uint8Array | null>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for (let piece = await read(); piece !== null; piece = await read()) pieces.push(piece);
  return pieces;
}

/** All records since a position, and the position behind them. */
export async function recordsSince(backup: BackupRepository, from: StorePosition): Promise<{ readonly pieces: Uint8Array[]; readonly to: StorePosition }> {
  const pieces: Uint8Array[] = [];
  for (let to = from; ;) {
    const answer = await backup.recordsAfter(to);
    if (answer.state !== 'records') assert.fail(`A full backup is due: ${answer.reason}`);
    pieces.push(answer.bytes);
    ({ to } = answer);
    if (!answer.more) return { pieces, to };
  }
}

export interface LoadOrder extends Partial<Pick<ScratchLoad, 'until' | 'expected'>> {
  readonly records?: readonly Uint8Array[];
}

/** Puts a copy into a new scratch, with records behind its own. */
export async function loaded(backup: BackupRepository, copy: FullCopy, { records = [], until = null, expected }: LoadOrder = {}): Promise<LoadedScratch & { readonly scratch: string }> {
  const scratch = await backup.scratchBegin();
  for (const [part, pieces] of copy.parts) for (const bytes of pieces) await backup.scratchPut({ scratch, part, bytes: Uint8Array.from(bytes) });
  for (const bytes of records) await backup.scratchPut({ scratch, part: 'records', bytes: Uint8Array.from(bytes) });
  const result = await backup.scratchLoad({ scratch, until, expected: expected ?? { chain: null, summary: null } });
  return { ...result, scratch };
}
