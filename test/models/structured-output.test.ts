import assert from 'node:assert/strict';
import * as z from 'zod';
import { askForShape } from '../../src/models/structured-output.ts';
import { chatBodies, failure, never, startKit } from './ollama-kit.ts';

const shape = z.object({ facts: z.array(z.object({ a_quote: z.string(), b_fact: z.string() })).max(3) });
const good = { facts: [{ a_quote: 'I like tea', b_fact: 'likes tea' }] };
const request = { model: 'hearth-chat', messages: [{ role: 'user', content: 'What are the facts?' }], shape } as const;

describe('asking for a shape', () => {
  it('answers the value, asked for by schema, cold and without thinking', async () => {
    await using kit = await startKit();
    kit.ollama.structured.answers({ json: good });
    assert.deepEqual(await askForShape(kit.room.chat, { ...request, maxReplyTokens: 600 }, never), good);
    const [body] = chatBodies(kit.ollama);
    assert.equal(body?.options.temperature, 0);
    assert.equal(body.options.num_predict, 600);
    assert.equal(body.think, false);
    assert.deepEqual(z.object({ type: z.string(), required: z.array(z.string()) }).parse(body.format), { type: 'object', required: ['facts'] });
  });

  it('accepts JSON with words around it, from a server that does not hold the model to the schema', async () => {
    await using kit = await startKit();
    kit.ollama.structured.answers(`Sure! \`\`\`json\n${JSON.stringify(good, null, 2)}\n\`\`\` There you go.`);
    assert.deepEqual(await askForShape(kit.room.chat, request, never), good);
    assert.equal(kit.ollama.requests('/api/chat').length, 1);
  });

  const bad = {
    'is no JSON': 'I cannot do that.',
    'has another shape': { json: { facts: [{ a_quote: 'I like tea' }] } },
    'was cut off': { json: good, doneReason: 'length' },
  } as const;
  for (const [name, answer] of Object.entries(bad)) {
    it(`asks once more, with what was wrong, when the answer ${name}`, async () => {
      await using kit = await startKit();
      kit.ollama.structured.answers(answer, { json: good });
      assert.deepEqual(await askForShape(kit.room.chat, request, never), good);
      const [first, second] = chatBodies(kit.ollama);
      assert.equal(second?.options.temperature, 0.3);
      assert.deepEqual(second.messages[0], first?.messages[0]);
      assert.deepEqual(second.messages.map(({ role }) => role), ['user', 'assistant', 'user']);
      assert.match(second.messages[2]?.content ?? '', /cannot be used:\n- /);
    });
  }

  it('gives up after the second, and says what was wrong without quoting the answer', async () => {
    await using kit = await startKit();
    kit.ollama.structured.answers({ json: { facts: 'my secret' } }, { json: { facts: [{ a_quote: 'my secret', b_fact: 7 }] } });
    const error = await failure(askForShape(kit.room.chat, request, never), 'model-bad-output');
    assert.equal(error.parameters['detail'], 'facts.0.b_fact: Invalid input: expected string, received number');
  });

  it('does not ask again after an error of the server', async () => {
    await using kit = await startKit();
    kit.ollama.structured.answers({ refusal: { status: 503, error: 'server busy' } });
    await failure(askForShape(kit.room.chat, request, never), 'model-busy');
    assert.equal(kit.ollama.requests('/api/chat').length, 1);
  });
});
