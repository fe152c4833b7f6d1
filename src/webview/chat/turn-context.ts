import type { Clock } from '../../shared/ports.ts';
import type { ChatSnapshot, MemoryView } from '../../shared/protocol/chat-views.ts';
import type { Ask } from './ask.ts';

/** What every turn needs to know of the chat around it. Replaced as a whole when any of it changes. */
export interface TurnContext {
  readonly ask: Ask;
  /** Asks, and puts the memory that comes back wherever the chat shows it. */
  readonly changeMemory: (request: 'forgetMemory' | 'undoForgetMemory', id: string) => Promise<void>;
  readonly showMemory: (memory: MemoryView) => void;
  /** Says something to screen readers. */
  readonly announce: (words: string) => void;
  readonly agentName: string;
  readonly isPrivate: boolean;
  /** Nothing can be written: reading and copying only. */
  readonly isReadOnly: boolean;
  /** False for a chat that is paused, closed or in the archive: its memories can be changed, but nothing is asked in it. */
  readonly takesMessages: boolean;
  /** A model to offer where the chosen one failed; null while none is known. */
  readonly otherModel: string | null;
  readonly captureMode: ChatSnapshot['captureMode'];
  readonly showTokensPerSecond: boolean;
  readonly clock: Clock;
  /** The clock's time when the view was last drawn anew, milliseconds; moves on by the minute. */
  readonly now: number;
}

/** The current context for as long as nothing in it changes, so that turns are not drawn anew for nothing. */
export function sameOrNew(current: TurnContext | undefined, next: TurnContext): TurnContext {
  if (current === undefined) return next;
  const [before, after] = [Object.values(current), Object.values(next)];
  return before.every((value, index) => value === after[index]) ? current : next;
}
