import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { KB, describeGate, isOver } from './bundle-sizes.ts';
import { missingFiles, strays } from './package-contents.ts';

const root = path.join(import.meta.dirname, '..');
const sizeLimit = 3 * 1024 * KB;

/** Where the package is put. */
export const packageFile = path.join(root, 'dist', 'hearthlink.vsix');

/**
 * Builds for release and writes the VSIX. Nothing is installed into it: all that ships is bundled.
 *
 * @throws Error when the build fails, or when the package is too large, holds what must not ship, or lacks a file
 */
export async function packageExtension(): Promise<void> {
  const { status } = spawnSync(process.execPath, [path.join(root, 'esbuild.mjs')], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('The build failed, so there is nothing to package.');
  await createVSIX({ cwd: root, packagePath: packageFile, dependencies: false });

  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const size = { name: 'package (hearthlink.vsix)', bytes: statSync(packageFile).size, limit: sizeLimit };
  process.stdout.write(`${describeGate(size)}\n`);
  const problems = [
    ...(isOver(size) ? ['The package is too large.'] : []),
    ...strays(files).map((file) => `Not meant to ship: ${file}`),
    ...missingFiles(manifest, files).map((file) => `Named in package.json, not in the package: ${file}`),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

if (import.meta.main) await packageExtension();
