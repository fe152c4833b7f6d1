import { HearthlinkError } from '../../shared/errors.ts';
import type { RandomSource } from '../../shared/ports.ts';
import type { KeyRingContents } from './key-ring-contents.ts';
import { keyFromPassphrase, saltBytes, type ScryptCost } from './passphrase.ts';
import { keyFromRecoveryKey, readRecoveryKey } from './recovery-key.ts';
import type { SecretKeep } from './secret-keep.ts';
import { keyBytes, unwrap, wrap } from './wrapping.ts';

/** The ways to the ring key. Each holds it whole, wrapped by what a person types or what the system keeps for them. */

export type RingLocks = KeyRingContents['locks'];

export interface NewLocks {
  readonly passphrase: string;
  /** The random bits of a recovery key. */
  readonly recovery: Uint8Array;
}

export interface LockMaking {
  readonly storeId: string;
  readonly ringKey: Uint8Array;
  readonly random: RandomSource;
  readonly cost: ScryptCost;
}

export async function makeLocks({ passphrase, recovery }: NewLocks, making: LockMaking): Promise<RingLocks> {
  return { passphrase: await lockByPassphrase(passphrase, making), recovery: lockByRecoveryKey(recovery, making), kept: null };
}

export async function lockByPassphrase(passphrase: string, { storeId, ringKey, random, cost }: LockMaking): Promise<RingLocks['passphrase']> {
  const salt = Buffer.from(random.bytes(saltBytes));
  const key = await keyFromPassphrase(passphrase, salt, cost);
  return { salt: salt.toString('base64'), cost, wrapped: spent(key, () => wrap(key, ringKey, purposeOf(storeId, 'passphrase'), random)) };
}

export function lockByRecoveryKey(bits: Uint8Array, { storeId, ringKey, random }: LockMaking): RingLocks['recovery'] {
  const salt = Buffer.from(random.bytes(saltBytes));
  const key = keyFromRecoveryKey(bits, salt);
  return { salt: salt.toString('base64'), wrapped: spent(key, () => wrap(key, ringKey, purposeOf(storeId, 'recovery'), random)) };
}

/**
 * The ring key, by a passphrase or a recovery key. Both are always tried, so that nobody learns from an answer, or from how
 * long it takes, what was nearly right.
 * @throws vault-refused
 */
export async function ringKeyByTyping({ storeId, locks }: KeyRingContents, typed: string): Promise<Buffer> {
  const { passphrase, recovery } = locks;
  const fromPassphrase = await keyFromPassphrase(typed, Buffer.from(passphrase.salt, 'base64'), passphrase.cost);
  const byPassphrase = spent(fromPassphrase, () => unwrap(fromPassphrase, passphrase.wrapped, purposeOf(storeId, 'passphrase')));
  const fromRecoveryKey = keyFromRecoveryKey(readRecoveryKey(typed) ?? Buffer.alloc(0), Buffer.from(recovery.salt, 'base64'));
  const byRecoveryKey = spent(fromRecoveryKey, () => unwrap(fromRecoveryKey, recovery.wrapped, purposeOf(storeId, 'recovery')));
  const ringKey = byPassphrase ?? byRecoveryKey;
  if (ringKey === null) throw new HearthlinkError('vault-refused');
  return ringKey;
}

/** The ring key, by the key in the system's keep; null where there is none that opens it. */
export async function ringKeyByKeep({ storeId, locks: { kept } }: KeyRingContents, keep: SecretKeep): Promise<Buffer | null> {
  const secret = kept === null ? null : await keep.get(keptName(storeId));
  if (kept === null || secret === null) return null;
  const key = Buffer.from(secret, 'base64');
  return key.length === keyBytes ? spent(key, () => unwrap(key, kept.wrapped, purposeOf(storeId, 'kept'))) : null;
}

/** Puts a new key into the system's keep. Answers the lock that it opens. */
export async function lockByKeep(keep: SecretKeep, { storeId, ringKey, random }: LockMaking): Promise<RingLocks['kept']> {
  const key = Buffer.from(random.bytes(keyBytes));
  await keep.set(keptName(storeId), key.toString('base64'));
  return { wrapped: spent(key, () => wrap(key, ringKey, purposeOf(storeId, 'kept'), random)) };
}

/** What the key is called in the system's keep. */
export function keptName(storeId: string): string {
  return `hearthlink.ring.${storeId}`;
}

function purposeOf(storeId: string, lock: keyof RingLocks): string {
  return `hearthlink ring key 1:${storeId}:${lock}`;
}

/** Uses a key for the last time, and overwrites it. */
function spent<T>(key: Buffer, use: () => T): T {
  try {
    return use();
  } finally {
    key.fill(0);
  }
}
