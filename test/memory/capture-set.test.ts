import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { captureHandler, captureKind } from '../../src/memory/capture.ts';
import { capturedShape } from '../../src/memory/capture-prompt.ts';
import type { NewSlice } from '../../src/store/slice-port.ts';
import type { Job } from '../../src/store/records.ts';
import { openScene, say } from '../agents/conversation-kit.ts';
import { chosenModel, says, saysJson, scriptedChatModel } from '../support/scripted-chat-model.ts';
import { HandClock, keepingLog, seededIds } from '../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../support/store/memory-store.ts';

/**
 * Short conversations, what a model proposes after each (rightly or wrongly), and what must be held of it: nothing else may be.
 * The product's own capture is run on them, so this is the test of the rules around the model, not of a model.
 */
const proposalShape = z.strictObject({
  /** From 1. */
  message: z.int(),
  quote: z.string(),
  text: z.string(),
  kind: z.enum(['fact', 'preference', 'for-now']).default('fact'),
  sure: z.enum(['yes', 'fairly', 'no']).default('yes'),
  days: z.int().default(0),
});
const conversationShape = z.strictObject({
  name: z.string(),
  language: z.enum(['en', 'de', 'fr', 'es', 'pt', 'it', 'ja', 'zh']),
  said: z.array(z.strictObject({ user: z.string(), reply: z.string() })).nonempty(),
  /** Held, forgotten and refused before it begins. */
  known: z.array(z.string()).default([]),
  forgotten: z.array(z.string()).default([]),
  refused: z.array(z.string()).default([]),
  proposals: z.array(proposalShape).nonempty(),
  /** Held after it, beside what was known. */
  facts: z.array(z.string()),
});
type CapturedConversation = z.infer<typeof conversationShape>;

const folder = new URL('capture-set/', import.meta.url);
const set = readdirSync(folder).toSorted().map((file) => ({ file, conversations: z.array(conversationShape).parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))) }));

function fact(id: string, text: string, state: 'held' | 'proposed' = 'held'): NewSlice {
  return { id, kind: 'semantic', state, text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 1, provenance: { type: 'user' }, validFrom: 0, expiresAt: null, at: 0 };
}

async function prepare(store: MemoryStore, { known, forgotten, refused }: CapturedConversation): Promise<void> {
  await store.slices.add(known.map((text, n) => fact(`known-${String(n)}`, text)));
  for (const [n, text] of forgotten.entries()) {
    await store.slices.add([fact(`forgotten-${String(n)}`, text)]);
    await store.slices.forget({ id: `forgotten-${String(n)}`, undoUntil: 1, at: 0 });
  }
  for (const [n, text] of refused.entries()) {
    await store.slices.add([fact(`refused-${String(n)}`, text, 'proposed')]);
    await store.slices.reject({ ids: [`refused-${String(n)}`], undoUntil: 1, at: 0 });
  }
  await store.slices.wipeForgotten(2);
}

/** Texts of the facts that are there after capture, and of those that were before. */
async function capture(conversation: CapturedConversation): Promise<{ readonly held: readonly string[]; readonly logged: string }> {
  const clock = new HandClock();
  const store = createMemoryStore();
  const scene = openScene({ model: scriptedChatModel(...conversation.said.map(({ reply }) => says(reply))), store, clock });
  for (const { user } of conversation.said) await say(scene.conversation, user);
  await prepare(store, conversation);
  await store.agents.setCaptureMode({ agentId: 'alden', mode: 'automatic', at: 0 });
  const { messages } = await scene.conversation.page({ limit: 100 });
  const facts = conversation.proposals.map(({ message, quote, kind, text, sure, days }) => ({ a_message: message, b_quote: quote, c_kind: kind, d_text: text, e_sure: sure, f_days: days }));
  const log = keepingLog();
  const parts = { store, chat: scriptedChatModel(saysJson(capturedShape.parse({ facts }))), choice: chosenModel('tiny'), clock, ids: seededIds(clock, 99), log, timeZone: 'UTC' };
  const payload = JSON.stringify({ sessionId: scene.conversation.sessionId, fromMessageId: messages[0]?.id });
  const job: Job = { id: 'j', kind: captureKind, payload, status: 'running', tries: 0, runAfter: 0, holder: null, leaseUntil: null, error: null, createdAt: 0, updatedAt: 0, version: 1 };
  await captureHandler(parts)(job, new AbortController().signal);
  const { slices } = await store.slices.list({ limit: 50, offset: 0, kinds: ['semantic', 'procedural', 'working'] });
  for (const { state } of slices) assert.equal(state, 'held');
  return { held: slices.map(({ text }) => text), logged: log.lines.join('\n') };
}

describe('the capture set', () => {
  afterEach(closeMemoryStores);

  for (const { file, conversations } of set) {
    describe(file.replace('.json', '').replaceAll('-', ' '), () => {
      for (const conversation of conversations) {
        it(`${conversation.name}: ${conversation.facts.length === 0 ? 'nothing' : String(conversation.facts.length)}`, async () => {
          const { held, logged } = await capture(conversation);
          assert.deepEqual(held.toSorted(), [...conversation.known, ...conversation.facts].toSorted());
          for (const { user } of conversation.said) assert.ok(!logged.includes(user));
        });
      }
    });
  }

  it('holds at least 60 conversations in eight languages, most of which hold something that is no fact', () => {
    const all = set.flatMap(({ conversations }) => conversations);
    assert.ok(all.length >= 60);
    assert.equal(new Set(all.map(({ language }) => language)).size, 8);
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
    assert.ok(all.filter(({ proposals, facts }) => proposals.length > facts.length).length >= 45);
  });
});
