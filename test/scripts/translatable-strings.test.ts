import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const stringTable = z.record(z.string(), z.string());

describe('strings that a translator works on', () => {
  it('are all in the bundle: after a change of words, npm run l10n', () => {
    const bundle = stringTable.parse(JSON.parse(read('l10n/bundle.l10n.json')));
    const missing = globSync('src/**/*.ts', { cwd: root }).flatMap((file) =>
      [...read(file).matchAll(/l10n\.t\(\s*'((?:[^'\\\n]|\\.)*)'/g)].map(([, text = '']) => text.replaceAll("\\'", "'").replaceAll('\\n', '\n')).filter((text) => !(text in bundle)),
    );
    assert.deepEqual(missing, []);
  });

  it('of the manifest are each named once and used', () => {
    const named = stringTable.parse(JSON.parse(read('package.nls.json')));
    const used = new Set([...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key));
    assert.deepEqual(Object.keys(named).filter((key) => !used.has(key)), []);
    assert.deepEqual([...used].filter((key) => key === undefined || !(key in named)), []);
  });
});
