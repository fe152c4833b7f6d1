import assert from 'node:assert/strict';
import * as z from 'zod';
import { chatModel, embeddingModel, thinkingModel } from '../support/ollama/scripted-model.ts';
import { startScriptedOllama, type ScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { eventually } from './ollama-kit.ts';

const frame = z.looseObject({
  message: z.looseObject({ content: z.string(), thinking: z.string().optional(), tool_calls: z.array(z.unknown()).optional() }).optional(),
  done_reason: z.string().optional(),
  prompt_eval_count: z.number().optional(),
  error: z.string().optional(),
});
const embedded = z.object({ embeddings: z.array(z.array(z.number())) });

function post(ollama: ScriptedOllama, path: string, body: object, signal?: AbortSignal): Promise<Response> {
  return fetch(ollama.url + path, { method: 'POST', body: JSON.stringify(body), ...(signal !== undefined && { signal }) });
}

async function chat(ollama: ScriptedOllama, more: object): Promise<readonly z.infer<typeof frame>[]> {
  const answer = await post(ollama, '/api/chat', { model: 'm', messages: [{ role: 'user', content: 'hi' }], ...more });
  return (await answer.text()).trim().split('\n').map((line) => frame.parse(JSON.parse(line)));
}

async function refusal(answer: Promise<Response>): Promise<[status: number, error: unknown]> {
  const { status, headers, ...response } = await answer.then(async (given) => ({ status: given.status, headers: given.headers, text: await given.text() }));
  return [status, headers.get('content-type')?.includes('json') === true ? z.object({ error: z.string() }).parse(JSON.parse(response.text)).error : response.text];
}

/** The scripted server is what everything else is tested with; these are the habits of the real one that it must have. */
describe('the scripted server as Ollama', () => {
  it('thinks by itself unless told not to, and can use up the reply by it', async () => {
    await using ollama = await startScriptedOllama({ models: [thinkingModel('m')] });
    ollama.chat.when('hi').answers({ thinking: 'one two three', text: 'Hello.' });
    assert.ok((await chat(ollama, {})).some(({ message }) => message?.thinking !== undefined));
    assert.ok((await chat(ollama, { think: false })).every(({ message }) => message?.thinking === undefined));
    const short = await chat(ollama, { options: { num_predict: 3 } });
    assert.ok(short.every(({ message }) => message?.content === ''));
    assert.equal(short.at(-1)?.done_reason, 'length');
  });

  it('cuts a prompt that is too long without a word, unless it must not', async () => {
    await using ollama = await startScriptedOllama({ models: [chatModel('m')] });
    const messages = [{ role: 'user', content: 'x'.repeat(4000) }];
    const [last] = (await chat(ollama, { messages, options: { num_ctx: 256 } })).slice(-1);
    assert.equal(last?.prompt_eval_count, 128);
    const [status, error] = await refusal(post(ollama, '/api/chat', { model: 'm', messages, truncate: false, options: { num_ctx: 256 } }));
    assert.equal(status, 400);
    assert.match(String(error), /^\{"error":\{"code":400,"message":"request \(1000 tokens\) exceeds.*"n_prompt_tokens":1000,"n_ctx":256\}\}$/);
  });

  it('refuses in the words and with the status of the real one', async () => {
    await using ollama = await startScriptedOllama({ models: [chatModel('m', { capabilities: ['completion'] }), embeddingModel('e')] });
    const messages = [{ role: 'user', content: 'hi' }];
    const cases: readonly [path: string, body: object, status: number, error: RegExp][] = [
      ['/api/chat', { model: 'x', messages }, 404, /^model 'x' not found$/],
      ['/api/embed', { model: 'x', input: 'a' }, 404, /^model "x" not found, try pulling it first$/],
      ['/api/chat', { messages }, 400, /^model is required$/],
      ['/api/chat', { model: 'm', messages, think: true }, 400, /^"m" does not support thinking$/],
      ['/api/chat', { model: 'm', messages, tools: [{}] }, 400, /^"m" does not support tools$/],
      ['/api/chat', { model: 'm', messages: [{ ...messages[0], images: ['aGk='] }] }, 400, /image/],
      ['/api/chat', { model: 'm', messages, format: 'xml' }, 500, /^invalid format: "\\"xml\\""; expected "json" or a valid JSON Schema object$/],
      ['/api/chat', { model: 'm', messages, options: { num_ctx: 'many' } }, 500, /^option "num_ctx" must be of type integer$/],
      ['/api/chat', { model: 'm', messages, format: { type: 'array', items: false } }, 400, /grammar/],
      ['/api/embed', { model: 'm', input: 'a' }, 501, /^This server does not support embeddings/],
      ['/api/nothing', {}, 404, /^404 page not found$/],
    ];
    for (const [path, body, status, error] of cases) {
      const [given, words] = await refusal(post(ollama, path, body));
      assert.equal(given, status, String(words));
      assert.match(String(words), error);
    }
  });

  it('does one request of a model at a time, and never runs one that was given up', async () => {
    await using ollama = await startScriptedOllama({ models: [chatModel('m')] });
    const first = Promise.withResolvers<undefined>();
    ollama.chat.answers({ text: 'first', hold: first.promise }, 'second', 'third');
    const begun = ollama.nextRequest('/api/chat');
    const one = chat(ollama, {});
    await begun;
    const gone = new AbortController();
    const arrived = ollama.nextRequest('/api/chat');
    const two = post(ollama, '/api/chat', { model: 'm', messages: [{ role: 'user', content: 'hi' }] }, gone.signal);
    const waiting = await arrived;
    gone.abort();
    await assert.rejects(two);
    await waiting.finished;
    first.resolve(undefined);
    await one;
    assert.equal((await chat(ollama, {}))[0]?.message?.content, 'third');
    assert.equal(waiting.linesSent, 0);
  });

  it('loads a model on first use and when the window changes, and forgets a load that was given up', async () => {
    await using ollama = await startScriptedOllama({ models: [chatModel('m')] });
    const held = Promise.withResolvers<undefined>();
    ollama.runners.holdLoads(held.promise);
    const gone = new AbortController();
    const arrived = ollama.nextRequest('/api/chat');
    const asked = post(ollama, '/api/chat', { model: 'm', messages: [{ role: 'user', content: 'hi' }] }, gone.signal);
    const request = await arrived;
    gone.abort();
    await assert.rejects(asked);
    await request.finished;
    held.resolve(undefined);
    await eventually(() => ollama.requests('/api/chat').every(({ aborted }) => aborted));
    assert.deepEqual(ollama.runners.loaded(), []);
    for (const [contextSize, loads] of [[1024, true], [1024, false], [2048, true]] as const) {
      const [last] = (await chat(ollama, { options: { num_ctx: contextSize } })).slice(-1);
      assert.equal(last !== undefined && 'load_duration' in last, loads);
      assert.deepEqual(ollama.runners.loaded().map((model) => model.contextSize), [contextSize]);
    }
  });

  it('lets a model go after its keep-alive time, at once for 0, and the oldest when there is no room', async () => {
    await using ollama = await startScriptedOllama({ models: [chatModel('m'), chatModel('n'), chatModel('o')], limits: { maxLoaded: 2 } });
    const names = (): readonly string[] => ollama.runners.loaded().map(({ model }) => model.name);
    await chat(ollama, { keep_alive: 0 });
    assert.deepEqual(names(), []);
    await chat(ollama, { keep_alive: '30ms' });
    assert.deepEqual(names(), ['m:latest']);
    await eventually(() => names().length === 0);
    for (const model of ['m', 'n', 'o']) await chat(ollama, { model, keep_alive: -1 });
    assert.deepEqual(names(), ['o:latest', 'n:latest']);
    assert.deepEqual(ollama.runners.loaded().map(({ expiresAt }) => expiresAt), [null, null]);
    await chat(ollama, { model: 'n', messages: [], keep_alive: 0 });
    assert.deepEqual(names(), ['o:latest']);
  });

  it('calls tools in the last frame, with arguments as an object', async () => {
    await using ollama = await startScriptedOllama({ models: [chatModel('m')] });
    ollama.chat.answers({ toolCalls: [{ name: 'remember', arguments: { text: 'tea' } }, { name: 'recall', arguments: {} }] });
    const frames = await chat(ollama, { tools: [{ type: 'function' }] });
    assert.deepEqual(frames.at(-1)?.message?.tool_calls, [
      { id: 'call_0', function: { index: 0, name: 'remember', arguments: { text: 'tea' } } },
      { id: 'call_1', function: { index: 1, name: 'recall', arguments: {} } },
    ]);
  });

  it('embeds the same text alike, by the table where one is set, and nothing where nothing is sent', async () => {
    await using ollama = await startScriptedOllama({ models: [embeddingModel('e', { dimensions: 4 })] });
    ollama.embeddings.table({ 'green tea': [1, 1], tea: [0, 0, 1] });
    const embed = async (input: unknown): Promise<readonly (readonly number[])[]> =>
      embedded.parse(await (await post(ollama, '/api/embed', { model: 'e', input })).json()).embeddings;
    assert.deepEqual(await embed(['black tea']), [[0, 0, 1, 0]]);
    const [green] = await embed('a cup of green tea');
    assert.ok(Math.abs((green?.[0] ?? 0) - Math.SQRT1_2) < 1e-9 && green?.[2] === 0);
    assert.deepEqual(await embed(['the wall']), await embed(['the wall']));
    assert.deepEqual(await embed(''), []);
    assert.equal((await embed([''])).length, 1);
  });

  it('refuses pages and names from elsewhere, without a word', async () => {
    await using ollama = await startScriptedOllama();
    const from = (origin: string): Promise<Response> => fetch(`${ollama.url}/api/version`, { headers: { Origin: origin } });
    assert.equal((await from('https://example.com')).status, 403);
    assert.equal((await from('vscode-webview://abc')).status, 200);
  });

  it('records what came, and listens again on the same port', async () => {
    await using ollama = await startScriptedOllama();
    await fetch(`${ollama.url}/api/version`, { headers: { 'X-Test': 'yes' } });
    await ollama.stop();
    await assert.rejects(fetch(`${ollama.url}/api/version`));
    await ollama.restart();
    assert.equal((await fetch(`${ollama.url}/api/version`)).status, 200);
    assert.deepEqual(ollama.requests().map(({ method, path, headers }) => [method, path, headers['x-test']]), [
      ['GET', '/api/version', 'yes'],
      ['GET', '/api/version', undefined],
    ]);
  });
});
