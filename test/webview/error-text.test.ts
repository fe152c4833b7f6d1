import assert from 'node:assert/strict';
import { errorCodes } from '../../src/shared/errors.ts';
import { errorLine, errorText } from '../../src/webview/ui/error-text.ts';
import { remedyActions } from '../../src/webview/chat/remedy-actions.ts';
import { setLocale } from '../../src/webview/ui/locale.ts';

describe('the text of an error', () => {
  before(() => { setLocale('en', ''); });

  for (const code of errorCodes) {
    it(`says in a sentence what ${code} means, and what to do`, () => {
      const { title, advice, remedies } = errorText({ code, parameters: {} });
      assert.match(title, /^\p{Lu}.*\.$/u);
      assert.doesNotMatch(title, /undefined|\{\d\}|!/);
      if (code !== 'cancelled') assert.ok(advice !== undefined || remedies.length > 0, 'the reader is left alone with it');
      if (advice !== undefined) assert.match(advice, /^\p{Lu}.*\.$/u);
    });
  }

  it("keeps the server's own words", () => {
    const text = errorText({ code: 'model-crashed', parameters: { detail: 'llama runner process has terminated: out of memory' } });
    assert.equal(text.title, 'The model ran out of memory.');
    assert.equal(text.detail, 'Ollama said: “llama runner process has terminated: out of memory”');
  });

  it('does not put words of the system into the mouth of the server', () => {
    const text = errorText({ code: 'model-not-running', parameters: { detail: 'connect ECONNREFUSED 127.0.0.1:11434' } });
    assert.equal(text.detail, 'The system said: “connect ECONNREFUSED 127.0.0.1:11434”');
  });

  it('names what is known: the model, the seconds, the tokens, the file', () => {
    assert.equal(errorText({ code: 'model-missing', parameters: { model: 'qwen3:8b' } }).title, 'qwen3:8b is not installed.');
    assert.equal(errorText({ code: 'model-silent', parameters: { seconds: 1 } }).title, 'The model was silent for 1 second.');
    assert.equal(
      errorText({ code: 'model-context-overflow', parameters: { promptTokens: 9120, contextTokens: 8192 } }).title,
      'This is 9,120 tokens, and the model reads 8,192 at most.',
    );
    assert.equal(errorLine({ code: 'store-damaged', parameters: { file: 'journal-3.log' } }), 'A file of the store is damaged: journal-3.log.');
  });
});

describe('the remedies of an error', () => {
  const ask = () => Promise.resolve(undefined);

  it('offer to try again only what can be repeated', () => {
    const error = { code: 'model-stream-cut', parameters: {} } as const;
    assert.deepEqual(remedyActions(error, { ask }), []);
    assert.deepEqual(remedyActions(error, { ask, tryAgain: () => undefined }).map(({ label }) => label), ['Try again']);
  });

  it('offer another model by its name', () => {
    const error = { code: 'model-load-failed', parameters: { model: 'qwen3:8b' } } as const;
    const actions = remedyActions(error, { ask, tryAgain: () => undefined, useModel: { name: 'qwen3:4b', press: () => undefined } });
    assert.deepEqual(actions.map(({ label }) => label), ['Try again', 'Use qwen3:4b']);
  });

  it('pull the model that is missing', async () => {
    const asked: unknown[] = [];
    const [pull] = remedyActions(
      { code: 'model-missing', parameters: { model: 'qwen3:4b' } },
      { ask: (method, parameters) => { asked.push([method, parameters]); return Promise.resolve(undefined); } },
    );
    assert.equal(pull?.label, 'Pull qwen3:4b');
    pull.press();
    await Promise.resolve();
    assert.deepEqual(asked, [['pullModel', { model: 'qwen3:4b' }]]);
  });
});
