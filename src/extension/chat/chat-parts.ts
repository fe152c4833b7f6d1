import type { Persona } from '../../agents/persona.ts';
import type { UnsavedTurns } from '../../agents/unsaved-turns.ts';
import type { Clock, Log } from '../../shared/ports.ts';
import type { Store } from '../../store/port.ts';
import type { Composer } from './composer.ts';
import type { Connection } from './connection.ts';
import type { MemoryActions } from './memory-actions.ts';
import type { OpenChat } from './open-chat.ts';
import type { Pull } from './pull.ts';
import type { SessionActions } from './session-actions.ts';

/** The parts of the chat, of which a window has one each, whether a view looks or not. */
export interface ChatParts {
  readonly agent: Persona;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly chat: OpenChat;
  readonly composer: Composer;
  readonly connection: Connection;
  readonly pull: Pull;
  readonly sessions: SessionActions;
  readonly memories: MemoryActions;
  readonly unsaved: UnsavedTurns;
}
