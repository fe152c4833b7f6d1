import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const root = path.join(import.meta.dirname, '../..');

/** The rooms each room may import, as docs and reviewers know them; written out, so that a slip in the config shows. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  store: ['shared'],
  models: ['shared', 'store'],
  memory: ['shared', 'store', 'models'],
  agents: ['shared', 'store', 'models', 'memory'],
  documents: ['shared', 'store', 'models', 'memory'],
  coach: ['shared', 'store', 'models', 'memory'],
  operations: ['shared', 'store', 'models', 'memory', 'agents', 'documents', 'coach'],
  extension: ['shared', 'store', 'models', 'memory', 'agents', 'documents', 'coach', 'operations'],
  worker: ['shared', 'store', 'models', 'memory', 'agents', 'documents', 'coach', 'operations'],
  webview: ['shared'],
};

describe('the lint rules', () => {
  // Types are left out: the files in question exist in these tests only.
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: [tseslint.configs.disableTypeChecked, { languageOptions: { parserOptions: { projectService: false } } }],
  });

  /** The rules that a file of this path and text breaks. */
  async function broken(file: string, code: string): Promise<string[]> {
    const results = await eslint.lintText(code, { filePath: path.join(root, file) });
    return results.flatMap(({ messages }) => messages).map(({ ruleId, message }) => ruleId ?? message);
  }

  async function allows(file: string, code: string): Promise<void> {
    assert.deepEqual(await broken(file, code), [], `${file} should be allowed: ${code}`);
  }

  async function forbids(rule: string, file: string, code: string): Promise<void> {
    assert.deepEqual(await broken(file, code), [rule], `${file} should not be allowed: ${code}`);
  }

  describe('on rooms', () => {
    const rule = 'hearthlink/room-imports';

    for (const [room, below] of Object.entries(mayImport)) {
      const file = `src/${room}/somewhere/imaginary.ts`;
      for (const other of Object.keys(mayImport)) {
        const specifier = `../../${other}/port.ts`;
        if (other === room || below.includes(other)) {
          it(`let ${room} import ${other}`, () => allows(file, `import { a } from '${specifier}';\na();\n`));
        } else {
          it(`keep ${room} from importing ${other}, also lazily or for a type`, async () => {
            await forbids(rule, file, `import { a } from '${specifier}';\na();\n`);
            await forbids(rule, file, `import type { A } from '${specifier}';\nexport let a: A;\n`);
            await forbids(rule, file, `await import('${specifier}');\n`);
          });
        }
      }
    }

    it('know a room by its place, not by a name within a path', async () => {
      await allows('src/store/a.ts', "import { a } from './memory/b.ts';\na();\n");
      await forbids(rule, 'src/webview/memory/a.ts', "import { a } from '../../memory/recall.ts';\na();\n");
    });

    it('leave tests and scripts alone', () =>
      allows('test/store/a.test.ts', "import { a } from '../../src/memory/recall.ts';\na();\n"));
  });

  describe('on packages', () => {
    const rule = 'no-restricted-imports';

    it('keep vscode in src/extension', async () => {
      const code = "import * as vscode from 'vscode';\nvscode.foo();\n";
      await allows('src/extension/a.ts', code);
      for (const room of Object.keys(mayImport)) {
        if (room !== 'extension') await forbids(rule, `src/${room}/a.ts`, code);
      }
    });

    it('keep Node out of what also runs in a browser', async () => {
      for (const name of ['node:fs', 'fs', 'node:fs/promises', 'path']) {
        const code = `import * as module from '${name}';\nmodule.foo();\n`;
        await forbids(rule, 'src/shared/a.ts', code);
        await forbids(rule, 'src/webview/chat/a.ts', code);
        await forbids(rule, 'src/webview/ui/a.ts', code);
        await allows('src/store/a.ts', code);
      }
    });

    it('keep the network in src/models', async () => {
      for (const name of ['node:http', 'https', 'node:net', 'undici', 'ollama']) {
        const code = `import * as module from '${name}';\nmodule.foo();\n`;
        await allows('src/models/a.ts', code);
        for (const room of ['store', 'memory', 'agents', 'extension', 'worker']) await forbids(rule, `src/${room}/a.ts`, code);
      }
    });

    it('keep the component library in src/webview/ui', async () => {
      for (const name of ['@vscode/webview-ui-toolkit', '@microsoft/fast-foundation', '@microsoft/fast-element/dist/x.js']) {
        const code = `import { part } from '${name}';\npart();\n`;
        await allows('src/webview/ui/a.ts', code);
        await forbids(rule, 'src/webview/chat/a.ts', code);
        await forbids(rule, 'src/extension/a.ts', code);
      }
    });

    it('keep sources of chance out of the rooms below the composition roots', async () => {
      const code = "import { randomUUID } from 'node:crypto';\nrandomUUID();\n";
      await forbids(rule, 'src/store/a.ts', code);
      await forbids(rule, 'src/agents/a.ts', code);
      await allows('src/extension/a.ts', code);
      await allows('src/store/a.ts', "import { createHash } from 'node:crypto';\ncreateHash('sha256');\n");
    });
  });

  describe('on the world outside', () => {
    it('keep fetch and its kin in src/models', async () => {
      await allows('src/models/a.ts', "await fetch('http://127.0.0.1');\n");
      for (const room of ['shared', 'store', 'agents', 'extension', 'worker', 'webview']) {
        await forbids('no-restricted-globals', `src/${room}/a.ts`, "await fetch('http://127.0.0.1');\n");
        await forbids('no-restricted-globals', `src/${room}/a.ts`, "new WebSocket('ws://127.0.0.1');\n");
      }
    });

    it('keep clock and chance in the composition roots', async () => {
      for (const code of ['Date.now();\n', 'Math.random();\n', 'crypto.randomUUID();\n']) {
        await forbids('no-restricted-properties', 'src/memory/a.ts', code);
        await forbids('no-restricted-properties', 'src/webview/chat/a.ts', code);
        for (const root of ['src/extension/a.ts', 'src/worker/a.ts', 'src/webview/chat/main.ts']) await allows(root, code);
      }
      await forbids('no-restricted-syntax', 'src/memory/a.ts', 'new Date();\n');
      await allows('src/memory/a.ts', 'new Date(0);\n');
    });

    it('keep the console out', async () => {
      await forbids('no-console', 'src/extension/a.ts', "console.log('a');\n");
      await forbids('no-console', 'test/store/a.test.ts', "console.log('a');\n");
    });
  });

  describe('on the shape of a module', () => {
    it('ask for exports by name, from where they are defined', async () => {
      for (const file of ['src/store/a.ts', 'src/extension/a.ts', 'test/store/a.ts']) {
        await forbids('no-restricted-syntax', file, 'export default 1;\n');
        await forbids('no-restricted-syntax', file, "export * from './b.ts';\n");
        await forbids('no-restricted-syntax', file, "export { b } from './b.ts';\n");
        await allows(file, 'export const a = 1;\n');
      }
    });

    it('except for the stand-in of a package whose barrel cannot be shaken', () =>
      allows('src/webview/ui/fast-foundation.ts', "export { Button } from '@microsoft/fast-foundation/dist/esm/button/index.js';\n"));

    it('warn of a file that holds more than one subject can', async () => {
      await forbids('max-lines', 'src/store/a.ts', 'export {};\n'.repeat(351));
    });
  });

  describe('on types', () => {
    // These rules need types, so they are read from the configuration of a real file instead of being run.
    const strict = ['no-explicit-any', 'no-non-null-assertion', 'no-floating-promises', 'no-unsafe-assignment', 'no-unsafe-type-assertion'];

    it('are strict in every room and in tests', async () => {
      const checked = new ESLint({ cwd: root });
      const files = ['src/shared/errors.ts', 'test/scripts/import-rules.test.ts', 'scripts/bundle-sizes.ts'];
      for (const file of files) {
        assert.ok(existsSync(path.join(root, file)));
        const config: unknown = await checked.calculateConfigForFile(path.join(root, file));
        const rules = rulesOf(config);
        for (const rule of strict) assert.deepEqual(rules.get(`@typescript-eslint/${rule}`), 2, `${rule} in ${file}`);
      }
    });
  });
});

/** The severity of each rule in what ESLint computes for a file. */
function rulesOf(config: unknown): Map<string, unknown> {
  if (typeof config !== 'object' || config === null || !('rules' in config)) throw new Error('no configuration');
  const rules: unknown = config.rules;
  if (typeof rules !== 'object' || rules === null) throw new Error('no rules');
  return new Map(Object.entries(rules).map(([name, setting]: [string, unknown]) => [name, Array.isArray(setting) ? setting[0] : setting]));
}
