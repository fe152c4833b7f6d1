import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { type TestCounts, parseCounts } from '../mocha/test-counts.ts';
import { launchBrowser, newContext } from './browser.ts';
import { limit } from './poll.ts';
import { quietSettings } from './quiet-settings.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';
import { remoteUri, windowAddress } from './window-address.ts';

const tailEveryMs = 200;
/** Between a host's end and the window's report of it. */
const reportLimitMs = 5_000;

export interface ExtensionTestOptions extends ServerOptions {
  readonly extensionPath: string;
  /** A CommonJS module that exports `run()`, as @vscode/test-electron takes it. */
  readonly testsPath: string;
  readonly workspace?: string;
  /** For the whole run. */
  readonly timeoutMs?: number;
  /** Gets what the tests print, as they print it. */
  readonly onOutput?: (text: string) => void;
}

export interface ExtensionTestResult {
  /** Undefined when all is well. */
  readonly problem: string | undefined;
  /** Undefined when the run did not get to its end. */
  readonly counts: TestCounts | undefined;
}

/** Runs the tests inside the extension host of a real window, as @vscode/test-electron does on a desktop. */
export async function runExtensionTests(options: ExtensionTestOptions): Promise<ExtensionTestResult> {
  const { extensionPath, testsPath, workspace, timeoutMs = 300_000, env = {}, settings = {}, ...serverOptions } = options;
  const scratch = mkdtempSync(path.join(tmpdir(), 'hearthlink-extension-tests-'));
  const outputFile = path.join(scratch, 'output.txt');
  const countsFile = path.join(scratch, 'counts.json');
  const relay = relayFile(outputFile, options.onOutput ?? ((text) => process.stdout.write(text)));
  let server: Server | undefined;
  let browser: Browser | undefined;
  try {
    server = await startServer({
      ...serverOptions,
      settings: { ...quietSettings, ...settings },
      testDriver: true,
      env: { ...env, HEARTHLINK_TEST_OUTPUT: outputFile, HEARTHLINK_TEST_COUNTS: countsFile },
    });
    browser = await launchBrowser();
    const page = await (await newContext(browser)).newPage();
    const finished = new Promise<number>((resolve) => void page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', () => undefined);
    await page.goto(windowAddress(server, workspace && path.resolve(workspace), [
      ['extensionDevelopmentPath', remoteUri(server, path.resolve(extensionPath))],
      ['extensionTestsPath', remoteUri(server, path.resolve(testsPath))],
    ]));
    const code = await Promise.race([finished, hostGone(server, finished), limit(timeoutMs, undefined)]);
    const counts = existsSync(countsFile) ? parseCounts(readFileSync(countsFile, 'utf8')) : undefined;
    return { problem: code === undefined ? `timed out after ${timeoutMs} ms` : await problemOf(server, code), counts };
  } finally {
    await browser?.close();
    await server?.stop();
    relay.end();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Resolves once the extension host has ended and the window had its time to report the end of the tests. */
async function hostGone(server: Server, finished: Promise<number>): Promise<number> {
  await server.hostExit;
  return Promise.race([finished, limit(reportLimitMs, 1)]);
}

async function problemOf(server: Server, code: number): Promise<string | undefined> {
  // VS Code reports a clean end for a host that was killed, so its word alone is not enough.
  const exit = await Promise.race([server.hostExit, limit(reportLimitMs, undefined)]);
  if (exit !== undefined && exit.signal !== 'null') return `the extension host was ended by ${exit.signal}`;
  return code === 0 ? undefined : 'tests failed';
}

/** Passes on what is appended to a file that may not exist yet. */
function relayFile(file: string, onText: (text: string) => void): { end(): void } {
  let sent = 0;
  const take = (): void => {
    if (!existsSync(file)) return;
    const bytes = readFileSync(file);
    if (bytes.length > sent) onText(bytes.subarray(sent).toString('utf8'));
    sent = bytes.length;
  };
  const timer = setInterval(take, tailEveryMs);
  return {
    end() {
      clearInterval(timer);
      take();
    },
  };
}
