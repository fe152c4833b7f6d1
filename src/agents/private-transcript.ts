import { HearthlinkError } from '../shared/errors.ts';
import type { MessagePage, StartedTurn } from '../store/message-port.ts';
import type { Message } from '../store/records.ts';
import { blankMessage } from './blank-message.ts';
import type { Transcript, TranscriptTurn } from './transcript.ts';

/** A private chat is no session of the store; its messages carry no session's id. */
const privateSession = '';

/** A transcript that lives in memory alone, for a private chat. It is given no store, so nothing of it can reach one. */
export function createPrivateTranscript(): Transcript {
  const tree = new MessageTree();
  return {
    sessionId: null,
    async page({ beforeId, limit }) {
      return Promise.resolve(tree.page(beforeId, limit));
    },
    async startTurn(turn) {
      return Promise.resolve(tree.startTurn(turn));
    },
    async activate(leafId) {
      tree.activate(leafId);
      return Promise.resolve();
    },
    async appendReply({ messageId, text, thinking }) {
      tree.extend(messageId, text, thinking);
      return Promise.resolve();
    },
    async finishReply(end) {
      tree.extend(end.messageId, end.text, end.thinking);
      const { status, thinkingMs, model, error, statistics, memoriesUsed, at } = end;
      const origin = end.origin ?? tree.find(end.messageId).origin;
      return Promise.resolve(tree.change(end.messageId, { status, thinkingMs, model, origin, error, statistics, memoriesUsed, finishedAt: at }));
    },
    async get(id) {
      return Promise.resolve(tree.get(id));
    },
    async path({ leafId, limit }) {
      return Promise.resolve(tree.path(leafId).slice(-limit));
    },
  };
}

class MessageTree {
  readonly #messages = new Map<string, Message>();
  #leafId: string | null = null;

  startTurn({ user, reply, at }: TranscriptTurn): StartedTurn {
    const created =
      user === null
        ? null
        : this.#add({
            ...blankMessage(user.id, privateSession, at),
            parentId: user.atActiveLeaf === true ? this.#leafId : user.parentId,
            text: user.text,
            attachments: user.attachments,
            finishedAt: at,
          });
    const answer = this.#add({
      ...blankMessage(reply.id, privateSession, at),
      parentId: created === null ? reply.parentId : created.id,
      role: 'assistant',
      origin: reply.origin,
      status: 'streaming',
      model: reply.model,
    });
    this.#leafId = answer.id;
    return { user: created, reply: answer, newSession: null };
  }

  get(id: string): Message | null {
    const message = this.#messages.get(id);
    return message === undefined ? null : { ...message, siblings: this.#siblings(message) };
  }

  find(id: string): Message {
    const message = this.get(id);
    if (message === null) throw new HearthlinkError('not-found', { id });
    return message;
  }

  change(id: string, change: Partial<Message>): Message {
    this.#messages.set(id, { ...this.find(id), ...change });
    return this.find(id);
  }

  extend(id: string, text: string, thinking: string): void {
    const message = this.find(id);
    this.change(id, { text: message.text + text, thinking: message.thinking + thinking });
  }

  /** From the root to `leafId`, oldest first. */
  path(leafId: string | null): readonly Message[] {
    const path: Message[] = [];
    for (let id = leafId; id !== null; id = path.at(-1)?.parentId ?? null) path.push(this.find(id));
    return path.reverse();
  }

  page(beforeId: string | undefined, limit: number): MessagePage {
    const branch = this.path(this.#leafId);
    const end = beforeId === undefined ? branch.length : Math.max(0, branch.findIndex(({ id }) => id === beforeId));
    const start = Math.max(0, end - limit);
    return { messages: branch.slice(start, end), hasMore: start > 0, total: branch.length };
  }

  /** Makes the newest leaf below `id` the active one. */
  activate(id: string): void {
    let leaf = this.find(id).id;
    for (const { id: later } of [...this.#messages.values()]) if (this.path(later).some((message) => message.id === id)) leaf = later;
    this.#leafId = leaf;
  }

  #add(message: Message): Message {
    this.#messages.set(message.id, message);
    return this.find(message.id);
  }

  #siblings(message: Message): readonly string[] {
    return [...this.#messages.values()].filter((other) => other.parentId === message.parentId && other.role === message.role).map(({ id }) => id);
  }
}
