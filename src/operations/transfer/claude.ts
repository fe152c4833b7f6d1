import * as z from 'zod';
import type { TransferRecord } from '../../store/transfer-records.ts';
import { chatRecords, type ForeignMessage } from './imported-chat.ts';
import type { ImportPlan } from './import-plan.ts';

/** Claude's `conversations.json`: a list of chats, each a list of messages. Times are ISO 8601. */

const message = z.object({
  uuid: z.string(),
  parent_message_uuid: z.string().nullish(),
  sender: z.string(),
  created_at: z.string().nullish(),
  text: z.string().nullish(),
  content: z.array(z.object({ type: z.string(), text: z.string().nullish() })).nullish(),
  attachments: z.array(z.object({ file_name: z.string().nullish(), extracted_content: z.string().nullish() })).nullish(),
  files: z.array(z.unknown()).nullish(),
});

const conversation = z.object({
  uuid: z.string(),
  name: z.string().nullish(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
  chat_messages: z.array(z.unknown()),
});

export function isClaude(data: unknown): data is readonly unknown[] {
  return Array.isArray(data) && data.some((entry) => z.object({ chat_messages: z.array(z.unknown()) }).safeParse(entry).success);
}

export function readClaude(data: readonly unknown[]): ImportPlan {
  const records: TransferRecord[] = [];
  const leftOut = { attachments: 0, messages: 0, unreadable: 0 };
  for (const entry of data) {
    const parsed = conversation.safeParse(entry);
    if (!parsed.success) {
      leftOut.unreadable++;
      continue;
    }
    const { uuid, name, created_at, updated_at, chat_messages } = parsed.data;
    const createdAt = timeOf(created_at) ?? 0;
    const messages: ForeignMessage[] = [];
    for (const raw of chat_messages) {
      const read = message.safeParse(raw);
      if (read.success) messages.push(said(read.data, messages.at(-1)?.key ?? null, createdAt, leftOut));
      else leftOut.unreadable++;
    }
    const updatedAt = timeOf(updated_at) ?? createdAt;
    records.push(...chatRecords('claude', { key: uuid, title: name ?? '', createdAt, updatedAt, messages, leafKey: null }));
  }
  return { source: 'claude', records, leftOut };
}

function said(read: z.infer<typeof message>, previousKey: string | null, chatAt: number, leftOut: { attachments: number; messages: number }): ForeignMessage {
  const blocks = (read.content ?? []).filter(({ type }) => type === 'text').map(({ text }) => text ?? '');
  const text = (blocks.length > 0 ? blocks.join('\n\n') : (read.text ?? '')).trim();
  const attachments = (read.attachments ?? []).map(({ file_name, extracted_content }) => ({ label: file_name ?? '', text: extracted_content ?? '' }));
  const readable = attachments.filter((attachment) => attachment.text !== '');
  leftOut.attachments += attachments.length - readable.length + (read.files?.length ?? 0);
  const role = read.sender === 'human' ? 'user' : read.sender === 'assistant' ? 'assistant' : null;
  if (role === null || (text === '' && readable.length === 0)) leftOut.messages++;
  return {
    key: read.uuid,
    // Older exports name no parent: there each message answers the one before it.
    parentKey: read.parent_message_uuid ?? previousKey,
    role,
    text,
    at: timeOf(read.created_at) ?? chatAt,
    model: null,
    attachments: readable,
  };
}

function timeOf(text: string | null | undefined): number | null {
  const at = text === null || text === undefined ? Number.NaN : Date.parse(text);
  return Number.isFinite(at) && at >= 0 ? at : null;
}
