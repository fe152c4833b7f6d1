import assert from 'node:assert/strict';
import path from 'node:path';
import { fewestGuessesLog10, requireStrong } from '../../../src/operations/keys/passphrase.ts';
import { guessesLog10 } from '../../../src/operations/keys/passphrase-strength.ts';
import { guessesInThread } from '../../../src/operations/keys/strength-thread.ts';

const guessesOf = (passphrase: string) => Promise.resolve(guessesLog10(passphrase));

describe('the strength of a passphrase', () => {
  for (const passphrase of ['', 'password', 'Tr0ub4dor&3', 'qwertyuiop1234', 'Hearthlink2026', 'aaaaaaaaaaaaaaaaaaaaaaaa', '12345678901234567890', 'iloveyou iloveyou']) {
    it(`is too little in “${passphrase}”`, async () => {
      await assert.rejects(requireStrong(passphrase, guessesOf), { code: 'passphrase-weak' });
    });
  }

  for (const passphrase of ['gull rows quiet harbour', 'kumquat-fjord-azimuth-plinth', 'vier stille möwen am hafen', 'f9$kQ2!vLp0z']) {
    it(`is enough in “${passphrase}”`, async () => {
      await requireStrong(passphrase, guessesOf);
    });
  }

  it('is judged by the beginning of one that is very long', () => {
    assert.equal(guessesLog10('gull rows quiet harbour '.repeat(10_000)), guessesLog10('gull rows quiet harbour '.repeat(10)));
    assert.ok(guessesLog10('gull rows quiet harbour '.repeat(10)) > fewestGuessesLog10);
  });

  it('is judged in a thread of its own', async () => {
    const inThread = guessesInThread(path.resolve('src/worker/strength-worker.ts'));
    assert.equal(await inThread('gull rows quiet harbour'), guessesLog10('gull rows quiet harbour'));
    await assert.rejects(guessesInThread(path.resolve('src/worker/none.ts'))('gull'));
  });
});
