import assert from 'node:assert/strict';
import fc from 'fast-check';

import { createRecall } from '../../src/memory/recall.ts';
import { silentLog } from '../../src/shared/ports.ts';
import type { Scope } from '../../src/store/records.ts';
import { noEmbedder, openScene, say } from '../agents/conversation-kit.ts';
import { newFact, newSession, newTurn, replyEnd } from '../store/sql/support/sample-rows.ts';
import { says, scriptedChatModel } from '../support/scripted-chat-model.ts';
import { HandClock } from '../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../support/store/memory-store.ts';

const scopes: readonly Scope[] = [
  { type: 'shared' },
  { type: 'agent', agentId: 'alden' },
  { type: 'agent', agentId: 'bryn' },
  { type: 'workspace', workspaceId: 'w1' },
  { type: 'workspace', workspaceId: 'w2' },
];

/** Who asks, of which scopes they may hear, and where. */
const askers = [
  { agentId: 'alden', workspaceId: null, sessionId: null },
  { agentId: 'alden', workspaceId: 'w1', sessionId: 'temporary' },
  { agentId: 'bryn', workspaceId: 'w2', sessionId: null },
];
type Asker = (typeof askers)[number];

interface Thing {
  readonly id: string;
  /** Words that stand in it alone. */
  readonly words: string;
  readonly scope: Scope;
  readonly chat: string | null;
  gone: boolean;
}

type Step =
  | { readonly act: 'fact'; readonly scope: Scope }
  | { readonly act: 'turn'; readonly chat: string }
  | { readonly act: 'forget' | 'supersede'; readonly pick: number }
  | { readonly act: 'delete'; readonly chat: string };

const chats = ['plain', 'other', 'temporary'];
const pick = fc.nat({ max: 50 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('fact' as const), scope: fc.constantFrom(...scopes) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('turn' as const), chat: fc.constantFrom(...chats) }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('forget' as const, 'supersede' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('delete' as const), chat: fc.constantFrom(...chats) }) },
);

/** What was done to a store, kept beside it: the truth that recall is held against. */
class World {
  readonly store: MemoryStore = createMemoryStore();
  readonly things: Thing[] = [];
  readonly #deleted = new Set<string>();
  readonly #lastMessage = new Map<string, string>();
  #at = 10_000;

  async begin(): Promise<void> {
    for (const id of chats) await this.store.sessions.create(newSession({ id, temporary: id === 'temporary', expiresAt: id === 'temporary' ? 1e12 : null }));
  }

  async take(next: Step): Promise<void> {
    this.#at += 10;
    const n = String(this.things.length);
    const words = `alpha${n} beta${n} gamma${n} delta${n}`;
    switch (next.act) {
      case 'fact':
        await this.store.slices.add([newFact(`f${n}`, `ember ${words}`, { scope: next.scope })]);
        this.things.push({ id: `f${n}`, words, scope: next.scope, chat: null, gone: false });
        return;
      case 'turn':
        await this.#turn(next.chat, `t${n}`, words);
        return;
      case 'forget':
      case 'supersede':
        await this.#leave(next.act, next.pick);
        return;
      case 'delete':
        if (this.#deleted.has(next.chat)) return;
        this.#deleted.add(next.chat);
        await this.store.sessions.delete({ id: next.chat, alsoFacts: false, at: this.#at });
    }
  }

  mayHear(thing: Thing, { agentId, workspaceId, sessionId }: Asker): boolean {
    const { scope, chat, gone } = thing;
    if (gone || (chat !== null && this.#deleted.has(chat)) || (chat === 'temporary' && sessionId !== 'temporary')) return false;
    return scope.type === 'shared' || (scope.type === 'agent' ? scope.agentId === agentId : scope.workspaceId === workspaceId);
  }

  async #turn(chat: string, id: string, words: string): Promise<void> {
    if (this.#deleted.has(chat)) return;
    const { messages } = this.store;
    await messages.startTurn(newTurn({ sessionId: chat, id, parentId: this.#lastMessage.get(chat) ?? null, text: `ember ${words}`, at: this.#at }));
    await messages.finishReply(replyEnd(`${id}r`, '', { at: this.#at }));
    this.#lastMessage.set(chat, `${id}r`);
    this.things.push({ id: `m-${id}`, words, scope: { type: 'agent', agentId: 'alden' }, chat, gone: false });
  }

  async #leave(how: 'forget' | 'supersede', by: number): Promise<void> {
    const there = this.things.filter(({ gone, chat }) => !gone && (chat === null || !this.#deleted.has(chat)));
    const thing = there[by % Math.max(1, there.length)];
    const other = there.find((one) => one !== thing);
    if (thing === undefined || (how === 'supersede' && other === undefined)) return;
    if (how === 'forget') await this.store.slices.forget({ id: thing.id, undoUntil: this.#at + 1e6, at: this.#at });
    else await this.store.slices.supersede({ id: thing.id, by: other?.id ?? '', at: this.#at });
    thing.gone = true;
  }
}

async function recalled(store: MemoryStore, { sessionId, ...asker }: Asker, text: string): Promise<readonly string[]> {
  const clock = new HandClock();
  const recall = createRecall({ store, embedder: noEmbedder, clock, timers: clock, log: silentLog, ...asker });
  const request = { excludeMessageIds: [], limit: 200, tokenBudget: 1e6, charactersPerToken: 4 };
  return (await recall.begin({ text, sessionId }, new AbortController().signal).find(request)).hits.map(({ slice }) => slice.id);
}

describe('whatever is asked', () => {
  afterEach(closeMemoryStores);

  it('recall answers nothing forgotten, superseded, deleted, of a temporary chat or out of scope, and all else that is asked for by its words', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 16 }), async (steps) => {
        const world = new World();
        await world.begin();
        for (const next of steps) await world.take(next);
        for (const asker of askers) {
          const allowed = new Set(world.things.filter((thing) => world.mayHear(thing, asker)).map(({ id }) => id));
          // All at once, one by one, and by a time in which all was said.
          for (const text of ['ember', 'What was said about ember in 1970?', ...world.things.map(({ words }) => words)]) {
            const found = await recalled(world.store, asker, text);
            assert.deepEqual(found.filter((id) => !allowed.has(id)), [], text);
          }
          for (const thing of world.things) {
            if (allowed.has(thing.id)) assert.equal((await recalled(world.store, asker, thing.words))[0], thing.id);
          }
        }
        closeMemoryStores();
      }),
      { numRuns: 25 },
    );
  });

  it('nothing of a private chat is in the store, in its files or in what is recalled', async () => {
    const word = fc.stringMatching(/^[a-z]{12}$/);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(word, { minLength: 3, maxLength: 3 }), async ([asked = '', answered = '', stored = '']) => {
        const store = createMemoryStore();
        const normal = openScene({ store, model: scriptedChatModel(says('Noted.')) });
        await say(normal.conversation, `The ${stored} is kept`);
        const secret = openScene({ store, model: scriptedChatModel(says(`About ${answered}.`)), isPrivate: true, seed: 2 });
        await say(secret.conversation, `The ${asked} is not kept`);

        const bytes = Buffer.concat(store.disk.names().filter((name) => store.disk.isFile(name)).map((name) => store.disk.bytesOf(name)));
        assert.ok(bytes.includes(stored), 'what is kept is seen there');
        assert.deepEqual([bytes.includes(asked), bytes.includes(answered)], [false, false]);
        assert.deepEqual(await recalled(store, { agentId: 'alden', workspaceId: null, sessionId: null }, `${asked} ${answered}`), []);
        closeMemoryStores();
      }),
      { numRuns: 10 },
    );
  });
});
