import assert from 'node:assert/strict';
import { parseCommand, runCommand, type CommandPlace, type CommandResult } from '../../src/agents/commands.ts';
import { createRecall } from '../../src/memory/recall.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../support/store/memory-store.ts';
import { HandClock, keepingLog, seededIds } from '../support/seeded-ports.ts';
import { noEmbedder } from './conversation-kit.ts';

afterEach(closeMemoryStores);

let runs = 0;
const inChat: CommandPlace = { sessionId: null, isPrivate: false };

/** Each run with ids of its own, as in the product. */
async function run(store: MemoryStore, message: string, place = inChat): Promise<CommandResult> {
  const clock = new HandClock();
  const recall = createRecall({ store, embedder: noEmbedder, clock, timers: clock, log: keepingLog(), agentId: 'alden', workspaceId: null });
  const command = parseCommand(message);
  assert.ok(command !== null, `${message} is a command`);
  return runCommand({ store, clock, ids: seededIds(clock, ++runs), recall }, command, place, new AbortController().signal);
}

const textsOf = (result: CommandResult): readonly string[] => ('hits' in result ? result.hits.map(({ slice }) => slice.text) : []);

describe('a command', () => {
  it('is one of four names after a slash, with what follows', () => {
    assert.deepEqual(parseCommand('/remember I like tea\nand cake'), { name: 'remember', text: 'I like tea\nand cake' });
    assert.deepEqual(parseCommand('  /Recall   invoices '), { name: 'recall', text: 'invoices' });
    assert.deepEqual(parseCommand('/help'), { name: 'help', text: '' });
    for (const message of ['/usr/bin is full', '/rememberme', 'say /help', '/ help', '/forgetful', '//help']) assert.equal(parseCommand(message), null);
  });

  it('/remember keeps the words as the person\'s own, once', async () => {
    const store = createMemoryStore();

    const first = await run(store, '/remember I like tea');
    const second = await run(store, '/remember I like tea');

    assert.equal(first.outcome, 'remembered');
    assert.equal(second.outcome, 'already-known');
    const [slice] = (await store.slices.list({ limit: 10, offset: 0 })).slices;
    assert.deepEqual([slice?.text, slice?.kind, slice?.state, slice?.speaker, slice?.confidence], ['I like tea', 'semantic', 'held', 'user', 1]);
  });

  it('/remember refuses a secret, and says so when something was forgotten before', async () => {
    const store = createMemoryStore();
    assert.equal((await run(store, '/remember my password is hunter2xyz')).outcome, 'secret');
    assert.equal((await store.status()).counts.slices, 0);

    await run(store, '/remember I like tea');
    const [slice] = (await store.slices.list({ limit: 10, offset: 0 })).slices;
    await store.slices.forget({ id: slice?.id ?? '', undoUntil: 0, at: 0 });

    assert.equal((await run(store, '/remember I like tea')).outcome, 'forgotten-before');
  });

  it('/recall answers the best matches and /forget asks which', async () => {
    const store = createMemoryStore();
    await run(store, '/remember I like green tea');
    await run(store, '/remember I dislike tea bags from shops');

    const recalled = await run(store, '/recall green tea');
    const which = await run(store, '/forget green tea');

    assert.deepEqual([recalled.outcome, textsOf(recalled)[0]], ['recalled', 'I like green tea']);
    assert.deepEqual([which.outcome, textsOf(which)[0]], ['which-to-forget', 'I like green tea']);
    assert.equal((await store.slices.list({ limit: 10, offset: 0, states: ['forgotten'] })).total, 0, 'nothing is forgotten before the person has said which');
    assert.deepEqual(await run(store, '/recall submarines'), { outcome: 'nothing-found', command: 'recall' });
  });

  it('says what is missing', async () => {
    for (const name of ['remember', 'forget', 'recall'] as const) {
      assert.deepEqual(await run(createMemoryStore(), `/${name} `), { outcome: 'needs-text', command: name });
    }
  });

  it('touches no memory in a private chat, and still helps', async () => {
    const store = createMemoryStore();
    const place = { sessionId: null, isPrivate: true };
    for (const name of ['remember', 'forget', 'recall'] as const) {
      assert.deepEqual(await run(store, `/${name} tea`, place), { outcome: 'not-in-private', command: name });
    }
    assert.deepEqual(await run(store, '/help', place), { outcome: 'help', commands: ['remember', 'forget', 'recall', 'help'] });
    assert.deepEqual(store.calls, []);
  });
});
