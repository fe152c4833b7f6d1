import assert from 'node:assert/strict';
import fc from 'fast-check';
import { errorOfAnswer, errorOfTransport, errorOfWords, isServerFault, isTransient } from '../../src/models/ollama-errors.ts';
import { HearthlinkError, type ErrorCode } from '../../src/shared/errors.ts';

const asked = { endpoint: 'http://127.0.0.1:11434', model: 'm' };
const engine = (message: string, more: object = {}): string => JSON.stringify({ error: { code: 400, message, ...more } });

describe('the server\'s words', () => {
  const cases: readonly [status: number | null, words: string, code: ErrorCode][] = [
    [404, "model 'm' not found", 'model-missing'],
    [404, 'model "m" not found, try pulling it first', 'model-missing'],
    [null, 'pull model manifest: file does not exist', 'model-missing'],
    [400, '"m" does not support thinking', 'model-unsupported'],
    [400, '"m" does not support tools', 'model-unsupported'],
    [501, 'This server does not support embeddings. Start it with `--embeddings`', 'model-unsupported'],
    [400, engine('request (970 tokens) exceeds the available context size (256 tokens)', { type: 'exceed_context_size_error' }), 'model-context-overflow'],
    [400, 'the input length exceeds the context length', 'model-context-overflow'],
    [400, 'the prompt is longer than the context length currently available', 'model-context-overflow'],
    [503, 'server busy, please try again.  maximum pending requests exceeded', 'model-busy'],
    [500, 'llama-server process has terminated: signal: killed', 'model-crashed'],
    [null, 'an error was encountered while running the model: unexpected EOF', 'model-crashed'],
    [500, 'model requires more system memory (9.2 GiB) than is available (5.1 GiB)', 'model-load-failed'],
    [500, 'unable to load model: /models/blobs/sha256-0', 'model-load-failed'],
    [500, 'llama-server returned invalid tool call arguments', 'model-bad-output'],
    [500, 'invalid format: "\\"xml\\""; expected "json" or a valid JSON Schema object', 'model-server-error'],
    [400, engine('failed to parse grammar'), 'model-server-error'],
    [403, '', 'model-wrong-server'],
    [499, 'request canceled', 'model-server-error'],
  ];
  for (const [status, words, code] of cases) {
    it(`${String(status)} ${words.slice(0, 60)} is ${code}`, () => {
      assert.equal(errorOfWords(words, status, asked).code, code);
    });
  }

  it('are kept as they are, taken out of the engine\'s JSON where they stand in it', () => {
    const error = errorOfAnswer(400, 'application/json', JSON.stringify({ error: engine('failed to parse grammar') }), asked);
    assert.deepEqual(error.parameters, { model: 'm', detail: 'failed to parse grammar', status: 400 });
  });

  it('in any form make one of our errors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.constantFrom('application/json', 'text/html', ''), fc.string(), (status, type, body) => {
        const error = errorOfAnswer(status, type, body, asked);
        assert.ok(error.code.startsWith('model-'));
        assert.equal(typeof error.parameters['detail'], 'string');
      }),
    );
  });
});

describe('an answer that never came', () => {
  const systemError = (code: string): Error => Object.assign(new Error(`failed: ${code}`), { code });
  const cases: readonly [error: unknown, code: ErrorCode][] = [
    [systemError('ECONNREFUSED'), 'model-not-running'],
    [new AggregateError([systemError('ECONNREFUSED'), systemError('ENETUNREACH')], 'both'), 'model-not-running'],
    [new TypeError('fetch failed', { cause: systemError('ENOTFOUND') }), 'model-not-running'],
    [systemError('ECONNRESET'), 'model-stream-cut'],
    [systemError('EPROTO'), 'model-wrong-server'],
    [systemError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'model-wrong-server'],
    [systemError('HPE_INVALID_CONSTANT'), 'model-wrong-server'],
    [new Error('something else'), 'model-server-error'],
  ];
  for (const [error, code] of cases) {
    it(`${String(error)} is ${code}`, () => {
      assert.equal(errorOfTransport(error, asked).code, code);
    });
  }

  it('is told as it is when it is one of ours', () => {
    const ours = new HearthlinkError('model-silent');
    assert.equal(errorOfTransport(ours, asked), ours);
  });
});

describe('trying again', () => {
  it('is worth it after transport failures, the server\'s faults and bad output alone', () => {
    const worth: ErrorCode[] = ['model-not-running', 'model-busy', 'model-crashed', 'model-stream-cut', 'model-silent', 'model-bad-output'];
    const not: ErrorCode[] = ['model-missing', 'model-unsupported', 'model-context-overflow', 'model-wrong-server', 'cancelled', 'internal'];
    assert.ok(worth.every((code) => isTransient(new HearthlinkError(code))));
    assert.ok(!not.some((code) => isTransient(new HearthlinkError(code))));
    assert.equal(isTransient(new HearthlinkError('model-server-error', { status: 500 })), true);
    assert.equal(isTransient(new HearthlinkError('model-server-error', { status: 400 })), false);
  });

  it('of something else is no fault of the server when only the output was bad', () => {
    assert.equal(isServerFault(new HearthlinkError('model-bad-output')), false);
    assert.equal(isServerFault(new HearthlinkError('model-wrong-server')), true);
  });
});
