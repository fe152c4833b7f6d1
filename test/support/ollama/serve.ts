import { parseArgs } from 'node:util';
import { startScriptedOllama } from './scripted-ollama.ts';
import { chatModel, cloudModel, embeddingModel, thinkingModel } from './scripted-model.ts';

/** Runs the scripted server by hand: `npx node test/support/ollama/serve.ts --port 11434`. */
const { values } = parseArgs({ options: { port: { type: 'string', default: '11434' }, 'token-ms': { type: 'string', default: '40' } } });

const ollama = await startScriptedOllama({
  port: Number(values.port),
  models: [
    chatModel('hearth-chat', { loadMs: 4000 }),
    thinkingModel('hearth-thinker', { loadMs: 1000 }),
    embeddingModel('hearth-embed'),
    cloudModel('hearth-elsewhere:cloud'),
  ],
});
ollama.chat.when(() => true).answers({
  text: 'This is the scripted server: it knows nothing, but it streams. Here is **some Markdown**:\n\n```ts\nconst tea = await kettle.boil();\n```\n\nand a list\n\n- one\n- two\n',
  tokenMs: Number(values['token-ms']),
});
process.stdout.write(`Listening on ${ollama.url}\n`);
