import assert from 'node:assert/strict';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { correctedText } from '../../src/memory/corrected-text.ts';
import { maskSecrets } from '../../src/memory/secrets.ts';

const said = 'The printer wants the key sk-4f9a81c07d22be61aa90, port 9100.';

describe('the corrected text of a memory', () => {
  it('is what was typed, without the space around it', () => {
    assert.equal(correctedText('The fuses lie in the blue drawer.', ' The fuses lie in the green drawer.\n'), 'The fuses lie in the green drawer.');
  });

  it('holds neither the mask of a secret nor the secret', () => {
    assert.match(maskSecrets(said), /key •+, port/);
    assert.equal(correctedText(said, maskSecrets(said).replace('9100', '9200')), 'The printer wants the key …, port 9200.');
    assert.equal(correctedText(said, 'The key is ••••• now'), 'The key is … now', 'also of a mask that was half deleted');
  });

  it('keeps dots that stand for themselves', () => {
    assert.equal(correctedText('A list.', '• one • two'), '• one • two');
  });

  it('is refused when a secret was typed', () => {
    assert.throws(() => correctedText('The printer wants a key.', said), (error) => HearthlinkError.is(error, 'secret-not-kept'));
  });

  it('is refused when no word is left', () => {
    for (const typed of ['', '  ', '•••••']) {
      assert.throws(() => correctedText(said, typed), (error) => HearthlinkError.is(error, 'invalid-input'), JSON.stringify(typed));
    }
  });
});
