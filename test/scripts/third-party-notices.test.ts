import assert from 'node:assert/strict';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { bundledPackages, thirdPartyNotices } from '../../scripts/third-party-notices.ts';

function built(inputs: Record<string, number>): Metafile {
  const entries = Object.entries(inputs).map(([file, bytesInOutput]) => [file, { bytesInOutput }] as const);
  return {
    inputs: {},
    outputs: { 'out.js': { bytes: 0, imports: [], exports: [], inputs: Object.fromEntries(entries) } },
  };
}

describe('third-party notices', () => {
  it('name each bundled package once, and none that was shaken out', () => {
    const first = built({ 'node_modules/@vscode/l10n/dist/main.js': 9, 'node_modules/zod/v4/core.js': 4, 'src/a.ts': 2 });
    const second = built({ 'node_modules/zod/v4/mini.js': 3, 'node_modules/undici/index.js': 0 });
    assert.deepEqual(bundledPackages([first, second]), ['node_modules/@vscode/l10n', 'node_modules/zod']);
  });

  it('carry the text of the licence', () => {
    const root = path.join(import.meta.dirname, '../..');
    const text = thirdPartyNotices(root, ['node_modules/zod']);
    assert.match(text, /^zod \d+\.\d+\.\d+ \(MIT\)$/m);
    assert.match(text, /Permission is hereby granted, free of charge/);
  });
});
