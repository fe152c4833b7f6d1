import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const root = path.join(import.meta.dirname, '../..');
const manifest = z
  .object({
    engines: z.object({ vscode: z.string() }),
    dependencies: z.record(z.string(), z.string()).optional(),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));

describe('dependencies', () => {
  it('have a line each in docs/dependencies.md', () => {
    const reasons = readFileSync(path.join(root, 'docs/dependencies.md'), 'utf8');
    const named = new Set([...reasons.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) => cell.split(', ')));
    const wanted = Object.keys(manifest.devDependencies).map((name) => `\`${name.replace(/^@types\/.*/, '@types/*')}\``);
    assert.deepEqual(wanted.filter((name) => !named.has(name)), []);
  });

  it('are bundled, so none is left to install with the package', () => {
    assert.equal(manifest.dependencies, undefined);
  });

  it('are pinned', () => {
    const loose = Object.entries(manifest.devDependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    assert.deepEqual(loose, []);
  });

  it('are locked without the address of a registry', () => {
    for (const folder of ['.', 'test/support/vscode/server-package']) {
      const lock = readFileSync(path.join(root, folder, 'package-lock.json'), 'utf8');
      assert.doesNotMatch(lock, /"resolved": "http/, folder);
    }
  });

  it('know no newer VS Code than the oldest that Hearthlink runs on', () => {
    const types = manifest.devDependencies['@types/vscode'] ?? '';
    const minor = (version: string): number => Number(/^\^?1\.(\d+)\./.exec(version)?.[1]);
    assert.ok(minor(types) <= minor(manifest.engines.vscode), `${types} against ${manifest.engines.vscode}`);
  });
});
