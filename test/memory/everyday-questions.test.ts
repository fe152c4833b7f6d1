import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

import type { Store } from '../../src/store/port.ts';
import type { RecallHit, RecallQuery } from '../../src/store/recall-port.ts';
import type { NewSlice } from '../../src/store/slice-port.ts';
import { closeMemoryStores, createMemoryStore } from '../support/store/memory-store.ts';

/** What people keep and ask in one language; each question is answered by the slices that it names. */
const setShape = z.object({
  language: z.string(),
  slices: z.array(z.object({ id: z.string(), text: z.string() })),
  questions: z.array(z.object({ text: z.string(), answers: z.array(z.string()).min(1) })),
});
type EverydaySet = z.infer<typeof setShape>;

const folder = path.join(import.meta.dirname, 'everyday-questions');
const sets = readdirSync(folder).map((file) => setShape.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))));

function factOf({ id, text }: EverydaySet['slices'][number], i: number): NewSlice {
  return {
    id, kind: 'semantic', state: 'held', text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 1,
    provenance: { type: 'user' }, validFrom: i, expiresAt: null, at: i,
  };
}

async function storeOf(...stored: readonly EverydaySet[]): Promise<Store> {
  const store = createMemoryStore();
  await store.slices.add(stored.flatMap(({ slices }) => slices).map(factOf));
  return store;
}

async function ask(store: Store, text: string): Promise<readonly RecallHit[]> {
  const query: RecallQuery = {
    text, vector: null, agentId: 'alden', workspaceId: null, sessionId: null, excludeMessageIds: [], limit: 20, tokenBudget: 1000, charactersPerToken: 4, at: 1000,
  };
  return (await store.recall(query)).hits;
}

interface Asked {
  readonly question: string;
  readonly answers: readonly string[];
  readonly found: readonly string[];
}

async function askAll(store: Store, { questions }: EverydaySet): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (const { text, answers } of questions) asked.push({ question: text, answers, found: (await ask(store, text)).map(({ slice }) => slice.id) });
  return asked;
}

function answeredIn(first: number, asked: readonly Asked[]): readonly Asked[] {
  return asked.filter(({ answers, found }) => answers.every((id) => found.slice(0, first).includes(id)));
}

describe('everyday questions', () => {
  afterEach(closeMemoryStores);

  it('are there in six languages, and none asks for what is not kept', () => {
    assert.deepEqual(sets.map(({ language }) => language), ['de', 'en', 'es', 'fr', 'it', 'zh']);
    for (const { slices, questions } of sets) {
      assert.ok(questions.length >= 10);
      const kept = new Set(slices.map(({ id }) => id));
      assert.ok(questions.every(({ answers }) => answers.every((id) => kept.has(id))));
    }
  });

  for (const set of sets) {
    it(`are answered by words alone in ${set.language}, by little that does not belong to the answer`, async () => {
      const asked = await askAll(await storeOf(set), set);
      assert.deepEqual(asked.filter((one) => !answeredIn(1, [one]).length), []);
      const listed = asked.reduce((sum, { found }) => sum + found.length, 0) / asked.length;
      assert.ok(listed <= 2, `${String(listed)} memories a question`);
    });
  }

  it('are answered where all languages are in one store', async () => {
    const store = await storeOf(...sets);
    for (const set of sets) {
      const asked = await askAll(store, set);
      assert.deepEqual(asked.filter((one) => !answeredIn(3, [one]).length), [], set.language);
    }
  });
});
