import type { Message, Session } from '../../store/records.ts';

/** The version of the JSON below; raised when a field changes its meaning. */
const formatVersion = 1;

/** The active branch as a text to read: one heading a turn, attachments named, times in ISO 8601. */
export function chatAsMarkdown(session: Session, messages: readonly Message[]): string {
  const branch = activeBranch(session, messages);
  const turns = branch.map((message) => {
    const who = message.role === 'user' ? 'You' : 'Alden';
    const attached = message.attachments.map(({ label }) => `\n> Attached: ${label}`).join('');
    return `## ${who}, ${iso(message.createdAt)}\n${attached === '' ? '' : `${attached}\n`}\n${message.text}\n`;
  });
  return [`# ${session.title}\n`, ...turns].join('\n');
}

/** Everything of the chat, with all branches. */
export function chatAsJson(session: Session, messages: readonly Message[]): string {
  const { id, title, agentId, temporary, createdAt, updatedAt, activeLeafId } = session;
  const head = { id, title, agentId, temporary, createdAt: iso(createdAt), updatedAt: iso(updatedAt), activeLeafId };
  const rows = messages.map(({ siblings: _, memoriesUsed, createdAt: at, finishedAt, ...message }) => ({
    ...message,
    createdAt: iso(at),
    finishedAt: finishedAt === null ? null : iso(finishedAt),
    memoriesUsed,
  }));
  return `${JSON.stringify({ format: 'hearthlink-chat', version: formatVersion, chat: head, messages: rows }, null, 2)}\n`;
}

function activeBranch(session: Session, messages: readonly Message[]): readonly Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch: Message[] = [];
  let next = session.activeLeafId === null ? undefined : byId.get(session.activeLeafId);
  while (next !== undefined) {
    branch.unshift(next);
    next = next.parentId === null ? undefined : byId.get(next.parentId);
  }
  return branch;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
