/** Judges one passphrase, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { guessesLog10 } from '../operations/keys/passphrase-strength.ts';

const passphrase: unknown = workerData;
if (parentPort === null || typeof passphrase !== 'string') throw new Error('The strength worker is started by the extension.');
parentPort.postMessage(guessesLog10(passphrase));
