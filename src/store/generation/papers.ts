import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { notEncrypted } from '../encryption/store-keys.ts';

/**
 * The small text files of a generation: JSON that a person can read, and its CRC-32 on a second line.
 */

const chain = z.string().regex(/^[0-9a-f]{32}$/);
const count = z.int().nonnegative();

const identity = {
  format: z.literal(1),
  storeId: z.string().regex(/^[0-9a-f]{32}$/),
  /** Of the snapshot and the files beside it. */
  codec: z.literal(1),
  cipher: z.literal([0, 1]),
  /** Of the data key that they and this paper are encrypted by; 0: none. */
  keyId: z.int().min(0).max(0xffff_ffff),
};

/** What a generation holds, and from where its journal goes on. */
const coversSchema = z.object({
  ...identity,
  schemaVersion: z.int().positive(),
  generation: count,
  /**
   * `rotation`: the content at `offset` of `journal`, which the SEAL ends later. Any other: the content at the start of
   * `journal`, which was made with this generation and goes on from the chain value in MARK.
   */
  kind: z.enum(['first', 'rotation', 'purge', 'migration', 'restore', 'recovery']),
  journal: z.string(),
  offset: count,
  sequence: count,
  chain,
  files: z.array(z.object({ name: z.string(), bytes: count, crc32: count })),
});

export type Covers = z.infer<typeof coversSchema>;

/** Written last: the generation counts, and its own journal opens at this chain value and sequence. */
const markSchema = z.object({ ...identity, chain, sequence: count });

export type Mark = z.infer<typeof markSchema>;

/** A hint, for people and for telling an empty folder from one that lost its generations. Never read for its content. */
export interface Manifest extends Identity {
  readonly generation: string;
}

type Identity = ReturnType<typeof identityOf>;

/** @param keyId 0: not encrypted */
export const identityOf = (storeId: string, keyId: number) =>
  ({ format: 1, storeId, codec: 1, cipher: keyId === notEncrypted ? 0 : 1, keyId }) as const;

export function encodePaper(paper: Covers | Mark | Manifest): Buffer {
  const text = JSON.stringify(paper);
  return Buffer.from(`${text}\n${checksumOf(text)}\n`);
}

export const decodeCovers = (bytes: Buffer) => decodePaper(bytes, coversSchema);
export const decodeMark = (bytes: Buffer) => decodePaper(bytes, markSchema);

/** `newer`: whole, but of a layout that this release does not know. */
export type Unreadable = 'damaged' | 'newer';

function decodePaper<T>(bytes: Buffer, schema: z.ZodType<T>): T | Unreadable {
  const [text = '', checksum, rest] = bytes.toString('utf8').split('\n');
  if (checksum !== checksumOf(text) || rest !== '') return 'damaged';
  const parsed = schema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : 'newer';
}

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
