import { appendFileSync, globSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { countTests } from '../support/mocha/test-counts.ts';

/**
 * Runs every test beside the bundle of this file, inside an extension host. Both launchers call it: ours on Linux,
 * @vscode/test-electron elsewhere. MOCHA_GREP narrows the run to titles that match.
 */
export async function run(): Promise<void> {
  const output = process.env['HEARTHLINK_TEST_OUTPUT'];
  // VS Code keeps an extension host's console to itself; the report goes to whoever started the run.
  if (output !== undefined) {
    Mocha.reporters.Base.consoleLog = (...args: unknown[]) => { appendFileSync(output, `${format(...args)}\n`); };
  }
  const mocha = new Mocha({ ui: 'bdd', timeout: 20_000, forbidOnly: process.env['CI'] !== undefined });
  const grep = process.env['MOCHA_GREP'];
  if (grep !== undefined) mocha.grep(grep);
  for (const file of globSync('**/*.test.cjs', { cwd: __dirname }).sort()) mocha.addFile(path.join(__dirname, file));

  const { passes, failures, pending } = await new Promise<Mocha.Stats>((resolve, reject) => {
    const runner = mocha.run(() => {
      if (runner.stats === undefined) reject(new Error('Mocha kept no counts.'));
      else resolve(runner.stats);
    });
    countTests(runner);
  });
  if (failures > 0) throw new Error(`${failures} of the tests failed`);
  if (passes + pending === 0) throw new Error('No test ran.');
}
