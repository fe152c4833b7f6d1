import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import http from 'node:http';
import type net from 'node:net';
import { promisify } from 'node:util';
import { createOllamaFetch, type FetchOptions } from '../../src/models/ollama-fetch.ts';
import { OllamaClient } from '../../src/models/ollama-client.ts';
import type { Timers } from '../../src/shared/ports.ts';
import { startScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { HandClock } from '../support/seeded-ports.ts';
import { failure, never, settingsFor } from './ollama-kit.ts';

const realTimers: Timers = {
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};

function options(endpoint: string, changes: Partial<FetchOptions> = {}): FetchOptions {
  return { connectMs: 3000, answerMs: null, asked: { endpoint }, timers: realTimers, signal: never, ...changes };
}

describe('the fetch under the client', () => {
  it('sets no limit of its own or of Node on a chat: nothing but the connection is timed', async () => {
    await using ollama = await startScriptedOllama();
    const clock = new HandClock();
    const first = Promise.withResolvers<undefined>();
    ollama.chat.answers({ text: 'Late.', hold: first.promise });
    const arrived = ollama.nextRequest('/api/chat');
    const sockets: net.Socket[] = [];
    const watch = (message: unknown): void => {
      assert.ok(typeof message === 'object' && message !== null && 'request' in message && message.request instanceof http.ClientRequest);
      if (message.request.socket !== null) sockets.push(message.request.socket);
    };
    subscribe('http.client.request.start', watch);
    const body = JSON.stringify({ model: 'hearth-chat', messages: [{ role: 'user', content: 'Hello' }] });
    const answered = createOllamaFetch(options(ollama.url, { timers: clock }))(`${ollama.url}/api/chat`, { method: 'POST', body });
    await arrived;
    unsubscribe('http.client.request.start', watch);
    assert.equal(clock.waiting, 0);
    assert.deepEqual(sockets.map(({ timeout }) => timeout ?? 0), [0]);
    first.resolve(undefined);
    assert.match(await (await answered).text(), /Late\./);
  });

  it('with a limit for the first byte fails on the same slow server', async () => {
    await using ollama = await startScriptedOllama();
    ollama.chat.answers({ text: 'Late.', hold: new Promise(() => undefined) });
    const body = JSON.stringify({ model: 'hearth-chat', messages: [{ role: 'user', content: 'Hello' }] });
    const limited = createOllamaFetch(options(ollama.url, { answerMs: 50 }));
    await failure(limited(`${ollama.url}/api/chat`, { method: 'POST', body }), 'model-silent');
  });

  it('gives up on a connection that does not open', async () => {
    const clock = new HandClock();
    // An address of a network for documentation (RFC 5737): nothing answers there.
    const endpoint = 'http://192.0.2.1:11434';
    const connecting = failure(createOllamaFetch(options(endpoint, { timers: clock }))(`${endpoint}/api/version`), 'model-not-running');
    await clock.advance(3000);
    await connecting;
  });

  it('goes straight to the endpoint where the environment sends everything else through a proxy', async () => {
    await using ollama = await startScriptedOllama();
    const script = `
      import http from 'node:http';
      import { createOllamaFetch } from ${JSON.stringify(new URL('../../src/models/ollama-fetch.ts', import.meta.url).href)};
      const url = ${JSON.stringify(`${ollama.url}/api/version`)};
      const timers = { after: () => () => undefined };
      const ours = createOllamaFetch({ connectMs: 3000, answerMs: null, asked: { endpoint: url }, timers, signal: new AbortController().signal });
      const proxied = await new Promise((resolve) => http.get(url).on('response', () => resolve(false)).on('error', () => resolve(true)));
      console.log(JSON.stringify({ ours: (await ours(url)).status, proxied }));
      process.exit();`;
    const env = { ...process.env, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '', no_proxy: '' };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
    assert.deepEqual(JSON.parse(stdout), { ours: 200, proxied: true });
  });

  it('does not go by way of http.request, which VS Code replaces to apply its proxy settings', async () => {
    await using ollama = await startScriptedOllama();
    const { request, get } = http;
    const replaced = (): never => assert.fail('it went by way of http.request');
    Object.assign(http, { request: replaced, get: replaced });
    try {
      const answer = await createOllamaFetch(options(ollama.url))(`${ollama.url}/api/version`);
      assert.equal(answer.status, 200);
    } finally {
      Object.assign(http, { request, get });
    }
  });

  it('follows no redirect', async () => {
    await using ollama = await startScriptedOllama();
    await using elsewhere = await startScriptedOllama();
    ollama.replace('/api/version', { status: 307, headers: { Location: `${elsewhere.url}/api/version` } });
    await failure(createOllamaFetch(options(ollama.url))(`${ollama.url}/api/version`), 'model-wrong-server');
    assert.equal(elsewhere.requests().length, 0);
  });

  it('ends a request in any state with its own signal or the package\'s', async () => {
    await using ollama = await startScriptedOllama();
    ollama.replace('/api/version', { status: 200, hold: new Promise(() => undefined) });
    for (const whose of ['own', 'init'] as const) {
      const stop = new AbortController();
      const arrived = ollama.nextRequest('/api/version');
      const asking = createOllamaFetch(options(ollama.url, whose === 'own' ? { signal: stop.signal } : {}))(
        `${ollama.url}/api/version`,
        whose === 'init' ? { signal: stop.signal } : {},
      );
      const request = await arrived;
      stop.abort(new Error('enough'));
      await assert.rejects(asking, /enough/);
      await request.finished;
      assert.equal(request.aborted, true);
    }
  });

  it('leaves the body unread when nobody reads on, and the server notices', async () => {
    await using ollama = await startScriptedOllama();
    ollama.chat.answers({ text: 'la la', endless: true });
    const arrived = ollama.nextRequest('/api/chat');
    const body = JSON.stringify({ model: 'hearth-chat', messages: [{ role: 'user', content: 'Sing' }], options: { num_predict: 1_000_000 } });
    const answer = await createOllamaFetch(options(ollama.url))(`${ollama.url}/api/chat`, { method: 'POST', body });
    await answer.body?.cancel();
    const request = await arrived;
    await request.finished;
    assert.equal(request.aborted, true);
  });
});

describe('a request', () => {
  it('carries the headers of the settings, and calls an address that can be called', async () => {
    await using ollama = await startScriptedOllama();
    const settings = settingsFor(ollama.url.replace('127.0.0.1', '0.0.0.0'), { headers: { 'X-Gate': 'open' } });
    const client = new OllamaClient(() => settings, realTimers);
    assert.equal(await client.version(never), '0.33.0');
    const [request] = ollama.requests('/api/version');
    assert.equal(request?.headers['x-gate'], 'open');
    assert.equal(request.headers.host, `127.0.0.1:${String(ollama.port)}`);
  });

  it('goes to the path of an endpoint behind a gateway', async () => {
    await using ollama = await startScriptedOllama();
    ollama.replace('/gate/api/version', { status: 200, body: '{"version":"9.9.9"}' });
    const client = new OllamaClient(() => settingsFor(`${ollama.url}/gate/`), realTimers);
    assert.equal(await client.version(never), '9.9.9');
  });
});
