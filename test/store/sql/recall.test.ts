import assert from 'node:assert/strict';
import fc from 'fast-check';

import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { Scope, Slice } from '../../../src/store/records.ts';
import { InProcessStore } from './support/in-process-store.ts';
import { factFrom, minute, newFact, newSession, newTurn, recalledIds, recallOf, replyEnd, takeTurn } from './support/sample-rows.ts';

describe('recall', () => {
  it('sees the scopes of who asks: shared, the agent, the workspace', async () => {
    const store = InProcessStore.create();
    const scopes: Scope[] = [
      { type: 'shared' },
      { type: 'agent', agentId: 'alden' },
      { type: 'agent', agentId: 'bryn' },
      { type: 'workspace', workspaceId: 'w1' },
      { type: 'workspace', workspaceId: 'w2' },
    ];
    const slices = scopes.map((scope, i) => newFact(`f${String(i)}`, `Ember ${['oak', 'elm', 'ash', 'fir', 'yew'][i] ?? ''} ${String(i)}`, { scope }));
    await store.call('slices.add', slices);
    assert.deepEqual((await recalledIds(store, 'ember')).sort(), ['f0', 'f1']);
    assert.deepEqual((await recalledIds(store, 'ember', { agentId: 'bryn', workspaceId: 'w2' })).sort(), ['f0', 'f2', 'f4']);
  });

  it('sees the turns of a temporary chat inside it alone', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession({ temporary: true, expiresAt: 900_000 }));
    await takeTurn(store, { id: 'm1', parentId: null, text: 'An ember glows', reply: 'Indeed' });
    await store.call('slices.add', [factFrom('m1', 'f1', 'Watches fires', null)]);
    assert.deepEqual(await recalledIds(store, 'ember fires'), []);
    assert.deepEqual(await recalledIds(store, 'ember fires', { sessionId: 's1' }), ['m-m1']);
    await store.call('sessions.activate', { id: 's1', leafId: 'm1', at: 5000 });
    await store.call('slices.forget', { id: 'm-m1', undoUntil: 200_000, at: 5000 });
    assert.deepEqual(await recalledIds(store, 'fires', { sessionId: 's1' }), ['f1'], 'a fact speaks for its turn while that one can be seen');
    assert.deepEqual(await recalledIds(store, 'fires'), []);
  });

  it('leaves out what stands in the prompt already, and what has run out', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    await takeTurn(store, { id: 'm1', parentId: null, text: 'The ember glows', reply: 'Embers do' });
    await store.call('slices.add', [newFact('f1', 'Tends an ember until noon', { kind: 'working', expiresAt: 100_000 })]);
    assert.deepEqual(await recalledIds(store, 'ember', { excludeMessageIds: ['m1', 'm1r'], at: 99_999 }), ['f1']);
    assert.deepEqual(await recalledIds(store, 'ember', { excludeMessageIds: ['m1', 'm1r'], at: 100_000 }), []);
  });

  it('puts first, of what matches equally, what somebody has said matters', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    await takeTurn(store, { id: 'm1', parentId: null, text: 'An ember near oaks', reply: 'Then' });
    await takeTurn(store, { id: 'm2', parentId: 'm1r', text: 'An ember near elms', reply: 'Then' });
    for (const [first, second] of [['m-m1', 'm-m2'], ['m-m2', 'm-m1']] as const) {
      await store.call('slices.edit', { id: second, importance: 0, at: 5000 });
      await store.call('slices.edit', { id: first, importance: 1, at: 5000 });
      assert.deepEqual(await recalledIds(store, 'ember', { limit: 2 }), [first, second]);
    }
  });

  it('keeps to the scope that a turn was given later', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    await takeTurn(store, { id: 'm1', parentId: null, text: 'An ember near oaks', reply: 'Then' });
    await store.call('slices.edit', { id: 'm-m1', scope: { type: 'workspace', workspaceId: 'w1' }, at: 5000 });
    assert.deepEqual(await recalledIds(store, 'oaks', { limit: 1 }), []);
    assert.deepEqual(await recalledIds(store, 'oaks', { limit: 1, workspaceId: 'w1' }), ['m-m1']);
  });

  it('says the same thing once', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    await takeTurn(store, { id: 'm1', parentId: null, text: 'I keep an ember in a jar', reply: 'ok' });
    await takeTurn(store, { id: 'm2', parentId: 'm1r', text: 'I keep an ember in a jar!', reply: 'You said so' });
    assert.equal((await recalledIds(store, 'ember jar')).length, 1);
  });

  it('keeps to the budget, takes the best that fit, and counts the rest', async () => {
    const store = InProcessStore.create();
    const long = `Ember ember ember ${'and a very long tale of other things '.repeat(20)}`;
    await store.call('slices.add', [newFact('long', long), newFact('short', 'An ember, shortly'), newFact('other', 'Ember of a different oak')]);
    const { hits, omitted } = await store.call('recall', { ...recallOf('ember'), tokenBudget: 12 });
    assert.deepEqual([hits.map((hit) => hit.slice.id).sort(), omitted], [['other', 'short'], 1]);
    assert.deepEqual((await store.call('recall', { ...recallOf('ember'), limit: 1 })).hits.length, 1);
    assert.deepEqual(await store.call('recall', { ...recallOf('ember'), limit: 0 }), { hits: [], omitted: 0 });
    assert.deepEqual(hits[0]?.why.words, ['ember']);
  });
});

/** One thing that may happen; `pick` chooses among what is there. */
interface Step {
  readonly action:
    | 'turn'
    | 'branch'
    | 'again'
    | 'activate'
    | 'fact'
    | 'forget'
    | 'undo'
    | 'wipe'
    | 'delete'
    | 'undelete'
    | 'supersede'
    | 'propose'
    | 'expire';
  readonly pick: number;
}

const step = fc.record({
  action: fc.constantFrom<Step['action']>(
    'turn', 'turn', 'turn', 'branch', 'again', 'activate', 'fact', 'fact', 'forget', 'forget', 'undo', 'wipe', 'delete', 'undelete', 'supersede', 'propose', 'expire',
  ),
  pick: fc.nat({ max: 1000 }),
});

/** Lives through steps on three chats, one of them temporary. Every text has a word of its own and the word "ember". */
class Life {
  readonly store = InProcessStore.create();
  readonly sessions = ['s0', 's1', 'temporary'];
  #made = 0;
  at = 10_000;

  async begin(): Promise<void> {
    for (const id of this.sessions) {
      const temporary = id === 'temporary';
      await this.store.call('sessions.create', newSession({ id, temporary, expiresAt: temporary ? 10_200 : null }));
    }
  }

  async take({ action, pick }: Step): Promise<void> {
    this.at += 10;
    try {
      await this.#act(action, pick);
    } catch (error) {
      // What is not possible at the moment is refused; anything else is a fault.
      if (!HearthlinkError.is(error, 'not-found', 'conflict', 'invalid-transition', 'invalid-input')) throw error;
    }
  }

  async #act(action: Step['action'], pick: number): Promise<void> {
    const { store, at } = this;
    const sessionId = one(this.sessions, pick) ?? 's0';
    const messages = await store.call('messages.all', sessionId);
    const slices = (await store.call('slices.list', { limit: 100, offset: 0 })).slices;
    const slice = one(slices, pick);
    const message = one(messages, pick);
    switch (action) {
      case 'turn':
      case 'branch': {
        const id = `m${String(this.#made)}`;
        const parentId = action === 'branch' ? null : ((await store.call('sessions.get', sessionId))?.activeLeafId ?? null);
        await takeTurn(store, { sessionId, id, parentId, text: this.#words(), reply: this.#words(), at });
        return;
      }
      case 'again': {
        const asked = one(messages.filter(({ role }) => role === 'user'), pick);
        const turn = newTurn({ sessionId, id: 'unused', parentId: null, text: '', at });
        const id = `r${String(this.#made)}`;
        await store.call('messages.startTurn', { ...turn, user: null, reply: { ...turn.reply, id, parentId: asked?.id ?? 'none' } });
        await store.call('messages.finishReply', replyEnd(id, this.#words(), { at }));
        return;
      }
      case 'activate':
        await store.call('sessions.activate', { id: sessionId, leafId: message?.id ?? 'none', at });
        return;
      case 'fact': {
        const scope: Scope = one<Scope>([{ type: 'shared' }, { type: 'agent', agentId: 'bryn' }, { type: 'agent', agentId: 'alden' }], pick) ?? { type: 'shared' };
        const id = `f${String(this.#made)}`;
        const fact = message === undefined ? newFact(id, this.#words()) : factFrom(message.id, id, this.#words(), message.text, sessionId);
        await store.call('slices.add', [{ ...fact, scope }]);
        return;
      }
      case 'forget':
        await store.call('slices.forget', { id: slice?.id ?? 'none', undoUntil: at + 40, at });
        return;
      case 'undo':
        await store.call('slices.undoForget', { id: one(slices.filter(({ state }) => state === 'forgotten'), pick)?.id ?? 'none', at });
        return;
      case 'wipe':
        await store.call('slices.wipeForgotten', at + (pick % 2 === 0 ? 0 : 2 * minute));
        return;
      case 'delete':
        await store.call('sessions.delete', { id: sessionId, alsoFacts: pick % 2 === 0, at });
        return;
      case 'undelete':
        await store.call('sessions.undoDelete', { id: sessionId, at });
        return;
      case 'supersede':
        await store.call('slices.supersede', { id: slice?.id ?? 'none', by: one(slices, pick + 1)?.id ?? 'none', at });
        return;
      case 'propose':
        await store.call('slices.edit', { id: slice?.id ?? 'none', state: pick % 2 === 0 ? 'proposed' : 'held', at });
        return;
      case 'expire':
        await store.call('sessions.expire', at);
    }
  }

  #words(): string {
    this.#made++;
    const n = String(this.#made);
    return `ember alpha${n} beta${n} gamma${n} delta${n}`;
  }

  /** What may be recalled, worked out from what the other reads of the port say. */
  async mayBeRecalled(sessionId: string | null): Promise<string[]> {
    const shown = new Set<string>();
    for (const id of this.sessions) {
      const session = await this.store.call('sessions.get', id);
      if (session === null || session.status === 'expired' || (session.temporary && id !== sessionId)) continue;
      for (const message of (await this.store.call('messages.page', { sessionId: id, limit: 1000 })).messages) shown.add(message.id);
    }
    const { slices } = await this.store.call('slices.list', { limit: 1000, offset: 0 });
    const forgottenQuotes = slices.filter(({ state }) => state === 'forgotten').flatMap(({ text, provenance }) => [text, quoteOf(provenance)]);
    return slices
      .filter((slice) => slice.state === 'held' && slice.supersededBy === null)
      .filter(({ scope }) => scope.type === 'shared' || (scope.type === 'agent' && scope.agentId === 'alden'))
      .filter((slice) => isFromShown(slice, shown, sessionId))
      .filter(({ text }) => text.includes('ember') && !forgottenQuotes.some((quote) => quote !== null && text.includes(quote)))
      .map(({ id }) => id)
      .sort();
  }
}

function isFromShown(slice: Slice, shown: ReadonlySet<string>, sessionId: string | null): boolean {
  const { provenance } = slice;
  if (provenance.type !== 'message') return true;
  // A fact outlives its branch and its chat; one of a temporary chat stays in it.
  if (slice.kind !== 'episodic') return provenance.sessionId !== 'temporary' || sessionId === 'temporary';
  return shown.has(provenance.messageId);
}

function quoteOf(provenance: Slice['provenance']): string | null {
  return provenance.type === 'message' ? provenance.quote : null;
}

function one<Value>(values: readonly Value[], pick: number): Value | undefined {
  return values[pick % Math.max(1, values.length)];
}

describe('whatever happens', () => {
  it('recall finds just what may be recalled: nothing forgotten, superseded, hidden or out of scope', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const life = new Life();
        await life.begin();
        for (const next of steps) {
          await life.take(next);
          for (const sessionId of [null, 'temporary']) {
            const found = await recalledIds(life.store, 'ember', { sessionId, limit: 200, tokenBudget: 1e6, at: life.at });
            const allowed = await life.mayBeRecalled(sessionId);
            assert.deepEqual(found.filter((id) => !allowed.includes(id)), []);
            // A fact may have spoken for the turn it was taken from; a turn speaks for itself.
            assert.deepEqual(allowed.filter((id) => id.startsWith('m-') && !found.includes(id)), []);
          }
        }
        life.store.database.close();
      }),
      { numRuns: 60 },
    );
  });

  it('a replica that hears only of statements and effects has the same rows and finds the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const life = new Life();
        await life.begin();
        for (const next of steps) await life.take(next);
        const replica = life.store.replica();
        assert.deepEqual(replica.content(), life.store.content());
        assert.deepEqual(await recalledIds(replica, 'ember'), await recalledIds(life.store, 'ember'));
        for (const store of [replica, life.store]) store.database.close();
      }),
      { numRuns: 30 },
    );
  });

  it('the index holds what the rows would make it anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const life = new Life();
        await life.begin();
        for (const next of steps) await life.take(next);
        const indexed = (includeHidden: boolean): string[] =>
          life.store.search.search('ember', 1000, { includeHidden }).map((hit) => hit.id).sort();
        const documents = (await life.store.documents()).filter(({ text }) => text.includes('ember'));
        assert.deepEqual(indexed(true), documents.map(({ id }) => id).sort());
        assert.deepEqual(indexed(false), documents.filter(({ visible }) => visible).map(({ id }) => id).sort());
        life.store.database.close();
      }),
      { numRuns: 40 },
    );
  });
});
