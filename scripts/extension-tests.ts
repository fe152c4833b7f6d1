import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { type TestCounts, parseCounts } from '../test/support/mocha/test-counts.ts';
import { runExtensionTests } from '../test/support/vscode/extension-tests.ts';

const root = path.join(import.meta.dirname, '..');
const testsPath = path.join(root, 'dist/test/extension/index.cjs');
const workspace = path.join(root, 'test/support/sample-workspace');

/**
 * Runs the built tests of test/extension inside a real extension host: of the VS Code server on Linux, of a downloaded
 * VS Code elsewhere. MOCHA_GREP in the environment narrows the run.
 *
 * @throws Error when the run did not get to its end
 */
export async function testInExtensionHost(): Promise<TestCounts> {
  return process.platform === 'linux' ? testInServer() : testOnDesktop();
}

async function testInServer(): Promise<TestCounts> {
  const { problem, counts } = await runExtensionTests({ extensionPath: root, testsPath, workspace });
  if (counts === undefined) throw new Error(`The tests inside the extension host did not finish: ${problem ?? 'no counts'}`);
  // A host that dies after its last test left counts that look well.
  if (problem !== undefined && counts.failed === 0) throw new Error(`The extension host did not end well: ${problem}`);
  return counts;
}

async function testOnDesktop(): Promise<TestCounts> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'hearthlink-extension-tests-'));
  const countsFile = path.join(scratch, 'counts.json');
  const run = runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath: testsPath,
    extensionTestsEnv: { ...process.env, HEARTHLINK_TEST_COUNTS: countsFile },
    launchArgs: ['--disable-extensions', '--user-data-dir', path.join(scratch, 'user'), workspace],
  });
  try {
    // The run also rejects when tests failed, and the counts say more.
    const [end] = await Promise.allSettled([run]);
    const counts = existsSync(countsFile) ? parseCounts(readFileSync(countsFile, 'utf8')) : undefined;
    if (end.status === 'rejected' && (counts === undefined || counts.failed === 0)) throw end.reason;
    if (counts === undefined) throw new Error('The tests inside the extension host left no counts.');
    return counts;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { passed, failed, skipped } = await testInExtensionHost();
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}
