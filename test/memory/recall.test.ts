import assert from 'node:assert/strict';
import { questionTime } from '../../src/memory/question-time.ts';
import { createRecall, embeddingPatienceMs, recallText } from '../../src/memory/recall.ts';
import type { Embedder } from '../../src/models/port.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { RecallQuery } from '../../src/store/recall-port.ts';
import { HandClock, keepingLog } from '../support/seeded-ports.ts';

const request = { excludeMessageIds: ['m1'], limit: 10, tokenBudget: 500, charactersPerToken: 4 };
const noSignal = new AbortController().signal;

function openRecall(embed: Embedder['embed'], model: string | null = 'digest') {
  const clock = new HandClock();
  const queries: RecallQuery[] = [];
  const log = keepingLog();
  const store = {
    recall: async (query: RecallQuery) => {
      queries.push(query);
      return Promise.resolve({ hits: [], omitted: 3 });
    },
  };
  const embedder: Embedder = { model: async () => Promise.resolve(model), embed };
  return { clock, queries, log, recall: createRecall({ store, embedder, clock, timers: clock, log, agentId: 'alden', workspaceId: 'w' }) };
}

describe('recall', () => {
  it('searches by words and by meaning', async () => {
    const values = Float32Array.of(1, 0);
    const { clock, queries, recall } = openRecall(async (texts, purpose) => {
      assert.deepEqual([texts, purpose], [['When is it due?'], 'query']);
      return Promise.resolve([values]);
    });

    const result = await recall.begin({ text: 'When is it due?', sessionId: 's' }, noSignal).find(request);

    assert.equal(result.omitted, 3);
    assert.deepEqual(queries, [{ ...request, text: 'When is it due?', vector: { model: 'digest', values }, agentId: 'alden', workspaceId: 'w', sessionId: 's', during: null, at: clock.now() }]);
    assert.equal(clock.waiting, 0);
  });

  it('tells the store which time the question speaks of', async () => {
    const { clock, queries, recall } = openRecall(async () => Promise.resolve([Float32Array.of(1)]));
    await recall.begin({ text: 'What did I plan yesterday?', sessionId: null }, noSignal).find(request);
    assert.deepEqual(queries[0]?.during, questionTime('yesterday', clock.now()));
    assert.ok(queries[0].during);
  });

  it('searches by words alone without an embedding model, or when it fails, without a word of the question in the log', async () => {
    const failing = openRecall(async () => Promise.reject(new HearthlinkError('model-crashed')));
    const missing = openRecall(async () => Promise.resolve([]), null);
    for (const { log, queries, recall } of [failing, missing]) {
      await recall.begin({ text: 'When is it due?', sessionId: null }, noSignal).find(request);
      assert.equal(queries[0]?.vector, null);
      assert.doesNotMatch(log.lines.join(), /due/);
    }
  });

  it('does not wait longer than it may for a slow embedding, and gives it up', async () => {
    let given: AbortSignal | undefined;
    const { clock, queries, recall } = openRecall((_texts, _purpose, signal) => {
      given = signal;
      return new Promise(() => undefined);
    });
    const finding = recall.begin({ text: 'When is it due?', sessionId: null }, noSignal).find(request);

    await clock.advance(embeddingPatienceMs);
    await finding;

    assert.equal(queries[0]?.vector, null);
    assert.equal(given?.aborted, true);
  });

  it('begins to embed before it is asked to find', async () => {
    const calls: string[] = [];
    const { recall } = openRecall(async () => {
      calls.push('embed');
      return Promise.resolve([Float32Array.of(1)]);
    });
    recall.begin({ text: 'When is it due?', sessionId: null }, noSignal);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(calls, ['embed']);
  });
});

describe('the text to search with', () => {
  it('is the message, with the one before it where it is short', () => {
    assert.equal(recallText(' And then? ', 'When are invoices due?'), 'When are invoices due?\nAnd then?');
    assert.equal(recallText('And then?', null), 'And then?');
    const long = 'When do we send the second reminder for an invoice?';
    assert.equal(recallText(long, 'Something else'), long);
  });

  it('is the end of a very long message', () => {
    const text = recallText(`${'log line\n'.repeat(1_000)}What does this mean?`, null);
    assert.ok(text.length <= 2_000);
    assert.ok(text.endsWith('What does this mean?'));
  });
});
