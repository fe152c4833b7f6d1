/**
 * A window in a process of its own: `store-process <folder>`. Answers each line on standard input with one:
 * - `add <title>`: `added`, or the code of what went wrong;
 * - `look`: how many chats there are;
 * - `stop before append`, `stop before flush`: `armed`; at the next write the process says `stopping` and stops itself
 *   there, holding the lock.
 */
import fs from 'node:fs';
import readline from 'node:readline';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { nodeStoreFiles } from '../../../src/store/files/node-store-files.ts';
import { nodeWindowLock } from '../../../src/store/files/node-window-lock.ts';
import { wallClock } from '../torture/wall-clock.ts';
import { withJournal } from './fault-files.ts';
import { ProductWindow, systemRandom } from './product-window.ts';

const [folder = ''] = process.argv.slice(2);
let stopBefore = '';

function stopHere(step: 'append' | 'flush'): void {
  if (stopBefore !== step) return;
  stopBefore = '';
  // Synchronously: a stopped process writes nothing later.
  fs.writeSync(process.stdout.fd, 'stopping\n');
  process.kill(process.pid, 'SIGSTOP');
}

const files = withJournal(nodeStoreFiles(folder), (journal) => ({
  append: (bytes) => {
    stopHere('append');
    return journal.append(bytes);
  },
  flush: () => {
    stopHere('flush');
    return journal.flush();
  },
}));
const window = new ProductWindow(folder, { files, lock: nodeWindowLock(folder, wallClock, systemRandom) });

async function answer(line: string): Promise<string> {
  if (line === 'look') return String((await window.chats()).length);
  if (line.startsWith('stop before ')) {
    stopBefore = line.slice('stop before '.length);
    return 'armed';
  }
  await window.addChat(line.slice('add '.length));
  return 'added';
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const said = await answer(line).catch((error: unknown) => HearthlinkError.from(error).code);
  process.stdout.write(`${said}\n`);
}
