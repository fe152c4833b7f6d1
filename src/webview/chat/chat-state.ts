import type { EventData } from '../../shared/protocol/channel.ts';
import type { ChatProtocol } from '../../shared/protocol/chat.ts';
import type { CapturedView, ChatSnapshot, MemoryView, MessageView } from '../../shared/protocol/chat-views.ts';

export type Delta = EventData<ChatProtocol, 'delta'>;
export type Waiting = EventData<ChatProtocol, 'waiting'>;

/** What the extension told the view, brought up to date by its events. Plain data; every change makes a new object. */
export interface ChatState extends ChatSnapshot {
  /** Why the reply at the end has not begun. */
  readonly waiting: Waiting | null;
}

export function fromSnapshot(snapshot: ChatSnapshot): ChatState {
  return { ...snapshot, waiting: null };
}

/** New and changed messages: a known id is replaced where it stands, an unknown one is appended. */
export function withMessages(state: ChatState, changed: readonly MessageView[], total: number): ChatState {
  const messages = [...state.messages];
  for (const message of changed) {
    const index = indexOf(messages, message.id);
    if (index === -1) messages.push(message);
    else messages[index] = message;
  }
  const waitingFor = state.waiting === null ? undefined : changed.find(({ id }) => id === state.waiting?.messageId);
  const begun = waitingFor !== undefined && (waitingFor.status !== 'streaming' || hasBegun(waitingFor));
  return { ...state, messages, total, waiting: begun ? null : state.waiting };
}

/** A page of earlier messages, put in front. What is already there is left out, whatever the extension sent twice. */
export function withOlder(state: ChatState, older: readonly MessageView[], hasMore: boolean): ChatState {
  const known = new Set(state.messages.map(({ id }) => id));
  const messages = [...older.filter(({ id }) => !known.has(id)), ...state.messages];
  return { ...state, messages, hasMore };
}

/**
 * Text that was added to a streaming reply, put where it belongs: what a snapshot brought already is not put there again. Undefined
 * when the delta does not reach back to what the view has: something was missed, and only a snapshot helps.
 */
export function withDelta(state: ChatState, delta: Delta): ChatState | undefined {
  const index = indexOf(state.messages, delta.messageId);
  const message = state.messages[index];
  if (message === undefined || delta.length > message.text.length) return undefined;
  const known = message.text.length - delta.length;
  const grown = { ...message, text: message.text + delta.text.slice(known), thinking: known === 0 ? message.thinking + delta.thinking : message.thinking };
  const begun = state.waiting?.messageId === delta.messageId;
  return { ...state, messages: state.messages.with(index, grown), waiting: begun ? null : state.waiting };
}

/** A memory that was edited, forgotten or brought back, wherever it is shown. */
export function withMemory(state: ChatState, memory: MemoryView): ChatState {
  const messages = state.messages.map((message) =>
    message.memories.some(({ id }) => id === memory.id)
      ? { ...message, memories: message.memories.map((old) => (old.id === memory.id ? memory : old)) }
      : message,
  );
  return { ...state, messages };
}

export function withCaptured(state: ChatState, messageId: string, captured: readonly CapturedView[]): ChatState {
  const index = indexOf(state.messages, messageId);
  const message = state.messages[index];
  return message === undefined ? state : { ...state, messages: state.messages.with(index, { ...message, captured: [...captured] }) };
}

/** The reply that is being written, if one is. */
export function streamingReply(state: ChatState): MessageView | undefined {
  const last = state.messages.at(-1);
  return last?.status === 'streaming' ? last : undefined;
}

/** What the disk refuses is kept in memory; of a store that cannot be read a person has to decide first. */
export function isUnreadable({ state }: ChatSnapshot['store']): boolean {
  return state === 'damaged' || state === 'newer-schema' || state === 'locked';
}

function hasBegun(message: MessageView): boolean {
  return message.text !== '' || message.thinking !== '';
}

/** From the end, where nearly every change happens; -1 when there is none. */
function indexOf(messages: readonly MessageView[], id: string): number {
  return messages.findLastIndex((message) => message.id === id);
}
