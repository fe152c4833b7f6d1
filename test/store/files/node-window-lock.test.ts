import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { nodeWindowLock } from '../../../src/store/files/node-window-lock.ts';
import { seededRandom } from '../support/window.ts';

/** A clock that moves on by this much whenever it is asked. */
const runningClock = (step: number) => {
  let now = 0;
  return { now: () => (now += step) };
};

const eager = { letOthersGoFirst: false, meanwhile: () => undefined };

function inFolder(use: (folder: string, lockFile: string) => void): void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-lock-'));
  try {
    use(folder, path.join(folder, 'lock'));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

describe('lock between windows', () => {
  it('is a file while it is held', () => {
    inFolder((folder, file) => {
      const lock = nodeWindowLock(folder, runningClock(1), seededRandom(1));
      lock.acquire(eager);
      assert.equal(fs.existsSync(file), true);
      lock.release();
      assert.equal(fs.existsSync(file), false);
      lock.acquire({ ...eager, letOthersGoFirst: true });
      lock.release();
    });
  });

  it('is taken away from a window that does not give it back', () => {
    inFolder((folder) => {
      const suspended = nodeWindowLock(folder, runningClock(1000), seededRandom(1));
      const waiting = nodeWindowLock(folder, runningClock(400), seededRandom(2));
      suspended.acquire(eager);
      waiting.acquire(eager);
      suspended.release();
      assert.equal(fs.existsSync(path.join(folder, 'lock')), true, 'and that window does not take it away from the new owner');
      waiting.release();
    });
  });

  it('leaves time for other work while another window has it, and none once it is free', () => {
    inFolder((folder) => {
      const first = nodeWindowLock(folder, runningClock(1), seededRandom(1));
      const second = nodeWindowLock(folder, runningClock(1), seededRandom(2));
      let done = 0;
      const meanwhile = () => {
        done++;
        if (done === 3) first.release();
      };
      first.acquire({ ...eager, meanwhile });
      assert.equal(done, 0);
      second.acquire({ ...eager, meanwhile });
      assert.equal(done, 3);
      second.release();
    });
  });

  it('is not waited for where it cannot be made', () => {
    const lock = nodeWindowLock(path.join(os.tmpdir(), 'hearthlink-no-such-folder'), runningClock(1), seededRandom(1));
    lock.acquire(eager);
    lock.release();
    assert.equal(fs.existsSync(path.join(os.tmpdir(), 'hearthlink-no-such-folder')), false);
  });
});
