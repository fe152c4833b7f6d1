/** What for the passphrase or the recovery key is asked. */
export type SecretPurpose =
  | { readonly type: 'unlock' }
  /** To change something, although it is unlocked: whoever sits here may be somebody else. */
  | { readonly type: 'change' }
  /** For backups that another machine, or this one before, has encrypted. */
  | { readonly type: 'other-backups'; readonly backups: number };

/**
 * What is asked of a person about keys. A question that they turn away from answers null or false. Where there is a `take`, the question
 * stays until that passes; what it throws is said beside the question, to be answered again.
 */
export interface KeyQuestions {
  /** For a new passphrase, strong enough, and typed twice. */
  newPassphrase(): Promise<string | null>;
  /** Shows a recovery key, the only time, to be kept where its reader finds it again. */
  showRecoveryKey(recoveryKey: string): Promise<boolean>;
  recoveryKeyAgain(take: (typed: string) => Promise<void>): Promise<boolean>;
  secret(purpose: SecretPurpose, take: (typed: string) => Promise<void>): Promise<boolean>;
  /** Whether the system should keep a key, so that nobody has to type at a start. */
  remember(): Promise<boolean | null>;
  newKey(): Promise<boolean>;
  /** With a word to be typed. */
  turnOff(): Promise<boolean>;
  /** With a word to be typed. */
  startOver(): Promise<boolean>;
}
