import { maskSecrets } from '../../memory/secrets.ts';
import type { AttachmentView, CapturedView, MemoryView, MessageView, SecretView, SessionView } from '../../shared/protocol/chat-views.ts';
import type { Attachment, Message, ReplyStatistics, Session, Slice } from '../../store/records.ts';
import type { SliceRepository } from '../../store/slice-port.ts';

/** What the mapping needs beside the rows. */
export interface ViewContext {
  readonly store: { readonly slices: Pick<SliceRepository, 'get' | 'list'> };
  /** How long after forgetting a memory can be brought back, in milliseconds. */
  readonly undoMs: number;
  findSecrets(text: string): readonly SecretView[];
  /** Whether a message is in memory alone. */
  isUnsaved(messageId: string): boolean;
}

/**
 * Stored messages as the view shows them: each reply with the memories it used and the facts found in what it answers.
 * A few reads of the store, however many messages.
 */
export async function messageViews(context: ViewContext, messages: readonly Message[]): Promise<MessageView[]> {
  const usedIds = [...new Set(messages.flatMap(({ memoriesUsed }) => memoriesUsed))];
  // Of what is not saved nothing can have been learned, and a store that refuses it may not be readable either.
  const answered = messages.filter(({ id, role }) => role === 'assistant' && !context.isUnsaved(id));
  const questionIds = [...new Set(answered.flatMap(({ parentId }) => parentId ?? []))];
  const [used, found] = await Promise.all([
    currentSlices(context.store, usedIds),
    questionIds.length === 0 ? [] : capturedFrom(context.store, questionIds),
  ]);
  return messages.map((message) => ({
    id: message.id,
    role: message.role,
    origin: message.origin,
    status: message.status,
    text: message.text,
    thinking: message.thinking,
    thinkingMs: message.thinkingMs,
    model: message.model,
    at: message.createdAt,
    attachments: message.attachments.map(attachmentView),
    error: message.error,
    memories: message.memoriesUsed.map((id) => {
      const slice = used.get(id);
      return slice === undefined ? wipedMemory(id) : memoryView(slice, context.undoMs);
    }),
    captured: message.role === 'assistant' ? found.filter((slice) => cameFrom(slice, message.parentId)).map(capturedView) : [],
    secrets: message.role === 'user' ? [...context.findSecrets(message.text)] : [],
    siblings: [...message.siblings],
    tokensPerSecond: tokensPerSecond(message.statistics),
    omitted: {
      messages: message.statistics?.omittedMessages ?? 0,
      attachments: message.statistics?.omittedAttachments ?? 0,
      memories: message.statistics?.omittedMemories ?? 0,
    },
    unsaved: context.isUnsaved(message.id),
  }));
}

/** The slices by id; for one that was corrected since, the one that holds now. */
async function currentSlices(store: ViewContext['store'], ids: readonly string[]): Promise<ReadonlyMap<string, Slice>> {
  if (ids.length === 0) return new Map();
  const slices = await store.slices.get(ids);
  const newer = slices.flatMap(({ supersededBy }) => supersededBy ?? []);
  const corrections = new Map((newer.length === 0 ? [] : await store.slices.get(newer)).map((slice) => [slice.id, slice]));
  return new Map(slices.map((slice) => [slice.id, corrections.get(slice.supersededBy ?? '') ?? slice]));
}

/** A slice as it is quoted in a view; what looks like a secret in it is masked. */
export function memoryView(slice: Slice, undoMs: number, words: readonly string[] = []): MemoryView {
  return {
    id: slice.id,
    text: maskSecrets(slice.text),
    verbatim: slice.kind === 'episodic',
    speaker: slice.speaker === 'user' ? 'user' : 'agent',
    at: slice.validFrom,
    source: sourceOf(slice),
    state: slice.state === 'forgotten' ? (slice.text === '' ? 'wiped' : 'forgotten') : 'held',
    undoUntil: slice.forgottenAt === null ? null : slice.forgottenAt + undoMs,
    contradicts: slice.contradicts.length > 0,
    words: [...words],
  };
}

export function capturedView(slice: Slice): CapturedView {
  return {
    sliceId: slice.id,
    text: slice.text,
    state: slice.state === 'proposed' ? 'proposed' : slice.state === 'held' ? 'held' : 'undone',
    contradicts: slice.contradicts.length > 0,
  };
}

export function attachmentView({ id, kind, label, tokens }: Attachment): AttachmentView {
  return { id, kind, label, tokens };
}

export function sessionView(session: Session): SessionView {
  const { id, title, status, temporary, updatedAt } = session;
  return { id, title, status, temporary, private: false, updatedAt };
}

/** Facts made of these user messages; the messages themselves are no finds. */
export async function capturedFrom(store: ViewContext['store'], messageIds: readonly string[]): Promise<readonly Slice[]> {
  const { slices } = await store.slices.list({
    limit: 500,
    offset: 0,
    messageIds,
    kinds: ['semantic', 'procedural', 'working'],
    states: ['held', 'proposed'],
  });
  return slices;
}

/** The memory whose text is gone: it keeps its place, so that the reader sees that something stood there. */
function wipedMemory(id: string): MemoryView {
  return {
    id,
    text: '',
    verbatim: false,
    speaker: 'user',
    at: 0,
    source: { type: 'user', title: '', canOpen: false },
    state: 'wiped',
    undoUntil: null,
    contradicts: false,
    words: [],
  };
}

function cameFrom(slice: Slice, messageId: string | null): boolean {
  return slice.provenance.type === 'message' && slice.provenance.messageId === messageId;
}

function sourceOf({ provenance, sourceTitle }: Slice): MemoryView['source'] {
  switch (provenance.type) {
    case 'message':
      return { type: 'chat', title: sourceTitle ?? '', canOpen: sourceTitle !== null };
    case 'editor':
      return { type: 'editor', title: provenance.uri.split('/').at(-1) ?? provenance.uri, canOpen: true };
    case 'user':
      return { type: 'user', title: '', canOpen: false };
  }
}

function tokensPerSecond(statistics: ReplyStatistics | null): number | null {
  if (statistics?.replyTokens === null || statistics?.replyTokens === undefined || statistics.replyMs === null || statistics.replyMs <= 0) return null;
  return (statistics.replyTokens / statistics.replyMs) * 1000;
}
