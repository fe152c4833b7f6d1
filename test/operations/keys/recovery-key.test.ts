import assert from 'node:assert/strict';
import fc from 'fast-check';
import { makeRecoveryKey, readRecoveryKey } from '../../../src/operations/keys/recovery-key.ts';

const anyKey = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => ({ bytes, key: makeRecoveryKey({ bytes: () => bytes }) }));

describe('a recovery key', () => {
  it('is nine groups of four, without characters that look like others', () => {
    fc.assert(fc.property(anyKey, ({ key }) => {
      assert.match(key, /^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/);
    }));
  });

  it('is read back, however it is typed', () => {
    fc.assert(fc.property(anyKey, ({ bytes, key }) => {
      for (const typed of [key, key.toLowerCase(), key.replaceAll('-', ' '), ` ${key.replaceAll('-', '')}\n`, key.replaceAll('-', '–'), key.replaceAll('0', 'o').replaceAll('1', 'l')]) {
        assert.deepEqual(readRecoveryKey(typed), Buffer.from(bytes), typed);
      }
    }));
  });

  it('tells one mistyped character, and two that changed places', () => {
    const key = makeRecoveryKey({ bytes: (length) => Uint8Array.from({ length }, (_, at) => 37 * at) });
    const missed = [];
    for (let at = 0; at < key.length; at++) {
      const character = key.charAt(at);
      if (character === '-') continue;
      for (const other of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
        if (other !== character && readRecoveryKey(key.slice(0, at) + other + key.slice(at + 1)) !== null) missed.push(`${at} ${other}`);
      }
      const next = key.charAt(at + 1);
      if (next !== '' && next !== '-' && next !== character && readRecoveryKey(key.slice(0, at) + next + character + key.slice(at + 2)) !== null) missed.push(`${at}`);
    }
    assert.deepEqual(missed, []);
  });

  it('is not what somebody types for a passphrase', () => {
    for (const typed of ['', 'gull rows quiet harbour', 'U'.repeat(36), '0'.repeat(35)]) assert.equal(readRecoveryKey(typed), null, typed);
  });
});
