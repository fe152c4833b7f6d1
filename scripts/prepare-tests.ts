import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { findChromium } from '../test/support/vscode/browser.ts';
import { findServer, installServer } from '../test/support/vscode/server-install.ts';

/** A program from outside npm, and the Debian packages that bring it. */
interface SystemProgram {
  readonly name: string;
  readonly packages: readonly string[];
  readonly present: () => boolean;
}

/** For the two native add-ons of the VS Code server. */
const buildTools: readonly SystemProgram[] = [
  { name: 'a C++ compiler', packages: ['g++'], present: () => onPath('c++') || onPath('g++') },
  { name: 'make', packages: ['make'], present: () => onPath('make') },
  { name: 'Python 3', packages: ['python3'], present: () => onPath('python3') },
];

/** For the window the tests look into. */
const chromium: SystemProgram = {
  name: 'Chromium',
  packages: ['chromium', 'fonts-liberation'],
  present: () => findChromium() !== undefined,
};

/**
 * Installs what the tests need and the machine lacks, saying what it does: Chromium and build tools from the system's
 * packages, a VS Code server from npm. On Windows and macOS @vscode/test-electron brings its own VS Code.
 *
 * @throws Error with what to install, when this process may not install system packages
 */
export function prepareTests(): void {
  if (process.platform === 'linux') {
    installSystemPrograms([chromium]);
    prepareServer();
  } else {
    say('The tests inside VS Code download a VS Code with @vscode/test-electron.');
  }
}

/** The part of it that `npm start` needs as well: the VS Code server. Linux only. */
export function prepareServer(): void {
  if (findServer() === undefined) {
    installSystemPrograms(buildTools);
    say('Installing a VS Code server from npm into the cache (about 20 s and 510 MB) ...');
  }
  say(`VS Code server: ${installServer().root}`);
}

function installSystemPrograms(programs: readonly SystemProgram[]): void {
  const missing = programs.filter(({ present }) => !present());
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  const packages = missing.flatMap((program) => program.packages);
  const install = packageInstaller();
  if (install === undefined) {
    throw new Error(`Missing: ${names}. Please install them; on Debian: sudo apt-get install ${packages.join(' ')}`);
  }
  say(`Installing ${names} from the system's packages (${packages.join(' ')}) ...`);
  install(['update']);
  install(['install', '--yes', '--no-install-recommends', ...packages]);
  const still = missing.filter(({ present }) => !present()).map(({ name }) => name);
  if (still.length > 0) throw new Error(`Still missing after the installation: ${still.join(', ')}`);
}

/** A way to call apt-get as root without being asked for a password, or undefined. */
function packageInstaller(): ((args: readonly string[]) => void) | undefined {
  if (!onPath('apt-get')) return undefined;
  const asRoot = process.getuid?.() === 0;
  if (!asRoot && spawnSync('sudo', ['--non-interactive', 'true']).status !== 0) return undefined;
  const prefix = asRoot ? [] : ['sudo', '--non-interactive'];
  return (args) => {
    const command = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet', '--quiet', ...args];
    const { status, stdout, stderr } = spawnSync(command[0] ?? 'env', command.slice(1), { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command.join(' ')} failed:\n${stdout}${stderr}`);
  };
}

function onPath(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.some((folder) => existsSync(path.join(folder, program)));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

if (import.meta.main) prepareTests();
