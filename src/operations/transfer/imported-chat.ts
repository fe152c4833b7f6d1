import { createHash } from 'node:crypto';
import { derivedId } from '../../shared/ids.ts';
import type { ImportSource } from '../../store/records.ts';
import type { ExportedMemory, ExportedMessage, TransferRecord } from '../../store/transfer-records.ts';

/** A chat of another program: messages in any order, each below the one it answers. */
export interface ForeignChat {
  /** What it is called there; the same chat of a later export is found by it. */
  readonly key: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly messages: readonly ForeignMessage[];
  /** The message that is shown last there; null: the newest. */
  readonly leafKey: string | null;
}

export interface ForeignMessage {
  readonly key: string;
  readonly parentKey: string | null;
  /** Null for what is passed over (of tools, of the system, hidden): what stands below it moves up. */
  readonly role: 'user' | 'assistant' | null;
  readonly text: string;
  readonly at: number;
  readonly model: string | null;
  readonly attachments: readonly { readonly label: string; readonly text: string }[];
}

/** The agent that imported chats are continued with. */
const agentId = 'alden';
/** English prose; only the chip of an attachment shows it. */
const charactersPerToken = 4;

/** The id that something of another program has here. */
export function importedId(source: ImportSource, key: string, at: number): string {
  return derivedId(at, createHash('sha256').update(`${source}\0${key}`).digest());
}

/** A chat as records; none at all when nobody says anything in it. */
export function chatRecords(source: ImportSource, chat: ForeignChat): TransferRecord[] {
  const said = spokenTree(chat.messages);
  const last = said.at(-1);
  if (last === undefined) return [];
  const chatId = importedId(source, `chat ${chat.key}`, chat.createdAt);
  const idOf = (message: ForeignMessage): string => importedId(source, `message ${chat.key} ${message.key}`, message.at);
  const shown = said.find(({ covers }) => chat.leafKey !== null && covers.includes(chat.leafKey)) ?? last;
  return [
    {
      type: 'chat',
      id: chatId,
      agentId,
      title: chat.title,
      titleBy: chat.title.trim() === '' ? 'none' : 'user',
      status: 'active',
      temporary: false,
      workspaceId: null,
      createdAt: chat.createdAt,
      updatedAt: chat.updatedAt,
      expiresAt: null,
      activeLeafId: idOf(shown.message),
    },
    ...said.map(({ message, parent }) => messageRecord({ chatId, id: idOf(message), parentId: parent === null ? null : idOf(parent), message })),
  ];
}

interface Spoken {
  readonly message: ForeignMessage;
  readonly parent: ForeignMessage | null;
  /** Keys of the messages whose words stand in it. */
  readonly covers: readonly string[];
}

/**
 * What was said, parents first: what is passed over is bridged, and an answer that was written in several messages, with the
 * work of tools in between, becomes one. A message whose parents form a ring, or are missing, begins a branch.
 */
function spokenTree(messages: readonly ForeignMessage[]): Spoken[] {
  const byKey = new Map(messages.map((message) => [message.key, message]));
  const children = Map.groupBy(messages, ({ parentKey }) => (parentKey !== null && byKey.has(parentKey) ? parentKey : null));
  const spoken: Spoken[] = [];
  const seen = new Set<string>();
  const open: { readonly message: ForeignMessage; readonly above: number | null }[] = [];
  const begin = (roots: readonly ForeignMessage[], above: number | null): void => {
    for (const message of roots.toReversed()) if (!seen.has(message.key)) open.push({ message, above });
  };
  const walk = (): void => {
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next.message.key)) continue;
      seen.add(next.message.key);
      const below = children.get(next.message.key) ?? [];
      begin(below, isSaid(next.message) ? said(next.message, next.above) : next.above);
    }
  };
  const said = (message: ForeignMessage, above: number | null): number => {
    const parent = above === null ? undefined : spoken[above];
    if (above !== null && parent !== undefined && continues(message, parent, children)) {
      const text = `${parent.message.text}\n\n${message.text}`;
      const attachments = [...parent.message.attachments, ...message.attachments];
      spoken[above] = { ...parent, message: { ...parent.message, text, attachments }, covers: [...parent.covers, message.key] };
      return above;
    }
    return spoken.push({ message, parent: parent?.message ?? null, covers: [message.key] }) - 1;
  };
  begin(children.get(null) ?? [], null);
  walk();
  for (const message of messages) {
    begin([message], null);
    walk();
  }
  return spoken;
}

function isSaid({ role, text, attachments }: ForeignMessage): boolean {
  return role !== null && (text.trim() !== '' || attachments.length > 0);
}

/** Another message of the same answer, where nothing else was said in its place. */
function continues(message: ForeignMessage, { message: parent, covers }: Spoken, children: ReadonlyMap<string | null, readonly ForeignMessage[]>): boolean {
  const isOnlyChild = [...covers, message.parentKey].every((key) => (children.get(key)?.length ?? 0) <= 1);
  return message.role === 'assistant' && parent.role === 'assistant' && isOnlyChild;
}

function messageRecord(place: { chatId: string; id: string; parentId: string | null; message: ForeignMessage }): ExportedMessage & { type: 'message' } {
  const { chatId, id, parentId, message } = place;
  const role = message.role ?? 'user';
  return {
    type: 'message',
    id,
    chatId,
    parentId,
    role,
    origin: role === 'user' ? 'user' : 'model',
    status: 'complete',
    text: message.text,
    thinking: '',
    thinkingMs: null,
    model: message.model,
    createdAt: message.at,
    finishedAt: message.at,
    attachments: message.attachments.map(({ label, text }, i) => ({
      id: `${id}-${i}`,
      kind: 'file',
      label,
      uri: null,
      firstLine: null,
      lastLine: null,
      language: null,
      text,
      tokens: Math.ceil(text.length / charactersPerToken),
    })),
    error: null,
    statistics: null,
    memoriesUsed: [],
  };
}

/** A memory that came in by itself: a fact that the person kept elsewhere. */
export function memoryRecord(memory: Pick<ExportedMemory, 'id' | 'createdAt' | 'provenance'> & { readonly text: string }): ExportedMemory & { type: 'memory' } {
  return {
    type: 'memory',
    kind: 'semantic',
    state: 'held',
    speaker: 'user',
    scope: 'shared',
    importance: 0.5,
    confidence: 1,
    validFrom: memory.createdAt,
    validTo: null,
    supersededBy: null,
    contradicts: [],
    pinned: false,
    recallCount: 0,
    expiresAt: null,
    archivedAt: null,
    version: 1,
    versions: [],
    ...memory,
  };
}
