import { chatModel, embeddingModel } from '../support/ollama/scripted-model.ts';
import { type ScriptedOllama, startScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { type ContractHost, describeWireContract } from './wire-contract.ts';

describe('the scripted server', () => {
  let ollama: ScriptedOllama | undefined;

  before(async () => {
    ollama = await startScriptedOllama({ models: [chatModel('hearth-chat'), embeddingModel('hearth-embed')] });
    const story = 'Once upon a time there was a kettle that would not boil. '.repeat(40);
    ollama.chat.when('very long story').answers({ text: story, tokenMs: 2 });
  });

  after(() => ollama?.stop());

  describeWireContract('the scripted server', (): ContractHost => {
    if (ollama === undefined) throw new Error('The server has not started.');
    return { endpoint: ollama.url, chatModel: 'hearth-chat', embeddingModel: 'hearth-embed' };
  });
});

/**
 * The same against a server of yours, whose models are loaded and unloaded by it:
 * `HEARTHLINK_OLLAMA_HOST=http://127.0.0.1:11434 HEARTHLINK_CHAT_MODEL=gemma4:e2b-it-qat HEARTHLINK_EMBEDDING_MODEL=embeddinggemma`
 */
const named = process.env['HEARTHLINK_OLLAMA_HOST'];
if (named !== undefined) {
  describe('a named host', function () {
    this.timeout(300_000);
    const host: ContractHost = {
      endpoint: named,
      chatModel: process.env['HEARTHLINK_CHAT_MODEL'] ?? 'gemma4:e2b-it-qat',
      embeddingModel: process.env['HEARTHLINK_EMBEDDING_MODEL'] ?? 'embeddinggemma',
    };
    describeWireContract(named, () => host);
  });
}
