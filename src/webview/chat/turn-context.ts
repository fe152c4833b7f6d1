import type { ChatSnapshot } from '../../shared/protocol/chat-views.ts';
import type { Ask } from './ask.ts';

/** What every turn needs to know of the chat around it. Replaced as a whole when any of it changes. */
export interface TurnContext {
  readonly ask: Ask;
  readonly agentName: string;
  readonly isPrivate: boolean;
  readonly captureMode: ChatSnapshot['captureMode'];
  readonly showTokensPerSecond: boolean;
  /** Wall-clock time, milliseconds; moves on by the minute. */
  readonly now: number;
}
