import { HearthlinkError } from '../../shared/errors.ts';
import type { KeyQuestions } from './key-questions.ts';
import type { Vault } from './vault.ts';

/**
 * What a person does with encryption, from the first question to the last. Each answers what came of it; null where they turned away, and
 * then nothing has changed but what they had finished.
 */

export type KeyOutcome =
  | 'encrypted' | 'already-encrypted' | 'resumed' | 'passphrase-changed' | 'recovery-key-changed' | 'new-key'
  | 'remembered' | 'not-remembered' | 'locked' | 'unlocked' | 'adopted' | 'already-unlocked' | 'turned-off' | 'started-over' | 'not-encrypted' | 'no-copy';

export type Outcome = Promise<KeyOutcome | null>;

type Keys = Pick<
  Vault,
  | 'status' | 'propose' | 'resumeEncrypting' | 'remember' | 'stopRemembering' | 'unlock' | 'unlockCopy' | 'closedRings' | 'check'
  | 'changePassphrase' | 'proposeRecoveryKey' | 'makeNewKey' | 'lock' | 'stopEncrypting' | 'startOver'
>;

/** Backups are encrypted from now on. Where there were keys before, with those. */
export async function encrypt(keys: Keys, ask: KeyQuestions): Outcome {
  const { encryption } = await keys.status();
  if (encryption === 'on' || encryption === 'damaged') return (await isOpen(keys, ask)) ? 'already-encrypted' : null;
  if (encryption === 'off') {
    if (!(await isOpen(keys, ask))) return null;
    await keys.resumeEncrypting();
    return 'resumed';
  }
  const passphrase = await ask.newPassphrase();
  if (passphrase === null) return null;
  const { recoveryKey, confirmRecoveryKey } = await keys.propose(passphrase);
  if (!(await ask.showRecoveryKey(recoveryKey)) || !(await ask.recoveryKeyAgain(confirmRecoveryKey))) return null;
  if ((await ask.remember()) === true) await keys.remember();
  return 'encrypted';
}

export async function changePassphrase(keys: Keys, ask: KeyQuestions): Outcome {
  if (await isWithoutKeys(keys)) return 'not-encrypted';
  if (!(await isTheirs(keys, ask))) return null;
  const passphrase = await ask.newPassphrase();
  if (passphrase === null) return null;
  await keys.changePassphrase(passphrase);
  return 'passphrase-changed';
}

export async function newRecoveryKey(keys: Keys, ask: KeyQuestions): Outcome {
  if (await isWithoutKeys(keys)) return 'not-encrypted';
  if (!(await isTheirs(keys, ask))) return null;
  const { recoveryKey, confirmRecoveryKey } = keys.proposeRecoveryKey();
  if (!(await ask.showRecoveryKey(recoveryKey)) || !(await ask.recoveryKeyAgain(confirmRecoveryKey))) return null;
  return 'recovery-key-changed';
}

/** What is new is encrypted with another key from now on. */
export async function makeNewKey(keys: Keys, ask: KeyQuestions): Outcome {
  if (await isWithoutKeys(keys)) return 'not-encrypted';
  if (!(await isOpen(keys, ask)) || !(await ask.newKey())) return null;
  await keys.makeNewKey();
  return 'new-key';
}

/** Has the system keep a key, or keep it no longer. */
export async function remember(keys: Keys, ask: KeyQuestions): Outcome {
  if (await isWithoutKeys(keys)) return 'not-encrypted';
  if (!(await isOpen(keys, ask))) return null;
  switch (await ask.remember()) {
    case null:
      return null;
    case true:
      await keys.remember();
      return 'remembered';
    case false:
      await keys.stopRemembering();
      return 'not-remembered';
  }
}

export async function lock(keys: Keys): Outcome {
  if (await isWithoutKeys(keys)) return 'not-encrypted';
  await keys.lock();
  return 'locked';
}

/** Opens our own keys, and those of other machines whose backups are here; where our own are damaged or lost, by a copy. */
export async function unlock(keys: Keys, ask: KeyQuestions): Outcome {
  const { encryption, isLocked } = await keys.status();
  const hasKeys = encryption === 'on' || encryption === 'off';
  if (hasKeys && !(await isOpen(keys, ask))) return null;
  let outcome: KeyOutcome = hasKeys ? (isLocked ? 'unlocked' : 'already-unlocked') : 'not-encrypted';
  const others = await keys.closedRings();
  for (const { copy, backups } of others) {
    if (copy === null) continue;
    if (!(await ask.secret({ type: 'other-backups', backups }, (typed) => keys.unlockCopy(typed, copy)))) return outcome === 'unlocked' ? outcome : null;
    outcome = hasKeys ? 'unlocked' : 'adopted';
  }
  if (outcome !== 'not-encrypted' && outcome !== 'already-unlocked') return outcome;
  if (encryption === 'damaged') throw new HearthlinkError('keys-damaged');
  return others.length > 0 ? 'no-copy' : outcome;
}

/** Whether there are backups that `unlock` may open. */
export async function hasLockedBackups(keys: Pick<Vault, 'status' | 'closedRings'>): Promise<boolean> {
  const { isLocked } = await keys.status();
  return isLocked || (await keys.closedRings()).some(({ copy }) => copy !== null);
}

/** What is new is not encrypted any more. */
export async function turnOff(keys: Keys, ask: KeyQuestions): Outcome {
  const { encryption } = await keys.status();
  if (encryption === 'never' || encryption === 'off') return 'not-encrypted';
  if (!(await isOpen(keys, ask)) || !(await ask.turnOff())) return null;
  await keys.stopEncrypting();
  return 'turned-off';
}

/** For who has lost all that opens the keys, or the keys: backups are made again, and not encrypted. */
export async function startOver(keys: Keys, ask: KeyQuestions): Outcome {
  if (await isWithoutKeys(keys)) return 'not-encrypted';
  if (!(await ask.startOver())) return null;
  await keys.startOver();
  return 'started-over';
}

async function isWithoutKeys(keys: Keys): Promise<boolean> {
  return (await keys.status()).encryption === 'never';
}

/** @throws keys-damaged */
async function isOpen(keys: Keys, ask: KeyQuestions): Promise<boolean> {
  const { encryption, isLocked } = await keys.status();
  if (encryption === 'damaged') throw new HearthlinkError('keys-damaged');
  return !isLocked || ask.secret({ type: 'unlock' }, (typed) => keys.unlock(typed));
}

/** Open, and whoever sits here knows what opens it. */
async function isTheirs(keys: Keys, ask: KeyQuestions): Promise<boolean> {
  const { isLocked } = await keys.status();
  return isLocked ? isOpen(keys, ask) : ask.secret({ type: 'change' }, (typed) => keys.check(typed));
}
