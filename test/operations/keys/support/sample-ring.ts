import type { ArchiveFiles } from '../../../../src/operations/archive/archive-files.ts';
import { proposeKeyRing } from '../../../../src/operations/keys/key-ring-proposal.ts';
import type { KeyRing, KeyRingSetup } from '../../../../src/operations/keys/key-ring.ts';
import type { SecretKeep } from '../../../../src/operations/keys/secret-keep.ts';
import type { Clock } from '../../../../src/shared/ports.ts';
import { HandClock } from '../../../support/seeded-ports.ts';
import { seededRandom } from '../../archive/support/sample-archive.ts';

export const passphrase = 'gull rows quiet harbour';
export const storeId = 'ab'.repeat(16);

/** The least work that is allowed, so that tests are quick; strength is told by length alone. */
export function ringSetup(files: ArchiveFiles, clock: Clock = new HandClock(), seed = 1): KeyRingSetup {
  return {
    file: '/store/KEYS',
    files,
    random: seededRandom(seed),
    clock,
    guessesOf: (text) => Promise.resolve(text.length),
    cost: { N: 1 << 14, r: 8, p: 1 },
  };
}

/** A ring on the disk, and the recovery key that was confirmed. */
export async function newRing(setup: KeyRingSetup): Promise<{ readonly ring: KeyRing; readonly recoveryKey: string }> {
  const proposal = await proposeKeyRing(setup, storeId, passphrase);
  return { ring: await proposal.confirmRecoveryKey(proposal.recoveryKey), recoveryKey: proposal.recoveryKey };
}

export class MemoryKeep implements SecretKeep {
  readonly secrets = new Map<string, string>();

  get(name: string) {
    return Promise.resolve(this.secrets.get(name) ?? null);
  }

  set(name: string, secret: string) {
    this.secrets.set(name, secret);
    return Promise.resolve();
  }

  remove(name: string) {
    this.secrets.delete(name);
    return Promise.resolve();
  }
}
