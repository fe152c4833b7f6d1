import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const redisIsHere = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** A Redis server of our own on a Unix socket, which flushes each write before it answers, and one connection to it. */
export class RedisPeer {
  readonly #server: ChildProcess;
  readonly #socket: net.Socket;

  private constructor(server: ChildProcess, socket: net.Socket) {
    this.#server = server;
    this.#socket = socket;
  }

  static async start(folder: string): Promise<RedisPeer> {
    const socketFile = path.join(folder, 'redis.sock');
    const server = spawn('redis-server', [
      '--port', '0', '--unixsocket', socketFile, '--dir', folder, '--appendonly', 'yes', '--appendfsync', 'always', '--save', '',
    ], { stdio: 'ignore' });
    for (let attempt = 0; ; attempt++) {
      const socket = net.connect(socketFile);
      const connected = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => { resolve(true); }).once('error', () => { resolve(false); });
      });
      if (connected) return new RedisPeer(server, socket);
      if (attempt === 100) throw new Error('redis-server does not listen.');
      await sleep(50);
    }
  }

  /** One command, and its answer to the last byte: a simple string, or a bulk string without its length. */
  async command(...words: readonly string[]): Promise<string> {
    const bulk = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('');
    this.#socket.write(`*${words.length}\r\n${bulk}`);
    let answer: Buffer = Buffer.alloc(0);
    for (;;) {
      const [piece]: Buffer[] = await once(this.#socket, 'data');
      answer = answer.length === 0 ? piece ?? answer : Buffer.concat([answer, piece ?? Buffer.alloc(0)]);
      const lineEnd = answer.indexOf('\r\n');
      if (lineEnd < 0) continue;
      if (answer[0] !== 0x24) return answer.toString('utf8', 1, lineEnd);
      const length = Number(answer.toString('latin1', 1, lineEnd));
      if (answer.length >= lineEnd + 4 + length) return answer.toString('utf8', lineEnd + 2, lineEnd + 2 + length);
    }
  }

  async stop(): Promise<void> {
    this.#socket.destroy();
    this.#server.kill();
    await once(this.#server, 'exit');
  }
}
