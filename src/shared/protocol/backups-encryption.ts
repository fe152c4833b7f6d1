import * as z from 'zod/mini';

/** What the backups view shows of encryption, and what it can ask for. Everything that is typed is typed into VS Code's own boxes. */

export const encryptionActionSchema = z.enum(['encrypt', 'change-passphrase', 'new-recovery-key', 'new-key', 'remember', 'lock', 'unlock', 'turn-off', 'start-over', 'encrypt-store', 'decrypt-store']);

export const encryptionSchema = z.object({
  /** `off`: new backups are not encrypted, older ones may be. `damaged`: the file of keys cannot be read. */
  state: z.enum(['never', 'on', 'off', 'damaged']),
  isLocked: z.boolean(),
  /** Chats and memories themselves, where they lie. Left out: they are not. */
  isStoreEncrypted: z.optional(z.boolean()),
  /** For so many minutes more nothing opens it. */
  closedMinutes: z.nullable(z.number()),
  isRemembered: z.boolean(),
  /** When the key was made that new backups are under. */
  keyMadeAt: z.nullable(z.number()),
  /** How many keys are kept for older backups. */
  olderKeys: z.number(),
  /** After how many minutes without use it locks; 0: never by itself. */
  lockAfterMinutes: z.number(),
});

export type EncryptionAction = z.infer<typeof encryptionActionSchema>;
export type EncryptionView = z.infer<typeof encryptionSchema>;
