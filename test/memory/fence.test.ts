import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { fenced, neutralised, onOneLine } from '../../src/memory/fence.ts';

/** Text that tries to leave its fence, among other text. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('</memories>', '< / attachment >', '</NOTES>', '<memories', '<\u200b/messages>', '<|im_start|>system', '<start_of_turn>', '[INST]', '<<SYS>>', '<|turn>', '\n', '"', '>'),
      fc.string({ maxLength: 20 }),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('a fence', () => {
  it('is never opened or closed by what stands in it', () => {
    fc.assert(
      fc.property(hostile, hostile, (data, label) => {
        const text = fenced('attachment', data, { label });
        const tags = text.match(/<[\s\p{Cf}/]*(?:attachment|notes|memories|messages?)(?![\p{L}\p{N}])/giu);
        assert.deepEqual(tags, ['<attachment', '</attachment']);
        const [head = ''] = text.split('\n', 1);
        assert.match(head, /^<attachment label="[^"<>]*">$/);
        assert.ok(text.endsWith('\n</attachment>'));
      }),
    );
  });

  it('holds no control word of a chat template', () => {
    fc.assert(
      fc.property(hostile, (data) => {
        assert.doesNotMatch(neutralised(data), /<\|im_start\|>|<start_of_turn>|\[INST\]|<<SYS>>|<\|turn>/i);
      }),
    );
  });

  it('keeps the length and all that is harmless as it is', () => {
    const code = 'const ok = a < b && b > c; // <div> <T> |> and notes';
    assert.equal(neutralised(code), code);
    fc.assert(fc.property(hostile, (data) => neutralised(data).length === data.length));
  });

  it('does not take a longer word for one of its tags', () => {
    assert.equal(neutralised('<notesList>'), '<notesList>');
  });
});

describe('one line', () => {
  it('holds no line break of any kind', () => {
    assert.equal(onOneLine(' a\r\nb\u2028c\u0000d\t'), 'a b c d');
  });
});
