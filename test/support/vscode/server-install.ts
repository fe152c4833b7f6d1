import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './cache-folder.ts';

const packageDir = path.join(import.meta.dirname, 'server-package');

/** The paths inside one install of the VS Code server. */
export interface ServerInstall {
  readonly root: string;
  /** The VS Code server itself, as the package code-server carries it. */
  readonly vscode: string;
  readonly serverMain: string;
  /** The Node binary the server runs on. */
  readonly node: string;
}

/** Most of the disk and of no use here: the agent runtime, and built-in extensions that need a network or a model. */
const unused = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
  'extensions/microsoft-authentication',
];

/**
 * The two add-ons without a prebuilt binary that matter: spdlog writes the logs that tell when an extension host is
 * up and what an output channel holds; native-watchdog ends a host whose server was killed.
 */
const nativeAddons = ['@vscode/spdlog', '@vscode/native-watchdog'];

/** The install of the pinned server, or undefined where `installServer` has not finished yet. */
export function findServer(): ServerInstall | undefined {
  const root = installFolder();
  return existsSync(readyMark(root)) ? layout(root) : undefined;
}

/** @throws Error with what to do, when the server is not installed */
export function requireServer(): ServerInstall {
  const install = findServer();
  if (install === undefined) throw new Error('The VS Code server is not installed. Run: npm run prepare-tests');
  return install;
}

/**
 * Installs the pinned VS Code server from npm into the cache (about 20 s and 510 MB). A finished install is left alone.
 * No package's install script runs. Needs python3, make and a C++ compiler for two small add-ons.
 */
export function installServer(): ServerInstall {
  const found = findServer();
  if (found !== undefined) return found;
  const root = installFolder();
  mkdirSync(path.dirname(root), { recursive: true });
  const staging = mkdtempSync(`${root}.partial-`);
  try {
    fill(staging);
    // Another clone may have finished meanwhile; whoever comes second throws its copy away.
    if (findServer() === undefined) {
      rmSync(root, { recursive: true, force: true });
      renameSync(staging, root);
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return requireServer();
}

/** Named by the lock file, so that a changed pin never meets an older install. */
function installFolder(): string {
  const lock = readFileSync(path.join(packageDir, 'package-lock.json'));
  const key = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  return path.join(cacheFolder(), 'vscode-server', key);
}

function readyMark(root: string): string {
  return path.join(root, '.ready');
}

function layout(root: string): ServerInstall {
  const vscode = path.join(root, 'node_modules', 'code-server', 'lib', 'vscode');
  return {
    root,
    vscode,
    serverMain: path.join(vscode, 'out', 'server-main.js'),
    node: path.join(nodePackage(root), 'bin', 'node'),
  };
}

function nodePackage(root: string): string {
  return path.join(root, 'node_modules', `node-linux-${process.arch}`);
}

function fill(root: string): void {
  const { vscode } = layout(root);
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(path.join(packageDir, file), path.join(root, file));
  npm(root, ['ci', '--ignore-scripts']);
  // The server's own lock file leaves out a peer dependency; without this flag npm refuses it.
  npm(vscode, ['ci', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps']);
  for (const name of unused) rmSync(path.join(vscode, name), { recursive: true, force: true });
  npm(vscode, ['rebuild', ...nativeAddons], nodePackage(root));
  writeFileSync(readyMark(root), '');
}

/** Runs npm in a folder; with `nodeDir`, under that Node and against the headers that come with it. */
function npm(cwd: string, args: readonly string[], nodeDir?: string): void {
  const env = { ...process.env, npm_config_update_notifier: 'false' };
  if (nodeDir !== undefined) {
    Object.assign(env, {
      PATH: `${path.join(nodeDir, 'bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
      npm_config_nodedir: nodeDir,
    });
  }
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund'];
  const { status, stdout, stderr } = spawnSync('npm', [...args, ...quiet], { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${stdout}${stderr}`);
}
