import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const bench = path.join(root, 'bench');

/**
 * Runs before a benchmark: installs the peers, once, into `bench/`; with `--workbench` it also builds the extension and
 * prepares the VS Code that it is measured in.
 */
if (!existsSync(path.join(bench, 'node_modules'))) run('npm', 'ci', '--prefix', bench, '--no-audit', '--no-fund', '--loglevel=error');
if (process.argv.includes('--workbench')) {
  run(process.execPath, path.join(root, 'esbuild.mjs'));
  run(process.execPath, path.join(root, 'scripts/prepare-tests.ts'));
}

/** What it prints goes where it does not mix with the rows of `--json`. */
function run(command: string, ...args: string[]): void {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: command === 'npm' && process.platform === 'win32', // there npm is a script
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
