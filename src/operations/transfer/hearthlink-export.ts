import * as z from 'zod';
import { transferRecord, type ExportedMessage, type TransferPart, type TransferRecord } from '../../store/transfer-records.ts';
import type { ImportPlan } from './import-plan.ts';
import { refused } from './refusal.ts';

export const exportFormat = 'hearthlink-export';
/** Raised when a field changes its meaning. docs/export-format.md describes it. */
export const exportVersion = 1;

/** The lists of the file, by the part that each holds. */
export const listNames = { agent: 'agents', chat: 'chats', message: 'messages', memory: 'memories' } as const satisfies Record<TransferPart, string>;

const head = z.object({ format: z.literal(exportFormat), version: z.int() });
const lists = z.object({
  agents: z.array(z.unknown()),
  chats: z.array(z.unknown()),
  messages: z.array(z.unknown()),
  memories: z.array(z.unknown()),
});

export function isHearthlinkExport(data: unknown): boolean {
  return head.safeParse(data).success;
}

/**
 * An export of Hearthlink. Unlike the files of others it must be whole: what is not as the format says is refused.
 * @throws HearthlinkError `import-unreadable` naming the list and the place, never the words.
 */
export function readHearthlinkExport(data: unknown): ImportPlan {
  const { version } = head.parse(data);
  if (version > exportVersion) throw refused('newer');
  const parsed = lists.safeParse(data);
  if (!parsed.success) throw refused('malformed', parsed.error.issues[0]?.path.join('.'));
  const { agents, chats, messages, memories } = parsed.data;
  const records = [...checked('agent', agents), ...checked('chat', chats), ...checked('message', messages), ...checked('memory', memories)];
  checkTrees(records);
  return { source: 'hearthlink', records, leftOut: { attachments: 0, messages: 0, unreadable: 0 } };
}

function checked(type: TransferPart, rows: readonly unknown[]): TransferRecord[] {
  return rows.map((row, index) => {
    const parsed = transferRecord.safeParse(typeof row === 'object' ? { ...row, type } : row);
    if (parsed.success) return parsed.data;
    const field = parsed.error.issues[0]?.path.join('.') ?? '';
    throw refused('malformed', `${listNames[type]}[${index}].${field}`);
  });
}

/** Each message stands after the one that it answers, in a chat of the file; no id stands twice. */
function checkTrees(records: readonly TransferRecord[]): void {
  const chats = new Set<string>();
  const messages = new Map<string, ExportedMessage>();
  for (const record of records) {
    if (record.type === 'chat') chats.add(record.id);
    if (record.type !== 'message') continue;
    const isBelowItsParent = record.parentId === null || messages.get(record.parentId)?.chatId === record.chatId;
    if (!chats.has(record.chatId) || messages.has(record.id) || !isBelowItsParent) {
      throw refused('malformed', `messages[${messages.size}]`);
    }
    messages.set(record.id, record);
  }
  for (const record of records) {
    if (record.type !== 'chat' || record.activeLeafId === null) continue;
    if (messages.get(record.activeLeafId)?.chatId !== record.id) throw refused('malformed', 'chats.activeLeafId');
  }
}
