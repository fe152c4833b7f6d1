import type { MessagePage } from './message-port.ts';
import type { Attachment, Message } from './records.ts';

/**
 * A page of messages without the names of fields, which are the same for each of them and take SQLite longer to write than
 * what stands in them, and in no order, which it would take SQLite a copy of every text to make.
 */
export interface PackedMessagePage {
  readonly sessionId: string;
  readonly total: number;
  readonly hasMore: boolean;
  readonly messages: readonly PackedMessage[];
  /** Of messages that have more siblings than themselves. */
  readonly siblings: readonly (readonly [messageId: string, siblings: readonly string[]])[];
}

/** What a message is packed as, in the order of `packedFields`. A list of which it has nothing may be null. */
export type PackedMessage = ValuesOf<typeof packedFields>;

interface PackedValues extends Omit<Message, 'attachments' | 'memoriesUsed'> {
  readonly depth: number;
  readonly attachments: readonly (readonly [ordinal: number, attachment: Attachment])[] | null;
  readonly memoriesUsed: readonly (readonly [rank: number, sliceId: string])[] | null;
}

export const packedFields = [
  'depth', 'id', 'parentId', 'role', 'origin', 'status', 'text', 'thinking', 'thinkingMs', 'model', 'createdAt', 'finishedAt', 'error',
  'statistics', 'attachments', 'memoriesUsed',
] as const satisfies readonly (keyof PackedValues)[];

export type PackedField = (typeof packedFields)[number];
type ValuesOf<Fields extends readonly (keyof PackedValues)[]> = { readonly [Place in keyof Fields]: PackedValues[Fields[Place]] };

/** @param json a `PackedMessagePage` */
export function unpackMessagePage(json: string): MessagePage {
  // Whoever writes it is built together with this, from the same list of fields.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment
  const page: PackedMessagePage = JSON.parse(json);
  const siblings = new Map(page.siblings);
  const inOrder = page.messages.toSorted(([depth], [other]) => depth - other);
  return { messages: inOrder.map((packed) => unpacked(packed, page.sessionId, siblings)), hasMore: page.hasMore, total: page.total };
}

function unpacked(packed: PackedMessage, sessionId: string, siblings: ReadonlyMap<string, readonly string[]>): Message {
  const [, id, parentId, role, origin, status, text, thinking, thinkingMs, model, createdAt, finishedAt, error, statistics, attachments, uses] = packed;
  return {
    id, sessionId, parentId, role, origin, status, text, thinking, thinkingMs, model, createdAt, finishedAt,
    attachments: inPlace(attachments),
    error,
    statistics,
    memoriesUsed: inPlace(uses),
    siblings: siblings.get(id) ?? [id],
  };
}

/** What stands at places, in their order. */
function inPlace<Value>(placed: readonly (readonly [place: number, value: Value])[] | null): Value[] {
  return (placed ?? []).toSorted(([place], [other]) => place - other).map(([, value]) => value);
}
