import { HearthlinkError } from '../../shared/errors.ts';
import { KeyRing, type KeyRingSetup } from './key-ring.ts';
import { requireStrong } from './passphrase.ts';
import { makeRecoveryKey, readRecoveryKey } from './recovery-key.ts';

/** A key ring, or new locks for one, that count once the recovery key has come back from where its reader wrote it down. */
export interface ProposedKeyRing<T = KeyRing> {
  /** Shown once. */
  readonly recoveryKey: string;
  /**
   * Writes the ring when this is the recovery key that was shown. Until then nothing is on the disk.
   * @throws recovery-key-mistyped, and nothing has changed
   */
  readonly confirmRecoveryKey: (typed: string) => Promise<T>;
}

/** Begins encryption with a first data key. @param ringId 32 hexadecimal digits @throws passphrase-weak */
export async function proposeKeyRing(setup: KeyRingSetup, ringId: string, passphrase: string): Promise<ProposedKeyRing> {
  await requireStrong(passphrase, setup.guessesOf);
  return propose(setup, async (recovery) => {
    const ring = await KeyRing.create(setup, ringId, { passphrase, recovery });
    await ring.write();
    return ring;
  });
}

/** A new recovery key for a ring that is open; the passphrase stays as it is. See `KeyRing.changePassphrase` for what that cannot do. */
export function proposeRecoveryKey(setup: KeyRingSetup, ring: KeyRing): ProposedKeyRing {
  return propose(setup, async (recovery) => {
    await ring.changeRecoveryKey(recovery);
    return ring;
  });
}

function propose(setup: KeyRingSetup, take: (recovery: Uint8Array) => Promise<KeyRing>): ProposedKeyRing {
  const recoveryKey = makeRecoveryKey(setup.random);
  return {
    recoveryKey,
    confirmRecoveryKey: async (typed) => {
      const [shown, confirmed] = [readRecoveryKey(recoveryKey), readRecoveryKey(typed)];
      if (shown === null || confirmed?.equals(shown) !== true) throw new HearthlinkError('recovery-key-mistyped');
      return take(shown);
    },
  };
}
