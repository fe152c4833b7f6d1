/**
 * A real engine behind the part of Ollama's protocol that Hearthlink uses. Runs in a process of its own, prints its address
 * on standard output, and ends with its standard input. Models are made on the spot.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { getLlama, LlamaCompletion } from 'node-llama-cpp';
import { createTinyModel } from './tiny-model/tiny-model.ts';

const folder = path.join(import.meta.dirname, '../../.cache/engine');
const trainedContext = 2048;
const millisecondsPerToken = 4;
const kinds = { 'tiny-chat:latest': 'chat', 'tiny-embedding:latest': 'embedding' };

const llama = await getLlama({ gpu: false, build: 'never', maxThreads: 1, progressLogs: false, logLevel: 'error' });
/** The models in memory by full name, with the context size they were loaded with. */
const loaded = new Map();
/** The engine does one thing at a time. */
let last = Promise.resolve();

function inTurn(work) {
  const done = last.then(work);
  last = done.catch(() => undefined);
  return done;
}

async function load(name, contextSize) {
  const present = loaded.get(name);
  if (present?.contextSize === contextSize) return { ...present, loadMs: 0 };
  const started = performance.now();
  await present?.model.dispose();
  mkdirSync(folder, { recursive: true });
  const modelPath = path.join(folder, `${kinds[name]}.gguf`);
  if (present === undefined) writeFileSync(modelPath, createTinyModel(kinds[name]));
  const model = await llama.loadModel({ modelPath });
  const options = { contextSize, threads: 1 };
  const context = kinds[name] === 'chat' ? await model.createContext(options) : await model.createEmbeddingContext(options);
  const completion = kinds[name] === 'chat' ? new LlamaCompletion({ contextSequence: context.getSequence() }) : undefined;
  loaded.set(name, { model, context, contextSize, completion });
  return { ...loaded.get(name), loadMs: performance.now() - started };
}

/** A model this small would have told its story before anyone could stop it. */
function paceLikeALargeModel() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millisecondsPerToken);
}

async function chat(body, name, send, left) {
  const contextSize = Math.min(body.options?.num_ctx ?? 2048, trainedContext);
  const { model, completion, loadMs } = await load(name, contextSize);
  const turns = body.messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`);
  const prompt = model.tokenize(`${turns.join('')}<|im_start|>assistant\n`, true);
  if (prompt.length >= contextSize) return send.refuse(400, overflow(prompt.length, contextSize));
  const grammar = body.format === undefined ? undefined : await llama.createGrammarForJsonSchema(body.format);
  const frame = (content, more) => ({ model: body.model, created_at: new Date().toISOString(), message: { role: 'assistant', content }, ...more });
  const started = performance.now();
  let tokens = 0;
  let firstAt = started;
  const { metadata } = await completion.generateCompletionWithMeta(prompt, {
    grammar,
    signal: left,
    seed: body.options?.seed ?? 1,
    temperature: body.options?.temperature ?? 0.8,
    maxTokens: Math.min(body.options?.num_predict ?? Infinity, contextSize - prompt.length),
    onToken: (more) => {
      if (tokens === 0) firstAt = performance.now();
      tokens += more.length;
      paceLikeALargeModel();
    },
    onTextChunk: (text) => send.line(frame(text, { done: false })),
  });
  const now = performance.now();
  send.line(
    frame('', {
      done: true,
      done_reason: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
      total_duration: nanoseconds(now - started + loadMs),
      load_duration: nanoseconds(loadMs),
      prompt_eval_count: prompt.length,
      prompt_eval_duration: nanoseconds(firstAt - started),
      eval_count: tokens,
      eval_duration: nanoseconds(now - firstAt),
    }),
  );
}

async function embed(body, name, send) {
  const { model, context } = await load(name, Math.min(body.options?.num_ctx ?? 2048, trainedContext));
  const embeddings = [];
  let tokens = 0;
  for (const text of [body.input].flat()) {
    tokens += model.tokenize(text).length;
    const { vector } = await context.getEmbeddingFor(text);
    const length = Math.hypot(...vector);
    embeddings.push(vector.map((component) => component / length));
  }
  send.json({ model: body.model, embeddings, prompt_eval_count: tokens });
}

function overflow(promptTokens, contextSize) {
  const message = `request (${promptTokens} tokens) exceeds the available context size (${contextSize} tokens), try increasing it`;
  return JSON.stringify({ error: { code: 400, message, type: 'exceed_context_size_error', n_prompt_tokens: promptTokens, n_ctx: contextSize } });
}

function nanoseconds(milliseconds) {
  return Math.round(milliseconds * 1e6);
}

const details = { format: 'gguf', family: 'llama', families: ['llama'], parameter_size: '3M', quantization_level: 'F16' };

async function answer(route, body, send, left) {
  const asked = body?.model ?? '';
  const name = asked.includes(':') ? asked : `${asked}:latest`;
  if (body !== undefined && !(name in kinds)) return send.refuse(404, `model '${asked}' not found`);
  switch (route) {
    case 'GET /api/version':
      return send.json({ version: '0.0.0' });
    case 'GET /api/tags':
      return send.json({ models: Object.keys(kinds).map((model) => ({ name: model, model, size: 6_300_000, digest: `${kinds[model]}0`.padEnd(64, '0'), details })) });
    case 'GET /api/ps':
      return send.json({ models: [...loaded].map(([model, { contextSize }]) => ({ name: model, model, size: 6_300_000, details, context_length: contextSize })) });
    case 'POST /api/show':
      return send.json({
        details,
        model_info: { 'general.architecture': 'llama', 'llama.context_length': trainedContext },
        capabilities: [kinds[name] === 'chat' ? 'completion' : 'embedding'],
      });
    case 'POST /api/chat':
      if (kinds[name] !== 'chat') return send.refuse(400, `"${asked}" does not support chat`);
      return inTurn(() => chat(body, name, send, left));
    case 'POST /api/embed':
      if (kinds[name] !== 'embedding') return send.refuse(501, 'This server does not support embeddings');
      return inTurn(() => embed(body, name, send));
    default:
      return send.refuse(404, 'no such route');
  }
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const left = new AbortController();
  response.on('close', () => left.abort());
  const send = {
    json: (value, status = 200) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value)),
    refuse: (status, error) => send.json({ error }, status),
    line: (value) => {
      if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
      response.write(`${JSON.stringify(value)}\n`);
    },
  };
  try {
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : undefined;
    await answer(`${request.method} ${request.url}`, body, send, left.signal);
  } catch (error) {
    if (left.signal.aborted) return;
    if (response.headersSent) send.line({ error: String(error) });
    else send.refuse(500, String(error));
  }
  response.end();
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.stdin.resume().on('end', () => process.exit());
