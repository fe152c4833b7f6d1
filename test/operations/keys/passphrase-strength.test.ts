import assert from 'node:assert/strict';
import { fewestGuessesLog10, requireStrong } from '../../../src/operations/keys/passphrase.ts';
import { guessesLog10 } from '../../../src/operations/keys/passphrase-strength.lazy.ts';

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

  it('is judged in a moment, however long it is', () => {
    assert.ok(guessesLog10('gull rows quiet harbour '.repeat(10_000)) > fewestGuessesLog10);
  });
});
