/** What the record of activity speaks of: who looked at or changed what, and what was refused. */
export const auditActions = [
  // memories, and the chats they come from
  'memory.used',
  'memory.searched',
  'memory.viewed',
  'memory.added',
  'memory.changed',
  'memory.forgotten',
  'memory.brought-back',
  'memory.wiped',
  'memory.exported',
  'memory.imported',
  'memory.import-undone',
  'memory.erased',
  'chat.deleted',
  'chat.brought-back',
  'chat.blanked',
  'chat.exported',
  // the store as a whole
  'store.went-on-after-damage',
  'store.checked',
  // backups and their keys
  'backup.made',
  'backup.proved',
  'backup.restored',
  'backup.deleted',
  'keys.made',
  'keys.unlocked',
  'keys.locked',
  'keys.changed',
  'settings.changed',
  // the record itself
  'record.exported',
  'record.shortened',
  'record.lost',
  'record.altered',
] as const;

export type AuditAction = (typeof auditActions)[number];

/** Something that happened, told without its content: ids, counts and names of ours, never words of a person. */
export interface AuditEvent {
  readonly action: AuditAction;
  /** `refused`: somebody was not allowed to; `failed`: it went wrong. Default: `done`. */
  readonly outcome?: 'done' | 'refused' | 'failed';
  /** Ids of what it was about; of very many the first are written, and how many there are. */
  readonly ids?: readonly string[];
  /** How many it was about, where that is not the number of ids. */
  readonly count?: number;
  /** A name of ours: an error's code, a setting, a kind of backup. Of anything that does not look like one nothing is written. */
  readonly what?: string;
}

/** Where it is noted what happened. Never throws and never waits: what is noted is on the disk within a second. */
export interface Audit {
  note(event: AuditEvent): void;
}

/** Keeps no record. */
export const noAudit: Audit = { note: () => undefined };
