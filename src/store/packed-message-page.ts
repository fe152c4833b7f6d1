import type { MessagePage } from './message-port.ts';
import type { Attachment, Message } from './records.ts';

/**
 * A page of messages without the names of fields, which are the same for each of them and take SQLite longer to write than
 * what stands in them, and in no order, which it would take SQLite a copy of every text to make. Their texts are not in it:
 * they follow as they are, one behind the other, since writing them as JSON and parsing that takes longer than all the rest.
 */
export interface PackedMessagePage {
  readonly sessionId: string;
  readonly total: number;
  readonly hasMore: boolean;
  readonly messages: readonly PackedMessage[];
  /** Of messages that have any. */
  readonly lists: readonly PackedLists[];
  /** Of messages that have more siblings than themselves. */
  readonly siblings: readonly (readonly [messageId: string, siblings: readonly string[]])[];
}

/** What a message is packed as, in the order of `packedFields`. */
export type PackedMessage = ValuesOf<typeof packedFields>;

interface PackedValues extends Omit<Message, 'text'> {
  readonly depth: number;
  /** How long its text is in UTF-8. */
  readonly textBytes: number;
}

export const packedFields = [
  'depth', 'id', 'parentId', 'role', 'origin', 'status', 'textBytes', 'thinking', 'thinkingMs', 'model', 'createdAt', 'finishedAt', 'error',
  'statistics',
] as const satisfies readonly (keyof PackedValues)[];

export type PackedField = (typeof packedFields)[number];
type ValuesOf<Fields extends readonly (keyof PackedValues)[]> = { readonly [Place in keyof Fields]: PackedValues[Fields[Place]] };

export type PackedLists = readonly [
  messageId: string,
  attachments: readonly (readonly [ordinal: number, attachment: Attachment])[],
  memoriesUsed: readonly (readonly [rank: number, sliceId: string])[],
];

/** Stands before the texts: a decoder takes a byte order mark away that a text begins with, if it is the first of all. */
export const beforeTexts = '|';

/**
 * @param json a `PackedMessagePage`
 * @param texts of its messages, in the order in which they are packed, behind `beforeTexts`
 */
export function unpackMessagePage([json = '', texts = '']: readonly string[]): MessagePage {
  // Whoever writes it is built together with this, from the same list of fields.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment
  const page: PackedMessagePage = JSON.parse(json);
  const { sessionId, hasMore, total } = page;
  const siblings = new Map(page.siblings);
  const lists = new Map(page.lists.map((of) => [of[0], of]));
  const cut = textCutter(texts, page.messages.reduce((sum, [, , , , , , bytes]) => sum + bytes, beforeTexts.length));
  let end = beforeTexts.length;
  const placed = page.messages.map((packed): readonly [depth: number, message: Message] => {
    const [depth, id, parentId, role, origin, status, bytes, thinking, thinkingMs, model, createdAt, finishedAt, error, statistics] = packed;
    const [, attachments, uses] = lists.get(id) ?? noLists;
    const start = end;
    end += bytes;
    return [depth, {
      id, sessionId, parentId, role, origin, status, text: cut(start, end), thinking, thinkingMs, model, createdAt, finishedAt,
      attachments: inPlace(attachments),
      error,
      statistics,
      memoriesUsed: inPlace(uses),
      siblings: siblings.get(id) ?? [id],
    }];
  });
  return { messages: inPlace(placed), hasMore, total };
}

const noLists: PackedLists = ['', [], []];

/** Cuts pieces out of `texts`, which has `bytes` in UTF-8, by their place in that. */
function textCutter(texts: string, bytes: number): (start: number, end: number) => string {
  // With as many bytes as characters, each is one of ASCII.
  if (bytes === texts.length) return (start, end) => texts.slice(start, end);
  const encoded = Buffer.from(texts, 'utf8');
  return (start, end) => encoded.toString('utf8', start, end);
}

/** What stands at places, in their order. */
function inPlace<Value>(placed: readonly (readonly [place: number, value: Value])[]): Value[] {
  return placed.toSorted(([place], [other]) => place - other).map(([, value]) => value);
}
