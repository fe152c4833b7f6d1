import type { KeyRingContents } from './key-ring-contents.ts';
import type { VaultState } from './vault-state.ts';

/** How encryption is. `never`: there are no keys; `off`: there are, for what was encrypted before; `damaged`: their file cannot be read. */
export type EncryptionState = 'never' | 'on' | 'off' | 'damaged';

export interface VaultStatus {
  readonly encryption: EncryptionState;
  /** There are keys, and they are not open in this window. */
  readonly isLocked: boolean;
  /** For so many minutes more nothing opens it; null: it can be tried. */
  readonly closedMinutes: number | null;
  /** The system keeps a key, so that nobody has to type at a start. */
  readonly isRemembered: boolean;
  /** When the key was made that is in use; null without one. */
  readonly keyMadeAt: number | null;
  /** How many keys are kept for backups that were made with them. */
  readonly olderKeys: number;
}

export interface VaultFindings {
  /** What stands in the file of keys. */
  readonly found: KeyRingContents | 'none' | 'damaged';
  readonly state: VaultState;
  readonly isOpen: boolean;
  readonly now: number;
}

/** How things are, from what was found on the disk. */
export function vaultStatusOf({ found, state, isOpen, now }: VaultFindings): VaultStatus {
  const closedMinutes = state.closedUntil > now ? Math.ceil((state.closedUntil - now) / 60_000) : null;
  if (found === 'none' || found === 'damaged') {
    const encryption = found === 'none' ? 'never' : 'damaged';
    return { encryption, isLocked: found === 'damaged' && !isOpen, closedMinutes, isRemembered: false, keyMadeAt: null, olderKeys: 0 };
  }
  return {
    encryption: found.stoppedAt === null ? 'on' : 'off',
    isLocked: !isOpen,
    closedMinutes,
    isRemembered: found.locks.kept !== null,
    keyMadeAt: found.keys.find(({ id }) => id === found.active)?.madeAt ?? null,
    olderKeys: found.keys.filter(({ retiredAt }) => retiredAt !== null).length,
  };
}

/** Whether what is new is encrypted, or waits until it can be. */
export function encryptsWhatIsNew({ encryption }: Pick<VaultStatus, 'encryption'>): boolean {
  return encryption === 'on' || encryption === 'damaged';
}
