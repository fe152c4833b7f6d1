import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process of a test, told what to do line by line, and saying line by line what it did. */
export class TestProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #ended: Promise<unknown>;
  #complaint = '';
  #heard: () => void = () => undefined;

  /** @param underLimit a shell command that goes before, such as `ulimit -f 100` */
  constructor(script: string, args: readonly string[], underLimit = ':') {
    const command = `${underLimit}; exec "$0" "$@"`;
    this.#child = spawn('sh', ['-c', command, process.execPath, script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#ended = once(this.#child, 'close').then(() => { this.#heard(); });
    let rest = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.#lines.push(...lines);
      this.#heard();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => { this.#complaint += text; });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The process did not start.');
    return this.#child.pid;
  }

  /** The next line that it says. */
  async says(): Promise<string> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return line;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw new Error(`The process has ended: ${this.#complaint}`);
      await new Promise<void>((resolve) => { this.#heard = resolve; });
    }
  }

  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  wake(): void {
    this.#child.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
