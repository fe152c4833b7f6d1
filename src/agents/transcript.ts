import type { MessagePage, MessageRepository, NewTurn, StartedTurn } from '../store/message-port.ts';
import type { Store } from '../store/port.ts';
import type { NewSession } from '../store/session-port.ts';
import type { Clock, IdSource } from '../shared/ports.ts';
import { plainTitle } from './title.ts';

export type TranscriptTurn = Omit<NewTurn, 'sessionId' | 'newSession'>;

/** Where the messages of one conversation are kept. */
export interface Transcript extends Pick<MessageRepository, 'appendReply' | 'finishReply' | 'get' | 'path'> {
  /** Null until the first turn is started. */
  readonly sessionId: string | null;
  /** The active branch, oldest first. */
  page(query: { readonly beforeId?: string; readonly limit: number }): Promise<MessagePage>;
  startTurn(turn: TranscriptTurn): Promise<StartedTurn>;
  activate(leafId: string): Promise<void>;
}

const emptyPage: MessagePage = { messages: [], hasMore: false, total: 0 };

export interface NewChat {
  readonly agentId: string;
  readonly workspaceId: string | null;
  /** For a temporary chat: how long it is kept; null for one that stays. */
  readonly temporaryForMs: number | null;
}

/** A transcript in the store. A new chat's session is stored with its first message and not before. */
export function createStoredTranscript(
  store: Store,
  chat: { readonly sessionId: string } | NewChat,
  ports: { readonly clock: Clock; readonly ids: IdSource },
): Transcript {
  const { messages, sessions } = store;
  let sessionId = 'sessionId' in chat ? chat.sessionId : null;

  /** Kept when the first turn could not be stored: if it was after all, the next one joins it. */
  let newId: string | null = null;

  const startChat = async (newChat: NewChat, turn: TranscriptTurn): Promise<StartedTurn> => {
    const session = newSession((newId ??= ports.ids.next()), newChat, turn);
    const started = await messages.startTurn({ ...turn, sessionId: session.id, newSession: session });
    sessionId = session.id;
    return started;
  };

  return {
    get sessionId() {
      return sessionId;
    },
    async page(query) {
      return sessionId === null ? emptyPage : messages.page({ ...query, sessionId });
    },
    async startTurn(turn) {
      if (sessionId === null && !('sessionId' in chat)) return startChat(chat, turn);
      return messages.startTurn({ ...turn, sessionId: sessionId ?? '' });
    },
    async activate(leafId) {
      if (sessionId !== null) await sessions.activate({ id: sessionId, leafId, at: ports.clock.now() });
    },
    appendReply: (chunk) => messages.appendReply(chunk),
    finishReply: (end) => messages.finishReply(end),
    get: (id) => messages.get(id),
    path: (query) => messages.path(query),
  };
}

function newSession(id: string, chat: NewChat, turn: TranscriptTurn): NewSession {
  return {
    id,
    agentId: chat.agentId,
    title: plainTitle(turn.user?.text ?? ''),
    temporary: chat.temporaryForMs !== null,
    workspaceId: chat.workspaceId,
    expiresAt: chat.temporaryForMs === null ? null : turn.at + chat.temporaryForMs,
    at: turn.at,
  };
}
