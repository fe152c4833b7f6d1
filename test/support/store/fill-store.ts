import type { Store } from '../../../src/store/port.ts';
import { realIds } from './real-store.ts';

const minuteMs = 60_000;
const subjects = ['build', 'garden', 'invoice', 'parser', 'holiday', 'router', 'recipe', 'ticket', 'meeting', 'script', 'train', 'review'];
const verbs = ['fails', 'grows', 'waits', 'changes', 'stops', 'moves', 'returns', 'breaks', 'improves', 'starts'];
const places = ['on Monday', 'in Lisbon', 'after lunch', 'without a reason', 'near the station', 'in staging', 'since spring', 'every second week'];

export interface StoreFilling {
  /** How many messages, half of them the person's; each is a memory. */
  readonly messages: number;
  /** Turns in one chat. */
  readonly turnsPerChat: number;
}

/** Fills a store with chats of invented small talk, no two messages alike, through its own write path. */
export async function fillStore(store: Store, { messages, turnsPerChat }: StoreFilling): Promise<void> {
  const turns = Math.ceil(messages / 2);
  const start = Date.now() - turns * minuteMs;
  for (let first = 0; first < turns; first += turnsPerChat) {
    const sessionId = realIds.next();
    const calls: Promise<unknown>[] = [
      store.sessions.create({ id: sessionId, agentId: 'alden', title: `Chat ${String(first)}`, temporary: false, workspaceId: null, expiresAt: null, at: start + first * minuteMs }),
    ];
    let parentId: string | null = null;
    for (let turn = first; turn < Math.min(first + turnsPerChat, turns); turn++) {
      const user = realIds.next();
      const reply = realIds.next();
      calls.push(...storeTurn(store, { sessionId, user, reply, parentId, turn, at: start + turn * minuteMs }));
      parentId = reply;
    }
    // Calls that wait together are one write; a chat at a time keeps the batches small.
    await Promise.all(calls);
  }
}

interface Turn {
  readonly sessionId: string;
  readonly user: string;
  readonly reply: string;
  readonly parentId: string | null;
  readonly turn: number;
  readonly at: number;
}

function storeTurn(store: Store, { sessionId, user, reply, parentId, turn, at }: Turn): Promise<unknown>[] {
  return [
    store.messages.startTurn({
      sessionId,
      user: { id: user, parentId, text: sentence(turn, 'Mine'), attachments: [] },
      reply: { id: reply, parentId: user, origin: 'model', model: 'hearth-chat' },
      holder: 'filling',
      leaseUntil: at + minuteMs,
      at,
    }),
    store.messages.finishReply({
      messageId: reply,
      status: 'complete',
      sequence: 0,
      text: sentence(turn, 'Yours'),
      thinking: '',
      thinkingMs: null,
      model: 'hearth-chat',
      error: null,
      statistics: null,
      memoriesUsed: [],
      at: at + 1000,
    }),
  ];
}

function sentence(turn: number, whose: string): string {
  const pick = (list: readonly string[], by: number): string => list[Math.floor(turn / by) % list.length] ?? '';
  return `${whose} ${String(turn)}: the ${pick(subjects, 1)} ${pick(verbs, 12)} ${pick(places, 120)}, and the ${pick(subjects, 5)} ${pick(verbs, 7)} ${pick(places, 3)}.`;
}
