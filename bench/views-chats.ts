import { realIds } from '../test/support/store/real-store.ts';
import type { Store } from '../src/store/port.ts';
import { createText, type Vocabulary } from './synthetic-corpus.ts';

const minuteMs = 60_000;
/** As many calls wait together as make a write of a few hundred kilobytes. */
const turnsAtOnce = 250;

/**
 * Stores a chat through the store's own write path: questions of a line or two, replies as models write them, in Markdown. Several
 * chats drawn from one vocabulary have different texts.
 */
export async function storeChat(store: Store, words: Vocabulary, title: string, turns: number): Promise<void> {
  const sessionId = realIds.next();
  const start = Date.now() - turns * minuteMs;
  await store.sessions.create({ id: sessionId, agentId: 'alden', title, temporary: false, workspaceId: null, expiresAt: null, at: start });
  let parentId: string | null = null;
  let waiting: Promise<unknown>[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const user = realIds.next();
    const reply = realIds.next();
    const at = start + turn * minuteMs;
    waiting.push(
      store.messages.startTurn({
        sessionId,
        user: { id: user, parentId, text: `${createText(words, 90)}?`, attachments: [] },
        reply: { id: reply, parentId: user, origin: 'model', model: 'hearth-chat' },
        holder: 'filling',
        leaseUntil: at + minuteMs,
        at,
      }),
      store.messages.finishReply({
        messageId: reply,
        status: 'complete',
        sequence: 0,
        text: replyText(turn, (length) => createText(words, length)),
        thinking: '',
        thinkingMs: null,
        model: 'hearth-chat',
        error: null,
        statistics: null,
        memoriesUsed: [],
        at: at + 1_000,
      }),
    );
    parentId = reply;
    if (turn % turnsAtOnce === turnsAtOnce - 1 || turn === turns - 1) {
      await Promise.all(waiting);
      waiting = [];
    }
  }
}

/** Two paragraphs; in every third reply a list, in every fifth some code. */
function replyText(turn: number, text: (length: number) => string): string {
  const parts = [text(180), `**${text(20)}** ${text(140)}`];
  if (turn % 3 === 0) parts.push(`- ${text(40)}\n- ${text(50)}\n- \`${text(12)}\` ${text(30)}`);
  if (turn % 5 === 0) parts.push(`\`\`\`ts\nexport function step${turn}(value: number): number {\n  return value * ${turn};\n}\n\`\`\``);
  return parts.join('\n\n');
}
