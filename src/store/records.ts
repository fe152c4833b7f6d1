import type { ErrorData } from '../shared/errors.ts';
import type { SliceKind } from './effects.ts';

/** The rows of the store as the rooms above see them. Times are milliseconds since 1970, ids are text that sorts by time. */

export type SessionStatus = 'active' | 'paused' | 'closed' | 'archived' | 'expired';

export interface Session {
  readonly id: string;
  readonly agentId: string;
  readonly title: string;
  /** Who wrote the title: nobody yet, the agent from the first exchange, or the user (never overwritten). */
  readonly titleBy: 'none' | 'agent' | 'user';
  readonly status: SessionStatus;
  /** Stored, but stays out of other chats' recall, and expires. */
  readonly temporary: boolean;
  readonly workspaceId: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number | null;
  readonly activeLeafId: string | null;
  readonly messageCount: number;
  /** Raised by each change; a change that names an older one is refused with `conflict`. */
  readonly version: number;
}

export type MessageRole = 'user' | 'assistant';

/** `streaming`: being written. `cut-off`: its writer died; what had been stored is kept. `failed`: ended with an error. */
export type MessageStatus = 'complete' | 'streaming' | 'stopped' | 'cut-off' | 'failed';

/** Who made an assistant message: a model, or recall alone while no model could be reached. */
export type MessageOrigin = 'user' | 'model' | 'recall';

export interface Attachment {
  readonly id: string;
  readonly kind: 'selection' | 'file' | 'problems';
  readonly label: string;
  readonly uri: string | null;
  readonly firstLine: number | null;
  readonly lastLine: number | null;
  readonly language: string | null;
  /** The text as it was sent. */
  readonly text: string;
  readonly tokens: number;
}

export interface ReplyStatistics {
  readonly promptTokens: number | null;
  readonly replyTokens: number | null;
  readonly loadMs: number | null;
  readonly promptMs: number | null;
  readonly replyMs: number | null;
  /** Messages and attachments that did not fit into the context and were left out of the prompt. */
  readonly omittedMessages: number;
  readonly omittedAttachments: number;
  readonly omittedMemories: number;
}

export interface Message {
  readonly id: string;
  readonly sessionId: string;
  readonly parentId: string | null;
  readonly role: MessageRole;
  readonly origin: MessageOrigin;
  readonly status: MessageStatus;
  readonly text: string;
  readonly thinking: string;
  readonly thinkingMs: number | null;
  readonly model: string | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly attachments: readonly Attachment[];
  readonly error: ErrorData | null;
  readonly statistics: ReplyStatistics | null;
  /** Slices that stood in the prompt of this reply, best first. */
  readonly memoriesUsed: readonly string[];
  /** Siblings in the order they were made (same parent, same role), this one included. */
  readonly siblings: readonly string[];
}

/** Where a slice comes from. `quote` is the exact text in the message; null where the whole message is meant. */
export type Provenance =
  | { readonly type: 'message'; readonly sessionId: string; readonly messageId: string; readonly quote: string | null }
  | { readonly type: 'editor'; readonly uri: string; readonly firstLine: number; readonly lastLine: number }
  | { readonly type: 'user' };

export type Scope =
  | { readonly type: 'shared' }
  | { readonly type: 'agent'; readonly agentId: string }
  | { readonly type: 'workspace'; readonly workspaceId: string };

/** `held`: can be recalled. `proposed`: waits for the user's yes. `forgotten`: with undo until it is wiped. */
export type SliceState = 'held' | 'proposed' | 'forgotten';

export interface Slice {
  readonly id: string;
  readonly kind: SliceKind;
  readonly state: SliceState;
  readonly text: string;
  readonly speaker: string;
  readonly scope: Scope;
  /** 0 to 1. */
  readonly importance: number;
  /** 0 to 1; how sure the capture was. Said words are 1. */
  readonly confidence: number;
  readonly provenance: Provenance;
  /** The chat's title where the provenance is a message, for showing. */
  readonly sourceTitle: string | null;
  readonly createdAt: number;
  /** When it was said or became true, and when it ceased to be. */
  readonly validFrom: number;
  readonly validTo: number | null;
  /** The slice that took its place. With `validTo` null it was merged into it: both say the same. */
  readonly supersededBy: string | null;
  readonly contradicts: readonly string[];
  readonly pinned: boolean;
  readonly recallCount: number;
  readonly forgottenAt: number | null;
  /** Out of recall since then, though never deleted; `bringBack` returns it. */
  readonly archivedAt: number | null;
  readonly expiresAt: number | null;
  readonly version: number;
}

export type JobStatus = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly payload: string;
  readonly status: JobStatus;
  /** Runs that failed since it was enqueued or retried by hand; `claim` and `release` leave it alone, `fail` adds one. */
  readonly tries: number;
  readonly runAfter: number;
  readonly holder: string | null;
  readonly leaseUntil: number | null;
  readonly error: ErrorData | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
}

/** How facts are captured: not chosen yet, asked one by one, at once with undo, or not at all. */
export type CaptureMode = 'unset' | 'ask' | 'automatic' | 'off';

export interface AgentSettings {
  readonly agentId: string;
  readonly captureMode: CaptureMode;
  readonly version: number;
}

/** What kind of file an import came from. */
export type ImportSource = 'hearthlink' | 'chatgpt' | 'claude' | 'mem0' | 'notes';
