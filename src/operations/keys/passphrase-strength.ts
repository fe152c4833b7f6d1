import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** Longer ones are judged by their beginning: judging takes longer than their length, and they are strong anyway. */
const judgedLength = 100;

/**
 * How many guesses a passphrase would take (log 10), by zxcvbn with its list of common passwords. Loading takes a quarter of a
 * second and judging some milliseconds, so it belongs in a thread of its own.
 */
export function guessesLog10(passphrase: string): number {
  zxcvbn ??= new ZxcvbnFactory({ dictionary: { ...dictionary, userInputs: ['hearthlink'] }, graphs: adjacencyGraphs });
  return zxcvbn.check(passphrase.slice(0, judgedLength)).guessesLog10;
}

let zxcvbn: ZxcvbnFactory | undefined;
