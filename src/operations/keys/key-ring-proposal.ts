import { HearthlinkError } from '../../shared/errors.ts';
import { KeyRing, type KeyRingSetup } from './key-ring.ts';
import { requireStrong } from './passphrase.ts';
import { makeRecoveryKey, readRecoveryKey } from './recovery-key.ts';

/** A key ring, or new locks for one, that count once the recovery key has come back from where its reader wrote it down. */
export interface ProposedKeyRing {
  /** Shown once. */
  readonly recoveryKey: string;
  /**
   * Writes the ring when this is the recovery key that was shown. Until then nothing is on the disk.
   * @throws recovery-key-mistyped, and nothing has changed
   */
  readonly confirmRecoveryKey: (typed: string) => Promise<KeyRing>;
}

/** Begins encryption with a first data key. @throws passphrase-weak */
export async function proposeKeyRing(setup: KeyRingSetup, storeId: string, passphrase: string): Promise<ProposedKeyRing> {
  return propose(setup, passphrase, (recovery) => KeyRing.create(setup, storeId, { passphrase, recovery }));
}

/**
 * A new passphrase and a new recovery key for the same data keys, for when one of them has become known. The ring given is the
 * one that is open, and stays in use until this is confirmed.
 * @throws passphrase-weak
 */
export async function proposeNewLocks(setup: KeyRingSetup, ring: KeyRing, passphrase: string): Promise<ProposedKeyRing> {
  return propose(setup, passphrase, async (recovery) => {
    await ring.refresh();
    return ring.renewed({ passphrase, recovery });
  });
}

async function propose(setup: KeyRingSetup, passphrase: string, make: (recovery: Uint8Array) => Promise<KeyRing>): Promise<ProposedKeyRing> {
  await requireStrong(passphrase, setup.guessesOf);
  const recoveryKey = makeRecoveryKey(setup.random);
  return {
    recoveryKey,
    confirmRecoveryKey: async (typed) => {
      const [shown, confirmed] = [readRecoveryKey(recoveryKey), readRecoveryKey(typed)];
      if (shown === null || confirmed?.equals(shown) !== true) throw new HearthlinkError('recovery-key-mistyped');
      const ring = await make(shown);
      await ring.write();
      return ring;
    },
  };
}
