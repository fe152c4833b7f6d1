import { createConversation, createPrivateConversation, type Conversation, type StoredConversationParts } from '../../agents/conversation.ts';
import type { ChatKind } from './open-chat.ts';

const dayMs = 24 * 60 * 60 * 1000;

export interface ConversationSources extends StoredConversationParts {
  /** The scope of the open folder; null without one. */
  readonly workspaceId: () => string | null;
  readonly temporaryChatDays: () => number;
}

/** Makes conversations, and gives the same one back while a reply runs in it, so that the reply is followed after a switch. */
export class Conversations {
  readonly #sources: ConversationSources;
  readonly #running = new Map<string, Conversation>();

  constructor(sources: ConversationSources) {
    this.#sources = sources;
  }

  open(kind: ChatKind): Conversation {
    if (kind.private) return createPrivateConversation(this.#sources);
    const held = kind.sessionId === null ? undefined : this.#running.get(kind.sessionId);
    const conversation = held ?? this.#create(kind);
    if (held === undefined) this.#holdWhileRunning(conversation);
    return conversation;
  }

  #create({ sessionId, temporary }: ChatKind): Conversation {
    const { workspaceId, temporaryChatDays } = this.#sources;
    if (sessionId !== null) return createConversation(this.#sources, { sessionId });
    return createConversation(this.#sources, { workspaceId: workspaceId(), temporaryForMs: temporary ? temporaryChatDays() * dayMs : null });
  }

  #holdWhileRunning(conversation: Conversation): void {
    conversation.onDidHappen((event) => {
      const { sessionId, running } = conversation;
      if (sessionId === null) return;
      if (event.type === 'started') this.#running.set(sessionId, conversation);
      else if (event.type === 'finished' && running.length <= 1) this.#running.delete(sessionId);
    });
  }
}
