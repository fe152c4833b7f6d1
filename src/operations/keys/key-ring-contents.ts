import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { HearthlinkError } from '../../shared/errors.ts';
import { scryptCost } from './passphrase.ts';

/**
 * What stands in the file `KEYS`: a line of JSON, its HMAC-SHA-256 by the ring key, and the CRC-32 of both lines.
 * `docs/backup-format.md` describes it.
 */

const base64 = z.string().regex(/^[A-Za-z0-9+/]{1,200}={0,2}$/);
const keyId = z.int().positive().max(0xffff_ffff);
const time = z.int();

const dataKey = z.object({
  id: keyId,
  madeAt: time,
  /** When another key took its place. Null for the active one, and for one that is about to be. */
  retiredAt: time.nullable(),
  /** By the ring key. */
  wrapped: base64,
});

const rotation = z.object({
  from: keyId,
  to: keyId,
  startedAt: time,
  /** What has been done: the new key is in this file; everything is written beside under it; that was read and compared. */
  step: z.enum(['key-written', 'written-beside', 'verified']),
});

export type RotationStep = z.infer<typeof rotation>['step'];

const contentsSchema = z.object({
  format: z.literal(1),
  storeId: z.string().regex(/^[0-9a-f]{32}$/),
  /** The ways to the ring key, each of which holds it whole. */
  locks: z.object({
    passphrase: z.object({ salt: base64, cost: scryptCost, wrapped: base64 }),
    recovery: z.object({ salt: base64, wrapped: base64 }),
    /** By the key in the system's keep, for people who do not want to type. */
    kept: z.object({ wrapped: base64 }).nullable(),
  }),
  keys: z.array(dataKey).min(1),
  active: keyId,
  /** Never given twice. */
  nextId: keyId,
  rotation: rotation.nullable(),
  /** Since when nothing new is encrypted any more; the keys stay, for what is. Null: it is. */
  stoppedAt: time.nullable().default(null),
});

export type KeyRingContents = z.infer<typeof contentsSchema>;

/** The contents as they were found, and what shows that nobody without the ring key has written them. */
export interface FoundKeyRing {
  readonly contents: KeyRingContents;
  isSealedBy(sealKey: Uint8Array): boolean;
}

/** A retired key is kept as long as any backup is, in a folder that is not there just now, say. */
const keptAfterRetirementMs = 90 * 24 * 60 * 60 * 1000;

/** Whether a key was retired so long ago that it may be dropped. */
export function isAged({ retiredAt }: Pick<KeyRingContents['keys'][number], 'retiredAt'>, now: number): boolean {
  return retiredAt !== null && now - retiredAt > keptAfterRetirementMs;
}

/** Keys that another copy of a ring has and this one has not: another machine made them. Without those that may have been dropped. */
export function keysMissingIn({ keys }: KeyRingContents, copy: KeyRingContents, now: number): KeyRingContents['keys'] {
  return copy.keys.filter((key) => !isAged(key, now) && keys.every(({ id }) => id !== key.id));
}

export function encodeKeyRing(contents: KeyRingContents, sealKey: Uint8Array): Buffer {
  const text = JSON.stringify(contents);
  const sealed = `${text}\n${sealOf(text, sealKey).toString('hex')}\n`;
  return Buffer.from(`${sealed}${checksumOf(sealed)}\n`);
}

/** @throws keys-damaged; store-newer-schema where a later release wrote it */
export function decodeKeyRing(bytes: Buffer): FoundKeyRing {
  const [text = '', seal = ''] = bytes.toString('utf8').split('\n');
  const sealed = `${text}\n${seal}\n`;
  if (bytes.toString('utf8') !== `${sealed}${checksumOf(sealed)}\n`) throw new HearthlinkError('keys-damaged');
  const found: unknown = JSON.parse(text);
  if (!z.object({ format: z.literal(1) }).safeParse(found).success) throw new HearthlinkError('store-newer-schema');
  const parsed = contentsSchema.safeParse(found);
  if (!parsed.success) throw new HearthlinkError('keys-damaged', {}, parsed.error);
  return {
    contents: parsed.data,
    isSealedBy: (sealKey) => {
      const written = Buffer.from(seal, 'hex');
      const expected = sealOf(text, sealKey);
      return written.length === expected.length && timingSafeEqual(written, expected);
    },
  };
}

function sealOf(text: string, sealKey: Uint8Array): Buffer {
  return createHmac('sha256', sealKey).update(text).digest();
}

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
