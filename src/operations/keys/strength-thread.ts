import { Worker } from 'node:worker_threads';
import { HearthlinkError } from '../../shared/errors.ts';
import type { GuessesOf } from './passphrase.ts';

/**
 * Judges passphrases in a thread that is started for each one, since loading the lists takes a quarter of a second.
 * @param workerFile dist/strength-worker.cjs, absolute
 */
export function guessesInThread(workerFile: string): GuessesOf {
  return (passphrase) => new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: passphrase });
    worker.once('message', (guesses: unknown) => {
      if (typeof guesses === 'number') resolve(guesses);
    });
    worker.once('error', reject);
    // After an answer or an error this changes nothing.
    worker.once('exit', () => { reject(new HearthlinkError('internal', { detail: 'strength-worker' })); });
  });
}
