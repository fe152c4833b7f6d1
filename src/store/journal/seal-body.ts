import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/**
 * What a SEAL says: this journal ends here, and goes on in another, which was made beside a generation.
 * - `rotation`: the content stays as it is;
 * - `purge`, `migration`: the content is the generation's, made from exactly the chain value that the SEAL continues;
 * - `restore`: the content is the generation's, whatever was there before.
 */
export interface SealBody {
  readonly kind: SealKind;
  readonly generation: string;
  readonly journal: string;
}

export type SealKind = 'rotation' | 'purge' | 'migration' | 'restore';

const kinds: readonly SealKind[] = ['rotation', 'purge', 'migration', 'restore'];

export function encodeSeal(seal: SealBody): Buffer {
  const writer = new ByteWriter(128);
  writer.uint8(kinds.indexOf(seal.kind));
  writer.text(seal.generation);
  writer.text(seal.journal);
  return writer.bytes();
}

export function decodeSeal(body: Uint8Array): SealBody {
  const reader = new ByteReader(body);
  const kind = kinds[reader.uint8()];
  if (kind === undefined) throw new RangeError('Unknown kind of seal.');
  return { kind, generation: reader.text(), journal: reader.text() };
}
