import type { Generated, Selectable } from 'kysely';

import type { SliceKind } from '../effects.ts';
import type {
  Attachment,
  CaptureMode,
  ImportSource,
  JobStatus,
  MessageOrigin,
  MessageRole,
  MessageStatus,
  Provenance,
  Session,
  SessionStatus,
  SliceState,
} from '../records.ts';

/**
 * The tables as Kysely sees them; `migrations.ts` makes them. Times are milliseconds since 1970, yes and no are 1 and 0, and
 * `row` numbers rows in the order they were written, which is the same on every replica.
 */
export interface StoreSchema {
  session: SessionTable;
  message: MessageTable;
  attachment: AttachmentTable;
  memory_use: MemoryUseTable;
  slice: SliceTable;
  slice_version: SliceVersionTable;
  slice_merge: SliceMergeTable;
  contradiction: ContradictionTable;
  tombstone: TombstoneTable;
  vector_model: VectorModelTable;
  embedded: EmbeddedTable;
  job: JobTable;
  lease: LeaseTable;
  agent: AgentTable;
  store_secret: StoreSecretTable;
  pending_purge: PendingPurgeTable;
  last_purge: LastPurgeTable;
  import: ImportTable;
  import_item: ImportItemTable;
}

export interface SessionTable {
  id: string;
  agent_id: string;
  title: string;
  title_by: Session['titleBy'];
  status: SessionStatus;
  temporary: number;
  workspace_id: string | null;
  created_at: number;
  updated_at: number;
  expires_at: number | null;
  /** Out of every list from then on; its rows go with the wipe after the time for undo. */
  deleted_at: number | null;
  active_leaf_id: string | null;
  /** On all branches. */
  message_count: number;
  version: number;
}

export interface MessageTable {
  row: Generated<number>;
  id: string;
  session_id: string;
  parent_id: string | null;
  /** Messages above it: 0 for the first. */
  depth: number;
  /** 1 on the path from the first message to the session's active leaf. */
  active: number;
  role: MessageRole;
  origin: MessageOrigin;
  status: MessageStatus;
  /** A reply's text grows by `text || ?`: the journal holds each chunk once, and nothing needs to be folded at the end. */
  text: string;
  thinking: string;
  /** Chunks of the reply so far; the next one must carry this number. */
  chunks: number;
  thinking_ms: number | null;
  model: string | null;
  created_at: number;
  finished_at: number | null;
  /** The window that writes the reply. */
  holder: string | null;
  /** Set while the reply is being written; when it has passed, the writer counts as gone. */
  lease_until: number | null;
  /** ErrorData as JSON. */
  error: string | null;
  /** ReplyStatistics as JSON. */
  statistics: string | null;
}

export interface AttachmentTable {
  row: Generated<number>;
  message_id: string;
  ordinal: number;
  id: string;
  kind: Attachment['kind'];
  label: string;
  uri: string | null;
  first_line: number | null;
  last_line: number | null;
  language: string | null;
  text: string;
  tokens: number;
}

/** The slices that stood in the prompt of a reply, best (0) first. */
export interface MemoryUseTable {
  message_id: string;
  rank: number;
  slice_id: string;
}

export interface SliceTable {
  row: Generated<number>;
  id: string;
  kind: SliceKind;
  state: SliceState;
  /** What it was before it was forgotten, for undo. */
  state_before: SliceState | null;
  /** Null for a turn: its text is its message's. */
  text: string | null;
  speaker: string;
  /** `shared`, `agent:<id>` or `workspace:<id>`. */
  scope: string;
  importance: number;
  confidence: number;
  source: Provenance['type'];
  session_id: string | null;
  message_id: string | null;
  quote: string | null;
  uri: string | null;
  first_line: number | null;
  last_line: number | null;
  created_at: number;
  valid_from: number;
  valid_to: number | null;
  superseded_by: string | null;
  pinned: number;
  recall_count: number;
  forgotten_at: number | null;
  undo_until: number | null;
  /** The session whose deletion took this fact along; undoing the deletion brings it back. */
  forgotten_with: string | null;
  expires_at: number | null;
  /** 1 while the session that a turn belongs to is deleted or expired. */
  hidden: number;
  /** The model whose vector it was given last; null: it has none of any model. */
  embedded_by: number | null;
  /** Keyed hash of the normalised text; null for a turn. Finds what is said twice. */
  fingerprint: string | null;
  /** Out of recall from then on, and kept; the time of the tidying that did it. */
  archived_at: number | null;
  /** 1 for a proposal that was refused: forgotten itself, while the words it was taken from stay. */
  rejected: number;
  version: number;
}

/** What a slice said before it was edited. */
export interface SliceVersionTable {
  slice_id: string;
  version: number;
  text: string;
  replaced_at: number;
}

/** A slice that says the same as another and left recall for it. Both keep where they come from. */
export interface SliceMergeTable {
  merged_id: string;
  kept_id: string;
  /** The time of the tidying or the merge that did it; what was done at one time is undone together. */
  at: number;
  /** What the kept one was like before. */
  kept_importance: number;
  kept_pinned: number;
}

/** Each pair stands twice, once from either side. */
export interface ContradictionTable {
  slice_id: string;
  other_id: string;
}

/** What must not be learned again, without saying what it was. */
export interface TombstoneTable {
  fingerprint: string;
  at: number;
}

export interface VectorModelTable {
  id: Generated<number>;
  digest: string;
}

/** Which slices have a vector of which model; the vectors themselves stand outside SQLite. */
export interface EmbeddedTable {
  model_id: number;
  slice_row: number;
}

export interface JobTable {
  id: string;
  kind: string;
  key: string | null;
  payload: string;
  status: JobStatus;
  tries: number;
  run_after: number;
  holder: string | null;
  lease_until: number | null;
  /** ErrorData as JSON. */
  error: string | null;
  created_at: number;
  updated_at: number;
  version: number;
}

export interface LeaseTable {
  name: string;
  holder: string;
  until: number;
}

export interface AgentTable {
  id: string;
  capture_mode: CaptureMode;
  updated_at: number;
  version: number;
}

export interface StoreSecretTable {
  name: string;
  value: Uint8Array;
}

/** One row while files of the store still hold what was wiped from the rows. */
export interface PendingPurgeTable {
  id: number;
  since: number;
}

/** One row, once something was purged. */
export interface LastPurgeTable {
  id: number;
  at: number;
}

/** Something that was brought in from a file, which can be taken out again as one step. */
export interface ImportTable {
  id: string;
  source: ImportSource;
  /** The file's name, without its folder. */
  name: string;
  at: number;
  undone_at: number | null;
}

export interface ImportItemTable {
  import_id: string;
  kind: 'session' | 'message' | 'slice';
  item_id: string;
}

export type SessionRow = Selectable<SessionTable>;
export type MessageRow = Selectable<MessageTable>;
/** A row before the database has numbered it. */
export type NewMessageRow = Omit<MessageRow, 'row'>;
export type NewSliceRow = Omit<SliceRow, 'row'>;
export type AttachmentRow = Selectable<AttachmentTable>;
export type SliceRow = Selectable<SliceTable>;
export type SliceMergeRow = Selectable<SliceMergeTable>;
export type JobRow = Selectable<JobTable>;
