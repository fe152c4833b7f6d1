import type { Store } from '../../../src/store/port.ts';
import { realIds } from './real-store.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

interface PastChat {
  readonly title: string;
  readonly daysAgo: number;
  /** Pairs of what the person said and what Alden replied. */
  readonly turns: readonly (readonly [string, string])[];
}

/** What was said in earlier weeks about the sample workspace, so that there is something to remember. */
const pastChats: readonly PastChat[] = [
  {
    title: 'Harbour walk, first plan',
    daysAgo: 34,
    turns: [
      ['Walks start at ten, because the ferry comes in at half past nine.', 'Good, then nobody waits on the quay in the wind.'],
      ['Groups are twelve people at most: the lighthouse stairs are narrow.', 'Twelve it is. Two groups then, when more sign up.'],
    ],
  },
  {
    title: 'How fast families walk',
    daysAgo: 12,
    turns: [
      ['With children I count seventy metres a minute, never more.', 'That leaves them time to look at the boats.'],
      ['When walking times are rounded, always round up. People like to arrive early, never late.', 'Up, never down. I will keep to that.'],
    ],
  },
  {
    title: 'Bread for the crew',
    daysAgo: 3,
    turns: [['The bakery on the quay opens at seven, and they keep six loaves for us.', 'So whoever opens the office can fetch them on the way.']],
  },
];

/** Stores them through the store's own write path, as if they had been said on those days. */
export async function storeHarbourChats(store: Store, now: number): Promise<void> {
  for (const chat of pastChats) await storePastChat(store, chat, now - chat.daysAgo * dayMs);
}

async function storePastChat(store: Store, { title, turns }: PastChat, start: number): Promise<void> {
  const sessionId = realIds.next();
  await store.sessions.create({ id: sessionId, agentId: 'alden', title, temporary: false, workspaceId: null, expiresAt: null, at: start });
  let parentId: string | null = null;
  for (const [index, [said, answered]] of turns.entries()) {
    const user = realIds.next();
    const reply = realIds.next();
    const at = start + index * 2 * minuteMs;
    await store.messages.startTurn({
      sessionId,
      user: { id: user, parentId, text: said, attachments: [] },
      reply: { id: reply, parentId: user, origin: 'model', model: 'qwen3:4b' },
      holder: 'earlier',
      leaseUntil: at + minuteMs,
      at,
    });
    await store.messages.finishReply({
      messageId: reply,
      status: 'complete',
      sequence: 0,
      text: answered,
      thinking: '',
      thinkingMs: null,
      model: 'qwen3:4b',
      error: null,
      statistics: null,
      memoriesUsed: [],
      at: at + 6_000,
    });
    parentId = reply;
  }
}
