import * as z from 'zod';
import type { TransferRecord } from '../../store/transfer-records.ts';
import { chatRecords, type ForeignMessage } from './imported-chat.ts';
import type { ImportPlan } from './import-plan.ts';

/** ChatGPT's `conversations.json`: a list of chats, each a tree of nodes. Times are seconds. */

const seconds = z.number().nullish();

const message = z.object({
  author: z.object({ role: z.string() }),
  create_time: seconds,
  content: z.object({ content_type: z.string(), parts: z.array(z.unknown()).optional(), text: z.string().optional() }),
  metadata: z.object({ model_slug: z.string().nullish(), is_visually_hidden_from_conversation: z.boolean().nullish() }).nullish(),
});

const conversation = z.object({
  title: z.string().nullish(),
  create_time: seconds,
  update_time: seconds,
  conversation_id: z.string().nullish(),
  id: z.string().nullish(),
  current_node: z.string().nullish(),
  mapping: z.record(z.string(), z.object({ parent: z.string().nullish(), message: z.unknown() })),
});

export function isChatGpt(data: unknown): data is readonly unknown[] {
  return Array.isArray(data) && data.some((entry) => z.object({ mapping: z.record(z.string(), z.unknown()) }).safeParse(entry).success);
}

export function readChatGpt(data: readonly unknown[]): ImportPlan {
  const records: TransferRecord[] = [];
  const leftOut = { attachments: 0, messages: 0, unreadable: 0 };
  for (const [index, entry] of data.entries()) {
    const parsed = conversation.safeParse(entry);
    if (!parsed.success) {
      leftOut.unreadable++;
      continue;
    }
    const { title, mapping, current_node, create_time, update_time, conversation_id, id } = parsed.data;
    const createdAt = milliseconds(create_time) ?? 0;
    const messages = Object.entries(mapping).map(([key, node]): ForeignMessage => {
      const place = { key, parentKey: node.parent ?? null };
      const read = message.safeParse(node.message);
      if (read.success) return { ...place, ...said(read.data, createdAt, leftOut) };
      if (node.message !== null && node.message !== undefined) leftOut.unreadable++;
      return { ...place, role: null, text: '', at: createdAt, model: null, attachments: [] };
    });
    const key = conversation_id ?? id ?? `${index} ${createdAt}`;
    const updatedAt = milliseconds(update_time) ?? createdAt;
    records.push(...chatRecords('chatgpt', { key, title: title ?? '', createdAt, updatedAt, messages, leafKey: current_node ?? null }));
  }
  return { source: 'chatgpt', records, leftOut };
}

type Said = Omit<ForeignMessage, 'key' | 'parentKey'>;

function said({ author, content, create_time, metadata }: z.infer<typeof message>, chatAt: number, leftOut: { attachments: number; messages: number }): Said {
  const parts = content.parts ?? (content.text === undefined ? [] : [content.text]);
  const words = parts.filter((part) => typeof part === 'string');
  const isTalk = (author.role === 'user' || author.role === 'assistant') && ['text', 'multimodal_text'].includes(content.content_type);
  const isHidden = metadata?.is_visually_hidden_from_conversation === true;
  const text = words.join('\n\n').trim();
  if (isTalk) leftOut.attachments += parts.length - words.length;
  const role = isTalk && !isHidden && (author.role === 'user' || author.role === 'assistant') ? author.role : null;
  if (role === null && author.role !== 'system') leftOut.messages++;
  return { role, text, at: milliseconds(create_time) ?? chatAt, model: metadata?.model_slug ?? null, attachments: [] };
}

function milliseconds(time: number | null | undefined): number | null {
  return typeof time === 'number' && Number.isFinite(time) && time > 0 && time < 1e11 ? Math.round(time * 1000) : null;
}
