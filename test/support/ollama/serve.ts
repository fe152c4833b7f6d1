import { parseArgs } from 'node:util';
import { chatModel, cloudModel, embeddingModel, thinkingModel } from './scripted-model.ts';
import { startScriptedOllama } from './scripted-ollama.ts';

/**
 * Runs the scripted server by hand, to look at the extension without a model:
 *
 *     npx node test/support/ollama/serve.ts [--port 11434] [--load-ms 4000] [--token-ms 40] [--empty]
 *
 * `--empty` has no model installed; a few can be pulled.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '11434' },
    'load-ms': { type: 'string', default: '4000' },
    'token-ms': { type: 'string', default: '40' },
    empty: { type: 'boolean', default: false },
  },
});

const loadMs = Number(values['load-ms']);
const installed = [
  chatModel('hearth-chat', { loadMs }),
  thinkingModel('hearth-thinker', { loadMs }),
  embeddingModel('hearth-embed'),
  cloudModel('hearth-elsewhere:cloud'),
];
const ollama = await startScriptedOllama({ port: Number(values.port), models: values.empty ? [] : installed });

for (const model of [chatModel('gemma4:e2b-it-qat'), chatModel('gemma4:e4b-it-qat'), embeddingModel('embeddinggemma')]) {
  ollama.pulls.offers({ model, stepBytes: model.bytes / 60, stepMs: 100 });
}

const text = `This is the scripted server: it knows nothing, but it streams. Here is **some Markdown**:

\`\`\`ts
const tea = await kettle.boil();
\`\`\`

- one
- two
`;
ollama.chat.when(() => true).answers({ thinking: 'They want to see something that moves.', text, tokenMs: Number(values['token-ms']) });
process.stdout.write(`Listening on ${ollama.url}\n`);
