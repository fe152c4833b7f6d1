import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { startServer } from '../test/support/vscode/server.ts';
import { prepareServer } from './prepare-tests.ts';

const root = path.join(import.meta.dirname, '..');
/** The profile and the workspace stay here, so that chats are there again next time. */
const kept = path.join(root, '.cache', 'start');
const workspace = path.join(kept, 'harbour-tour');

/** VS Code's own extensions for a window in the browser: colours, and the languages of the sample. */
const builtins = [
  ...['theme-defaults', 'theme-seti', 'configuration-editing', 'search-result'],
  ...['javascript', 'typescript-basics', 'json', 'markdown-basics', 'markdown-language-features'],
];
const firstSettings = {
  'chat.disableAIFeatures': true, // one chat is enough to look at
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

/** Where a desktop VS Code can show itself; as root it refuses to. */
function hasDesktop(): boolean {
  if (process.platform !== 'linux') return true;
  const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  return display !== undefined && process.getuid?.() !== 0;
}

/** The program of the installed VS Code, or undefined. */
function installedCode(): string | undefined {
  if (process.platform !== 'win32') {
    const found = spawnSync('sh', ['-c', 'command -v code'], { encoding: 'utf8' }).stdout.trim();
    return found === '' ? undefined : found;
  }
  // `code` is a batch file there, which cannot be started without a shell; the program lies beside its folder.
  const [script] = spawnSync('where', ['code.cmd'], { encoding: 'utf8' }).stdout.split(/\r?\n/);
  return script ? path.join(path.dirname(path.dirname(script)), 'Code.exe') : undefined;
}

async function openDesktop(program: string): Promise<void> {
  say(`Opening Hearthlink in ${program}. Close the window to end.`);
  const args = [`--extensionDevelopmentPath=${root}`, `--user-data-dir=${path.join(kept, 'desktop')}`, '--new-window', '--wait', workspace];
  await once(spawn(program, args, { stdio: 'inherit' }), 'exit');
}

async function openBrowser(): Promise<void> {
  prepareServer();
  const dataDir = path.join(kept, 'server');
  const settingsFile = path.join(dataDir, 'data', 'User', 'settings.json');
  if (!existsSync(settingsFile)) {
    mkdirSync(path.dirname(settingsFile), { recursive: true });
    writeFileSync(settingsFile, JSON.stringify(firstSettings, null, 2));
  }
  const tokenFile = path.join(kept, 'token');
  if (!existsSync(tokenFile)) writeFileSync(tokenFile, randomBytes(16).toString('hex'), { mode: 0o600 });
  const server = await startServer({
    dataDir,
    tokenFile,
    builtins,
    extensionPath: root,
    realHome: true,
    port: await usualPort(),
  });
  rememberPort(server.port);
  const address = new URL(server.origin);
  address.searchParams.set('tkn', readFileSync(tokenFile, 'utf8'));
  address.searchParams.set('folder', workspace);
  say(`\nHearthlink is open at\n\n  ${address.href}\n`);
  say('Look for the hearth in the activity bar. Ctrl+C ends it; chats are kept in .cache/start.');
  if (hasDesktop()) openLink(address.href);
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { resolve(); });
  });
  await Promise.race([interrupted, server.ended()]);
  await server.stop();
}

const portFile = path.join(kept, 'port');

/** The port of last time, which a browser knows its part of the profile by; 0, for any, when it is taken. */
async function usualPort(): Promise<number> {
  if (!existsSync(portFile)) return 0;
  const port = Number(readFileSync(portFile, 'utf8'));
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return port;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return 0;
    throw error;
  } finally {
    probe.close();
  }
}

function rememberPort(port: number): void {
  writeFileSync(portFile, String(port));
}

function openLink(address: string): void {
  const opener = spawn('xdg-open', [address], { stdio: 'ignore', detached: true });
  opener.on('error', () => { say('No browser could be opened; please open the address yourself.'); });
  opener.unref();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const build = spawnSync(process.execPath, [path.join(root, 'esbuild.mjs'), '--dev'], { cwd: root, stdio: 'inherit' });
if (build.status !== 0) process.exit(1);
mkdirSync(kept, { recursive: true });
if (!existsSync(workspace)) cpSync(path.join(root, 'test/support/sample-workspace'), workspace, { recursive: true });

const inBrowser = process.argv.includes('--browser') || !hasDesktop();
const installed = inBrowser ? undefined : installedCode();
if (installed !== undefined) await openDesktop(installed);
else if (process.platform === 'linux') await openBrowser();
else await openDesktop(await downloadAndUnzipVSCode({ cachePath: path.join(kept, 'vscode') }));
