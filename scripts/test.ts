import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestCounts, parseCounts } from '../test/support/mocha/test-counts.ts';
import { engineRunsHere, installEngine } from './engine-package.ts';
import { testInExtensionHost } from './extension-tests.ts';
import { packageExtension } from './package.ts';
import { prepareTests } from './prepare-tests.ts';

const root = path.join(import.meta.dirname, '..');
const bin = (file: string): string => path.join(root, 'node_modules', file);

const typeProjects = ['tsconfig.json', 'src/webview/tsconfig.json', 'test/webview/tsconfig.json', 'test/workbench/tsconfig.json', 'bench/tsconfig.json'];

/** One part of `npm test`. A check that counts nothing itself counts as one test. */
interface Part {
  readonly name: string;
  readonly run: () => TestCounts | Promise<TestCounts>;
  /** Whether it needs what `prepareTests` installs. */
  readonly prepared?: boolean;
}

/** In this order: what fails fast first, and what is built or packaged before what uses it. */
const parts: readonly Part[] = [
  { name: 'types', run: () => sum(typeProjects.map((project) => check('typescript/bin/tsc', '--noEmit', '--project', project))) },
  { name: 'lint', run: () => check('eslint/bin/eslint.js', '.') },
  { name: 'unit', run: () => mocha('test/unit.mocharc.json') },
  ...(existsSync(path.join(root, 'test/faults')) ? [{ name: 'faults', run: () => mocha('test/faults.mocharc.json') }] : []),
  { name: 'engine', run: testEngine },
  { name: 'pages', run: () => mocha('test/pages.mocharc.json'), prepared: true },
  { name: 'build', run: () => node(path.join(root, 'esbuild.mjs'), '--tests') },
  { name: 'extension', run: testInExtensionHost, prepared: true },
  { name: 'package', run: () => packageExtension().then(() => passed) },
  { name: 'workbench', run: testWorkbench, prepared: true },
];

const none: TestCounts = { passed: 0, failed: 0, skipped: 0, failures: [] };
const passed: TestCounts = { ...none, passed: 1 };
const skipped: TestCounts = { ...none, skipped: 1 };
/** What failed, and passed when it was tried again. */
const failedOnce: string[] = [];

function testEngine(): TestCounts {
  if (engineRunsHere()) {
    installEngine();
    return mocha('test/engine.mocharc.json');
  }
  say('The tests with a real engine are skipped: they need Linux on x64.');
  return skipped;
}

function testWorkbench(): TestCounts {
  if (process.platform === 'linux') {
    const files = globSync('test/workbench/**/*.test.ts', { cwd: root }).sort();
    return files.length === 0 ? failed('no tests of the workbench') : sum(files.map(testInWorkbench));
  }
  say('The tests of the workbench in a browser are skipped: they need Linux.');
  return skipped;
}

/**
 * A workbench shares the machine with whatever else runs on it, and now and then a browser misses a key or a file watcher
 * a change. A file of tests that fails is run a second time, in a new workbench; what failed only once is told at the end.
 */
function testInWorkbench(file: string): TestCounts {
  const run = (): TestCounts => mocha('test/workbench.mocharc.json', file);
  const first = run();
  if (first.failed === 0) return first;
  say(`Trying ${file} a second time.`);
  const second = run();
  if (second.failed === 0) failedOnce.push(...first.failures);
  return second;
}

/** Runs mocha as a configuration says. Tests that cannot be found, or a run that breaks off, are a failure. */
function mocha(config: string, ...files: string[]): TestCounts {
  const scratch = mkdtempSync(path.join(tmpdir(), 'hearthlink-test-'));
  const countsFile = path.join(scratch, 'counts.json');
  const reporter = path.join(root, 'test/support/mocha/counting-reporter.ts');
  try {
    const { status } = spawnSync(process.execPath, [bin('mocha/bin/mocha.js'), '--config', config, '--reporter', reporter, ...files], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, HEARTHLINK_TEST_COUNTS: countsFile },
    });
    const counts = existsSync(countsFile) ? parseCounts(readFileSync(countsFile, 'utf8')) : none;
    return status !== 0 && counts.failed === 0 ? sum([counts, failed(`mocha --config ${config} broke off`)]) : counts;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function check(program: string, ...args: string[]): TestCounts {
  return node(bin(program), ...args);
}

/** Runs a script on this Node; one test, which passes when the script ends well. */
function node(...args: string[]): TestCounts {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  return status === 0 ? passed : failed(args.map((arg) => path.relative(root, arg) || arg).join(' '));
}

function failed(what: string): TestCounts {
  return { ...none, failed: 1, failures: [what] };
}

function sum(all: readonly TestCounts[]): TestCounts {
  const add = (key: 'passed' | 'failed' | 'skipped'): number => all.reduce((total, counts) => total + counts[key], 0);
  return { passed: add('passed'), failed: add('failed'), skipped: add('skipped'), failures: all.flatMap(({ failures }) => failures) };
}

function describeCounts(counts: TestCounts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

/** Runs one part to its end, whatever happens in it. */
async function runPart({ name, run }: Part): Promise<TestCounts> {
  const started = performance.now();
  say(`\n== ${name}`);
  let counts: TestCounts;
  try {
    counts = await run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(reason);
    counts = failed(`${name}: ${reason}`);
  }
  say(`== ${name}: ${describeCounts(counts)} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  return counts;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  throw new Error(`There is no part ${unknown.join(', ')}. The parts are: ${parts.map(({ name }) => name).join(', ')}.`);
}
const chosen = parts.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
if (chosen.some(({ prepared }) => prepared)) prepareTests();
const results: TestCounts[] = [];
for (const part of chosen) results.push(await runPart(part));
const total = sum(results);
process.exitCode = total.failed > 0 ? 1 : 0;
for (const failure of failedOnce) say(`\nFailed once, passed the second time: ${failure}`);
for (const failure of total.failures) say(`\nFailed: ${failure}`);
say(`\n${describeCounts(total)}`);
