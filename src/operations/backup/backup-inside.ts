import { createHash } from 'node:crypto';
import { HearthlinkError } from '../../shared/errors.ts';
import { derivedId } from '../../shared/ids.ts';
import type { Clock, IdSource } from '../../shared/ports.ts';
import type { MessagePage } from '../../store/message-port.ts';
import type { Session, Slice } from '../../store/records.ts';
import type { TransferRecord } from '../../store/transfer-records.ts';
import { everyChat, factKinds, memoriesAtOnce, type AskInside, type StoreBeside } from './both-sides.ts';
import { bringIn, recordsOf } from './bring-in.ts';

export type ThingKind = 'chat' | 'memory';

/** One thing that a backup holds, beside what is here now. */
export interface HeldThing {
  readonly kind: ThingKind;
  readonly id: string;
  /** A chat's title, or what a memory says. */
  readonly words: string;
  /** When a chat went on last, or a memory was noted, in milliseconds. */
  readonly at: number;
  /** Of a chat; null for a memory. */
  readonly messages: number | null;
  /** `differs`: of a chat there are messages that are not here; a memory says something else here. */
  readonly state: 'missing' | 'differs' | 'here';
}

export interface HeldQuery {
  readonly kind: ThingKind;
  /** Only what has these words; empty: everything. */
  readonly text: string;
  /** Only what is missing or differs here. */
  readonly onlyLost: boolean;
  /** 0, or `next` of the page before. */
  readonly from: number;
  readonly limit: number;
}

export interface HeldPage {
  /** Newest first. */
  readonly things: readonly HeldThing[];
  /** Null after the last page. */
  readonly next: number | null;
}

export interface BackupInsideParts {
  readonly store: StoreBeside;
  readonly inside: AskInside;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly names: BroughtBackNames;
}

/** What a person sees of it later. */
export interface BroughtBackNames {
  /** Of the import that brings a thing back. */
  readonly from: string;
  /** Of a chat that stands beside the one that went on. */
  copyOf(title: string): string;
}

/** How something that was brought back is taken away again. */
type Undoing =
  | { readonly type: 'import'; readonly id: string }
  | { readonly type: 'delete'; readonly sessionId: string }
  | { readonly type: 'text'; readonly sliceId: string; readonly text: string };

/** Hits of a search in chats; who finds more looks for more words. */
const searchLimit = 200;
/** Candidates that are compared together. */
const comparedAtOnce = 50;

/**
 * A backup that is looked into: what it holds, what of it is not here, and how one thing of it comes back while all else stays as it
 * is. What was forgotten since is not in it.
 */
export class BackupInside {
  readonly #parts: BackupInsideParts;
  readonly #undoings = new Map<string, Undoing>();
  #chats: readonly Session[] | null = null;

  constructor(parts: BackupInsideParts) {
    this.#parts = parts;
  }

  async page(query: HeldQuery): Promise<HeldPage> {
    const things: HeldThing[] = [];
    for (let at = query.from; ;) {
      const { held, next } = query.kind === 'chat' ? await this.#chatsFrom(at, query.text) : await this.#memoriesFrom(at, query.text);
      for (const [i, thing] of held.entries()) {
        if (query.onlyLost && thing.state === 'here') continue;
        if (things.length === query.limit) return { things, next: at + i };
        things.push(thing);
      }
      if (next === null) return { things, next: null };
      at = next;
    }
  }

  /** The end of a chat as the backup has it, oldest first. */
  messages(chatId: string, limit: number): Promise<MessagePage> {
    return this.#parts.inside('messages.page', { sessionId: chatId, limit });
  }

  /**
   * Brings one thing back, and nothing else. A chat that went on here stays, and gets its older self beside it; a memory that says
   * something else here says again what it said, as a new version. Answers the name by which it can be undone.
   * @throws HearthlinkError `not-found` when the backup does not have it, `forgotten-before` when it was forgotten here
   */
  async bringBack({ kind, id }: { readonly kind: ThingKind; readonly id: string }): Promise<string> {
    const undoing = kind === 'chat' ? await this.#bringBackChat(id) : await this.#bringBackMemory(id);
    const name = this.#parts.ids.next();
    this.#undoings.set(name, undoing);
    return name;
  }

  /** @throws HearthlinkError `not-found` when it was undone before */
  async undo(name: string): Promise<void> {
    const undoing = this.#undoings.get(name);
    if (undoing === undefined) throw new HearthlinkError('not-found');
    const { store, clock } = this.#parts;
    const at = clock.now();
    if (undoing.type === 'import') await store.transfer.undo({ id: undoing.id, at });
    else if (undoing.type === 'delete') await store.sessions.delete({ id: undoing.sessionId, alsoFacts: false, at });
    else await store.slices.edit({ id: undoing.sliceId, text: undoing.text, at });
    this.#undoings.delete(name);
  }

  async #chatsFrom(from: number, text: string): Promise<{ held: HeldThing[]; next: number | null }> {
    const chats = text.trim() === '' ? await this.#allChats() : await this.#chatsWith(text);
    const held = await Promise.all(chats.slice(from, from + comparedAtOnce).map((chat) => this.#compareChat(chat)));
    return { held, next: from + comparedAtOnce < chats.length ? from + comparedAtOnce : null };
  }

  async #allChats(): Promise<readonly Session[]> {
    this.#chats ??= await everyChat((page) => this.#parts.inside('sessions.list', page));
    return this.#chats;
  }

  async #chatsWith(text: string): Promise<readonly Session[]> {
    const hits = await this.#parts.inside('sessions.search', { text, limit: searchLimit });
    const chats = [...new Map(hits.map(({ session }) => [session.id, session])).values()];
    return chats.filter(({ temporary }) => !temporary);
  }

  async #compareChat(chat: Session): Promise<HeldThing> {
    const { id, title, updatedAt, messageCount, activeLeafId } = chat;
    const { store } = this.#parts;
    const thing = { kind: 'chat', id, words: title, at: updatedAt, messages: messageCount } as const;
    const here = await store.sessions.get(id);
    if (here === null) return { ...thing, state: 'missing' };
    const hasLeaf = activeLeafId === null || activeLeafId === here.activeLeafId || (await store.messages.get(activeLeafId)) !== null;
    return { ...thing, state: hasLeaf && here.messageCount >= messageCount ? 'here' : 'differs' };
  }

  async #memoriesFrom(from: number, text: string): Promise<{ held: HeldThing[]; next: number | null }> {
    const about = text.trim() === '' ? {} : { about: text.trim() };
    const slices = await this.#parts.inside('browsing.page', { filter: { kinds: factKinds, ...about }, limit: memoriesAtOnce, offset: from });
    const here = new Map((await this.#parts.store.slices.get(slices.map(({ id }) => id))).map((slice) => [slice.id, slice]));
    const held = slices.map((slice): HeldThing => {
      const { id, text: words, createdAt: at } = slice;
      return { kind: 'memory', id, words, at, messages: null, state: stateOf(slice, here.get(id)) };
    });
    return { held, next: slices.length < memoriesAtOnce ? null : from + memoriesAtOnce };
  }

  async #bringBackChat(id: string): Promise<Undoing> {
    const { store, inside, clock } = this.#parts;
    const here = await store.sessions.get(id);
    if (here === null && (await this.#undeleted(id))) return { type: 'delete', sessionId: id };
    const records = await recordsOf((query) => inside('transfer.exportPage', { ...query, only: { type: 'chat', id } }));
    return this.#import(here === null ? records : copyOf(records, (title) => this.#parts.names.copyOf(title), clock.now()));
  }

  /** A chat that was deleted a moment ago is still there. */
  async #undeleted(id: string): Promise<boolean> {
    const { store, clock } = this.#parts;
    try {
      await store.sessions.undoDelete({ id, at: clock.now() });
      return true;
    } catch (error) {
      if (!HearthlinkError.is(error, 'not-found')) throw error;
      return false;
    }
  }

  async #bringBackMemory(id: string): Promise<Undoing> {
    const { store, inside, clock } = this.#parts;
    const [here] = await store.slices.get([id]);
    const [there] = await inside('slices.get', [id]);
    if (there === undefined) throw new HearthlinkError('not-found', { kind: 'slice' });
    if (here !== undefined) {
      if (here.state === 'forgotten') throw new HearthlinkError('forgotten-before');
      await store.slices.edit({ id, text: there.text, at: clock.now() });
      return { type: 'text', sliceId: id, text: here.text };
    }
    return this.#import(await recordsOf((query) => inside('transfer.exportPage', { ...query, only: { type: 'memory', id } })));
  }

  async #import(records: readonly TransferRecord[]): Promise<Undoing> {
    const { store, ids, names, clock } = this.#parts;
    if (records.length === 0) throw new HearthlinkError('not-found');
    const id = ids.next();
    const { chats, memories, forgottenBefore } = await bringIn(store.transfer, { id, name: names.from, records }, clock);
    if (chats + memories === 0 && forgottenBefore > 0) throw new HearthlinkError('forgotten-before');
    return { type: 'import', id };
  }
}

function stateOf(there: Slice, here: Slice | undefined): HeldThing['state'] {
  if (here === undefined) return 'missing';
  return here.text === there.text ? 'here' : 'differs';
}

/**
 * A chat as it was, with ids of its own, to stand beside the one that went on. What was learned in it is not taken along: it is here, or
 * can be brought back by itself.
 */
function copyOf(records: readonly TransferRecord[], rename: (title: string) => string, at: number): TransferRecord[] {
  const chat = records.find((record) => record.type === 'chat');
  if (chat === undefined) return [];
  const own = (id: string): string => derivedId(at, createHash('sha256').update(`${chat.id}\0${chat.activeLeafId ?? ''}\0${String(at)}\0${id}`).digest());
  const ownOrNull = (id: string | null): string | null => (id === null ? null : own(id));
  return records.flatMap((record): TransferRecord[] => {
    if (record.type === 'chat') return [{ ...record, id: own(record.id), title: rename(record.title), titleBy: 'user', activeLeafId: ownOrNull(record.activeLeafId) }];
    if (record.type !== 'message') return [];
    const attachments = record.attachments.map((attachment, i) => ({ ...attachment, id: own(`${record.id} ${String(i)}`) }));
    return [{ ...record, id: own(record.id), chatId: own(record.chatId), parentId: ownOrNull(record.parentId), attachments }];
  });
}
