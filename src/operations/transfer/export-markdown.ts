import * as z from 'zod';
import { transferRecord, type ExportedChat, type ExportedMemory, type ExportedMessage, type TransferPart, type TransferRecord } from '../../store/transfer-records.ts';
import { pagesOf, type ExportHead, type ReadPage } from './export-text.ts';

/** The headings of the page, in the reader's language. */
export interface MarkdownWords {
  readonly title: string;
  readonly kinds: Readonly<Record<'semantic' | 'procedural' | 'working', string>>;
  readonly chats: string;
  readonly you: string;
  readonly replaced: string;
  readonly untitled: string;
}

/**
 * An export to read: memories by kind, then every chat with the branch that is shown. What was said stands in the chats and
 * is not repeated as a memory. Piece by piece; of messages, only those of the chat being written are held.
 */
export async function* exportAsMarkdown(readPage: ReadPage, { exportedAt }: ExportHead, words: MarkdownWords): AsyncGenerator<string> {
  yield `# ${words.title}\n\n${isoDay(exportedAt)}\n`;
  const memories = await all(readPage, 'memory', (record) => (record.type === 'memory' && record.text !== null ? [record] : []));
  for (const kind of ['semantic', 'procedural', 'working'] as const) {
    const ofKind = memories.filter((memory) => memory.kind === kind);
    if (ofKind.length > 0) yield `\n## ${words.kinds[kind]}\n\n${ofKind.map((memory) => memoryLine(memory, words)).join('\n')}\n`;
  }
  const chats = await all(readPage, 'chat', (record) => (record.type === 'chat' ? [record] : []));
  const messages = Map.groupBy(await all(readPage, 'message', (record) => (record.type === 'message' ? [record] : [])), ({ chatId }) => chatId);
  if (chats.length > 0) yield `\n# ${words.chats}\n`;
  for (const chat of chats) yield chatText(chat, messages.get(chat.id) ?? [], words);
}

async function all<Record extends TransferRecord>(readPage: ReadPage, part: TransferPart, pick: (record: TransferRecord) => readonly Record[]): Promise<Record[]> {
  const records: Record[] = [];
  for await (const { lines } of pagesOf(readPage, part)) {
    const rows = z.array(z.looseObject({})).parse(JSON.parse(`[${lines}]`));
    for (const row of rows) records.push(...pick(transferRecord.parse({ ...row, type: part })));
  }
  return records;
}

function memoryLine({ text, validFrom, supersededBy }: ExportedMemory, { replaced }: MarkdownWords): string {
  const words = (text ?? '').replaceAll(/\s*\n\s*/g, ' ');
  return supersededBy === null ? `- ${words} (${isoDay(validFrom)})` : `- ~~${words}~~ (${isoDay(validFrom)}, ${replaced})`;
}

function chatText(chat: ExportedChat, messages: readonly ExportedMessage[], { you, untitled }: MarkdownWords): string {
  const turns = branchTo(chat.activeLeafId, messages).map(({ role, createdAt, text, attachments }) => {
    const who = role === 'user' ? you : capitalised(chat.agentId);
    const attached = attachments.map(({ label }) => `> ${label}\n\n`).join('');
    return `\n### ${who}, ${isoMinute(createdAt)}\n\n${attached}${text}\n`;
  });
  return `\n## ${chat.title.trim() === '' ? untitled : chat.title}\n${turns.join('')}`;
}

function branchTo(leafId: string | null, messages: readonly ExportedMessage[]): ExportedMessage[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch: ExportedMessage[] = [];
  for (let next = byId.get(leafId ?? ''); next !== undefined; next = byId.get(next.parentId ?? '')) branch.push(next);
  return branch.reverse();
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function isoMinute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
