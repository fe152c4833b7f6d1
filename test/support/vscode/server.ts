import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { limit } from './poll.ts';
import { requireServer, type ServerInstall } from './server-install.ts';
import { ServerLog } from './server-log.ts';

const startLimitMs = 30_000;
const stopGraceMs = 3_000;

export type Settings = Readonly<Record<string, unknown>>;

export interface ServerOptions {
  /** Settings of any scope, instead of those there may be in a kept `dataDir`. */
  readonly settings?: Settings;
  /** Added to the environment that extension hosts inherit. */
  readonly env?: Readonly<Record<string, string>>;
  /** Packaged extensions to install first. */
  readonly vsix?: readonly string[];
  /** The folder of an extension to install by link: a reload of the window picks up a new build. */
  readonly extensionPath?: string | undefined;
  /** Folders of further extensions, installed the same way. */
  readonly besides?: readonly string[];
  /** Names of VS Code's own extensions to offer. By default its colour themes: no git, no language servers. */
  readonly builtins?: readonly string[];
  /** Keeps the server's folders here, to start again over the same data. By default they are temporary. */
  readonly dataDir?: string | undefined;
  /** V8 coverage of each extension host goes here when it ends. */
  readonly coverageDir?: string | undefined;
  /** Accepts the address's development options, which a test inside the extension host needs; hides notifications. */
  readonly testDriver?: boolean;
  /** By default any free one. */
  readonly port?: number;
  /**
   * For a person to use: a file with the token that a browser must know to get in. Such a server waits for its windows
   * as long as it takes. Without a token anyone on this machine may come in, and a server without windows ends.
   */
  readonly tokenFile?: string;
  /** Lets extensions see the person's own home folder and environment; by default they get an empty one. */
  readonly realHome?: boolean;
}

/** How an extension host ended, in the server's own words. */
export interface HostExit {
  readonly code: string;
  readonly signal: string;
}

const live = new Set<Server>();

/** Starts a VS Code server on the loopback interface, with every folder it writes under one. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const server = new Server(requireServer(), options);
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

export class Server {
  readonly dir: string;
  /** `globalStorage/<publisher>.<name>` in here is an extension's `globalStorageUri`. */
  readonly userDir: string;
  readonly log: ServerLog;
  /** Resolves when the first extension host ends. */
  readonly hostExit: Promise<HostExit>;
  readonly #install: ServerInstall;
  readonly #options: ServerOptions;
  readonly #env: NodeJS.ProcessEnv;
  readonly #machineDir: string;
  readonly #output = new OutputText();
  #liveSettings: Settings = {};
  #child: ChildProcess | undefined;
  #port: number | undefined;

  constructor(install: ServerInstall, options: ServerOptions) {
    this.#install = install;
    this.#options = options;
    const { dataDir, settings } = options;
    this.dir = dataDir === undefined ? mkdtempSync(path.join(tmpdir(), 'hearthlink-vscode-')) : path.resolve(dataDir);
    this.userDir = path.join(this.dir, 'data', 'User');
    this.#machineDir = path.join(this.dir, 'data', 'Machine');
    this.log = new ServerLog(path.join(this.dir, 'data', 'logs'));
    for (const dir of [this.#extensionsDir, this.userDir, this.#machineDir, this.#home]) mkdirSync(dir, { recursive: true });
    this.#env = this.#environment();
    if (settings !== undefined) {
      // Settings of application scope are read from this file alone, those of machine scope from the other.
      writeJson(path.join(this.userDir, 'settings.json'), settings);
      this.updateSettings(settings);
    }
    this.#linkBuiltins(options.builtins ?? ['theme-defaults']);
    const { extensionPath, besides = [] } = options;
    if (extensionPath !== undefined) this.#linkExtensions([extensionPath, ...besides]);
    this.hostExit = this.#output
      .match(/Extension Host Process exited with code: (\S+), signal: (\S+)\./)
      .then(([, code = '', signal = '']) => ({ code, signal }));
  }

  get port(): number {
    if (this.#port === undefined) throw new Error('The VS Code server is not listening.');
    return this.#port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { vsix = [] } = this.#options;
    if (vsix.length > 0) this.#installExtensions(vsix);
    // A process group of its own, so that extension hosts end with it.
    const child = spawn(this.#install.node, [this.#install.serverMain, ...this.#folderArgs(), ...this.#serverArgs()], {
      cwd: this.dir,
      env: this.#env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    live.add(this);
    endWithThisProcess();
    child.stdout.on('data', (chunk: Buffer) => { this.#output.add(chunk); });
    child.stderr.on('data', (chunk: Buffer) => { this.#output.add(chunk); });
    const listening = this.#output.match(/Extension host agent listening on (\d+)/);
    const answer = await Promise.race([listening, once(child, 'exit').then(() => undefined), limit(startLimitMs, undefined)]);
    if (answer === undefined) throw new Error(`The VS Code server did not start:\n${this.#output.text}`);
    this.#port = Number(answer[1]);
  }

  /** Resolves when the server has ended, however it came to. */
  async ended(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  async stop(): Promise<void> {
    this.#signalGroup('SIGTERM');
    await Promise.race([this.ended(), limit(stopGraceMs, undefined)]);
    this.killNow();
  }

  /** Synchronous, for the end of this process: ends server and extension hosts and removes temporary folders. */
  killNow(): void {
    this.#signalGroup('SIGKILL');
    live.delete(this);
    if (this.#options.dataDir === undefined) rmSync(this.dir, { recursive: true, force: true, maxRetries: 3 });
  }

  /**
   * Changes settings under open windows, all but those of application scope: they watch the machine's file, which wins
   * over the user's.
   */
  updateSettings(settings: Settings): void {
    this.#liveSettings = { ...this.#liveSettings, ...settings };
    writeJson(path.join(this.#machineDir, 'settings.json'), this.#liveSettings);
  }

  get #extensionsDir(): string {
    return path.join(this.dir, 'extensions');
  }

  get #builtinsDir(): string {
    return path.join(this.dir, 'builtins');
  }

  get #home(): string {
    return path.join(this.dir, 'home');
  }

  #installExtensions(files: readonly string[]): void {
    const args = files.flatMap((file) => ['--install-extension', path.resolve(file)]);
    const command = [this.#install.serverMain, ...this.#folderArgs(), ...args, '--force'];
    const options = { cwd: this.dir, env: this.#env, encoding: 'utf8', timeout: startLimitMs } as const;
    const { status, stdout, stderr } = spawnSync(this.#install.node, command, options);
    if (status !== 0) throw new Error(`Installing ${files.join(', ')} failed:\n${stdout}${stderr}`);
  }

  /** Installs unpacked extensions as packaged ones lie on disk, but by link. */
  #linkExtensions(folders: readonly string[]): void {
    const manifest = z.object({ publisher: z.string(), name: z.string(), version: z.string() });
    // With kept folders there may be links to another version, and a list that names them.
    rmSync(this.#extensionsDir, { recursive: true });
    mkdirSync(this.#extensionsDir);
    for (const folder of folders) {
      const text = readFileSync(path.join(folder, 'package.json'), 'utf8');
      const { publisher, name, version } = manifest.parse(JSON.parse(text));
      symlinkSync(path.resolve(folder), path.join(this.#extensionsDir, `${publisher}.${name}-${version}`));
    }
  }

  #linkBuiltins(names: readonly string[]): void {
    rmSync(this.#builtinsDir, { recursive: true, force: true });
    mkdirSync(this.#builtinsDir);
    for (const name of names) {
      symlinkSync(path.join(this.#install.vscode, 'extensions', name), path.join(this.#builtinsDir, name));
    }
  }

  #folderArgs(): string[] {
    return [
      ...['--server-data-dir', this.dir],
      ...['--extensions-dir', this.#extensionsDir],
      ...['--builtin-extensions-dir', this.#builtinsDir],
      ...['--telemetry-level', 'off'],
      '--accept-server-license-terms',
    ];
  }

  #serverArgs(): string[] {
    const { tokenFile, port = 0, testDriver = false } = this.#options;
    return [
      ...['--host', '127.0.0.1', '--port', String(port)],
      ...(tokenFile === undefined ? ['--without-connection-token'] : ['--connection-token-file', path.resolve(tokenFile)]),
      ...['--disable-workspace-trust', '--disable-experiments', '--disable-getting-started-override'],
      '--force-disable-user-env',
      // A bridge without a port or path names no agent host, so none is started.
      ...['--agent-host-bridge-host', '127.0.0.1'],
      // A window that went away without a word is given up soon, and a server without windows ends after some minutes.
      ...(tokenFile === undefined ? ['--reconnection-grace-time', '10', '--enable-remote-auto-shutdown'] : []),
      ...(testDriver ? ['--enable-smoke-test-driver'] : []),
    ];
  }

  #environment(): NodeJS.ProcessEnv {
    const { coverageDir, env = {}, realHome = false } = this.#options;
    // What another VS Code, or a debugger, left in the environment would steer this one.
    const foreign = /^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_V8_COVERAGE$)/;
    const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
    const emptyHome = {
      HOME: this.#home,
      XDG_CONFIG_HOME: path.join(this.#home, '.config'),
      XDG_CACHE_HOME: path.join(this.#home, '.cache'),
      XDG_DATA_HOME: path.join(this.#home, '.local', 'share'),
    };
    return {
      ...Object.fromEntries(own),
      EXTENSIONS_GALLERY: '{}', // no gallery, so nothing asks the network for one
      ...(realHome ? {} : emptyHome),
      ...(coverageDir !== undefined && { NODE_V8_COVERAGE: path.resolve(coverageDir) }),
      ...env,
    };
  }

  #signalGroup(signal: 'SIGTERM' | 'SIGKILL'): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** What a process printed so far, and what waits for a part of it. */
class OutputText {
  text = '';
  readonly #waiting = new Set<() => void>();

  add(chunk: Buffer): void {
    this.text += chunk.toString('utf8');
    for (const look of this.#waiting) look();
  }

  match(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = pattern.exec(this.text);
        if (found === null) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

function endWithThisProcess(): void {
  if (process.listeners('exit').includes(killLive)) return;
  process.on('exit', killLive);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(1));
  }
}

function killLive(): void {
  for (const server of live) server.killNow();
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
