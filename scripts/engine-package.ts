import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../test/engine');

/** The engine's package has one build, for Linux on x64: 85 MB are enough for a test. */
export function engineRunsHere(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

/** Installs the engine beside its tests, unless it is there. Its scripts would build it from source. */
export function installEngine(): void {
  if (existsSync(path.join(folder, 'node_modules/node-llama-cpp/package.json'))) return;
  process.stdout.write('Installing an inference engine from npm into test/engine (about 15 s and 85 MB) ...\n');
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ci failed in ${folder}:\n${stderr}`);
}

if (import.meta.main) installEngine();
