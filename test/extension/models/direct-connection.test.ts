import assert from 'node:assert/strict';
import http from 'node:http';
import { ConfigurationTarget, workspace } from 'vscode';
import { createOllamaFetch } from '../../../src/models/ollama-fetch.ts';

/** An address of this machine that VS Code does not take for it, and where nothing listens. */
const target = 'http://127.0.0.2:9/api/version';

describe('a request to a model, where VS Code has a proxy', () => {
  let proxied = 0;
  const proxy = http.createServer((_request, response) => {
    proxied++;
    response.end('{}');
  });

  before(async () => {
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    assert.ok(address !== null && typeof address === 'object');
    await workspace.getConfiguration('http').update('proxy', `http://127.0.0.1:${address.port}`, ConfigurationTarget.Global);
  });

  after(async () => {
    await workspace.getConfiguration('http').update('proxy', undefined, ConfigurationTarget.Global);
    proxy.close();
  });

  it('goes straight to its endpoint, while others go through the proxy', async () => {
    while (proxied === 0) {
      await new Promise((resolve) => {
        http.get(target, (response) => response.resume().on('end', resolve)).on('error', resolve);
      });
    }
    const fetch = createOllamaFetch({
      connectMs: 3000,
      answerMs: null,
      asked: { endpoint: target },
      timers: { after: () => () => undefined },
      signal: new AbortController().signal,
    });
    await assert.rejects(fetch(target), { code: 'model-not-running', parameters: { endpoint: target, detail: 'connect ECONNREFUSED 127.0.0.2:9' } });
  });
});
