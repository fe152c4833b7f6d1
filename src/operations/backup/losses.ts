import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock, IdSource } from '../../shared/ports.ts';
import { transferParts, type TransferRecord } from '../../store/transfer-records.ts';
import { everyChat, everyFact, type AskInside, type StoreBeside } from './both-sides.ts';
import { bringIn, recordsOf } from './bring-in.ts';
import { unreadable } from './restoring.ts';

/** Something that is here, and would not be after going back. */
export interface Loss {
  readonly kind: 'chat' | 'memory';
  readonly id: string;
  /** A chat's title, or what a memory says. */
  readonly words: string;
  /** When it was changed or noted last, in milliseconds. */
  readonly at: number;
  /** The backup has it as well, as it was before it went on or was changed. */
  readonly wentOn: boolean;
}

/** All that would be lost by going back, newest first. Nothing where the store cannot be read. */
export async function lossesOf(store: StoreBeside, inside: AskInside): Promise<readonly Loss[]> {
  try {
    const losses = [...(await lostChats(store, inside)), ...(await lostMemories(store, inside))];
    return losses.toSorted((a, b) => b.at - a.at);
  } catch (error) {
    if (!HearthlinkError.is(error, ...unreadable)) throw error;
    return [];
  }
}

async function lostChats(store: StoreBeside, inside: AskInside): Promise<Loss[]> {
  const there = new Map((await everyChat((page) => inside('sessions.list', page))).map((chat) => [chat.id, chat]));
  const here = await everyChat((page) => store.sessions.list(page));
  const losses = here.map(async ({ id, title, updatedAt, activeLeafId, messageCount }): Promise<Loss | null> => {
    const loss = { kind: 'chat', id, words: title, at: updatedAt } as const;
    const before = there.get(id);
    if (before === undefined) return messageCount === 0 ? null : { ...loss, wentOn: false };
    if (activeLeafId === before.activeLeafId && messageCount <= before.messageCount) return null;
    const hasAll = activeLeafId === null || (messageCount <= before.messageCount && (await inside('messages.path', { leafId: activeLeafId, limit: 1 })).length > 0);
    return hasAll ? null : { ...loss, wentOn: true };
  });
  return (await Promise.all(losses)).filter((loss) => loss !== null);
}

async function lostMemories(store: StoreBeside, inside: AskInside): Promise<Loss[]> {
  const losses: Loss[] = [];
  for await (const slices of everyFact((query) => store.browsing.page(query))) {
    const there = new Map((await inside('slices.get', slices.map(({ id }) => id))).map((slice) => [slice.id, slice]));
    for (const { id, text, createdAt } of slices) {
      const before = there.get(id);
      if (before?.text !== text) losses.push({ kind: 'memory', id, words: text, at: createdAt, wentOn: before !== undefined });
    }
  }
  return losses;
}

/** What is kept over a restore, read before it. */
export interface KeptOver {
  readonly records: readonly TransferRecord[];
  /** Chats that go on where they were, by id and last message. */
  readonly leaves: readonly { readonly id: string; readonly leafId: string }[];
  /** Memories that say something else here. */
  readonly texts: readonly { readonly id: string; readonly text: string }[];
}

/** Reads what is to be kept while it is here. */
export async function readKept(store: StoreBeside, losses: readonly Loss[]): Promise<KeptOver> {
  const records: TransferRecord[] = [];
  const leaves: { id: string; leafId: string }[] = [];
  const texts: { id: string; text: string }[] = [];
  for (const { kind, id, wentOn } of losses) {
    if (kind === 'memory' && wentOn) {
      for (const slice of await store.slices.get([id])) texts.push({ id, text: slice.text });
      continue;
    }
    records.push(...(await recordsOf((query) => store.transfer.exportPage({ ...query, only: { type: kind, id } }))));
    const leafId = kind === 'chat' ? ((await store.sessions.get(id))?.activeLeafId ?? null) : null;
    if (leafId !== null) leaves.push({ id, leafId });
  }
  return { records, leaves, texts };
}

export interface KeepingParts {
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Puts what was kept beside what was restored. */
export async function bringKept(store: StoreBeside, { records, leaves, texts }: KeptOver, name: string, { clock, ids }: KeepingParts): Promise<void> {
  // Chats before their messages, whichever thing they belong to; a memory of a kept chat may have been chosen by itself as well.
  const once = new Map<string, TransferRecord>();
  for (const type of transferParts) {
    for (const record of records) if (record.type === type && record.type !== 'agent') once.set(`${type} ${record.id}`, record);
  }
  if (once.size > 0) await bringIn(store.transfer, { id: ids.next(), name, records: [...once.values()] }, clock);
  for (const { id, leafId } of leaves) await store.sessions.activate({ id, leafId, at: clock.now() });
  for (const { id, text } of texts) await store.slices.edit({ id, text, at: clock.now() });
}
