import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { findSecrets, maskSecrets, type SecretKind } from '../../src/memory/secrets.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const token = (...parts: readonly string[]): string => parts.join('');
const letters = 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8';

const secrets: readonly (readonly [SecretKind, string, string])[] = [
  ['key', 'aws = ', token('AKIA', 'IOSFODNN7EXAMPLE')],
  ['key', 'use ', token('sk-', 'proj-', letters)],
  ['key', 'stripe: ', token('sk', '_live_', letters)],
  ['key', 'maps ', token('AIza', 'SyD3x-', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O')],
  ['token', 'push with ', token('gh', 'p_', letters)],
  ['token', 'slack ', token('xox', 'b-', '1234567890-abcdefghij')],
  ['token', 'npm ', token('npm', '_', letters)],
  ['token', 'Authorization: Bearer ', token('abcdef', '0123456789abcdef')],
  ['token', 'jwt ', token('eyJ', 'hbGciOiJIUzI1NiJ9', '.eyJ', 'zdWIiOiIxMjM0In0', '.SflKxwRJSMeKKF2QT4')],
  ['password', 'postgres://ledger:', 'c0rrect-horse'],
  ['password', 'DB_PASSWORD=', 'h3lloWorld99'],
  ['password', 'const password = "', 'correct horse'],
  ['password', 'my password is ', 'hunter2!x'],
  ['password', 'Das Passwort lautet ', 'sommer2026'],
  ['card', 'my card is ', '4111 1111 1111 1111'],
  ['card', 'amex ', '3782 822463 10005'],
  ['card', 'card: ', '5555555555554444'],
];

const after: Readonly<Record<string, string>> = { 'postgres://ledger:': '@db.local/main', 'const password = "': '";' };

describe('secrets', () => {
  for (const [kind, before, secret] of secrets) {
    it(`are found: ${before}…`, () => {
      const text = `${before}${secret}${after[before] ?? ' please'}`;
      assert.deepEqual(findSecrets(text), [{ start: before.length, end: before.length + secret.length, kind }]);
    });
  }

  it('are found in a private key, also when its end was not pasted', () => {
    const body = token('-----BEGIN RSA ', 'PRIVATE KEY-----\n', 'MIIEowIBAAKCAQEA\n');
    const whole = `${body}${token('-----END RSA ', 'PRIVATE KEY-----')}`;
    assert.deepEqual(findSecrets(`see\n${whole}\nthere`), [{ start: 4, end: 4 + whole.length, kind: 'key' }]);
    assert.deepEqual(findSecrets(body), [{ start: 0, end: body.length, kind: 'key' }]);
  });

  for (const harmless of [
    'The password is wrong again, and the token expired.',
    'password: string; token: string | undefined',
    'const token = await getToken();',
    'const apiKey = process.env.API_KEY_2;',
    'password = "${DB_PASSWORD}"',
    'api_key: <your-api-key-123>',
    'PASSWORD=changeme123',
    'commit 9fceb02d0ae598e95dc970b74767f19372d61af8',
    'id 123e4567-e89b-12d3-a456-426614174000',
    'It is 1700000000000 now, invoice 4111 1111 1111 1112, phone +351 912 345 678',
    'https://user@example.org:8080/path and http://localhost:3000/a:b',
    'sk-something-without-any-number-at-all',
    'The secret is to wait until Monday 12.',
    'tokens: 4096, maxTokens = 1024',
  ]) {
    it(`are not seen in: ${harmless}`, () => {
      assert.deepEqual(findSecrets(harmless), []);
    });
  }
});

describe('masking', () => {
  const text = fc
    .array(fc.oneof(fc.constantFrom(...secrets.map(([, before, secret]) => `${before}${secret}${after[before] ?? ''}`)), fc.string({ maxLength: 30 }), fc.constant('\n')), { maxLength: 6 })
    .map((parts) => parts.join(' '));

  it('leaves nothing to be found and everything else in its place', () => {
    fc.assert(
      fc.property(text, (original) => {
        const masked = maskSecrets(original);
        assert.deepEqual(findSecrets(masked), []);
        assert.equal(masked.length, original.length);
        let last = 0;
        for (const { start, end } of findSecrets(original)) {
          assert.equal(masked.slice(last, start), original.slice(last, start));
          assert.equal(masked.slice(start, end), '•'.repeat(end - start));
          last = end;
        }
        assert.equal(masked.slice(last), original.slice(last));
      }),
      { numRuns: 500 },
    );
  });

  it('takes time that grows with the text, not faster', () => {
    // Time of the processor, which others that use it do not lengthen; a square of the length would take minutes.
    const before = process.cpuUsage();
    for (const unit of ['password=', '-----BEGIN PRIVATE KEY-----', '4111 ', 'a://b:', 'eyJaaaaaaaaa.', 'sk-aaaaaaaaa', ' ']) maskSecrets(unit.repeat(200_000 / unit.length));
    assert.ok(process.cpuUsage(before).user < 10_000_000);
  });
});
