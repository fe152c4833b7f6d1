import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { admissibleQuote, groundedText, ownWords } from '../../src/memory/capture-rules.ts';

const quoted = (text: string, quote: string, earlier: readonly string[] = []): string | null => {
  const span = admissibleQuote(text, quote, earlier);
  return span === null ? null : text.slice(span.start, span.end);
};

describe('what may be captured', () => {
  it('is a plain statement of the person', () => {
    assert.equal(quoted('Hi. I moved to Lisbon in March. Nice here.', 'I moved to Lisbon in March'), 'I moved to Lisbon in March');
    assert.equal(quoted('Ich wohne seit März in Lissabon.', 'ich wohne seit März in Lissabon'), 'Ich wohne seit März in Lissabon');
    assert.equal(quoted('私は東京に住んでいます。', '東京に住んでいます'), '東京に住んでいます');
    assert.equal(quoted('We use Vitest, if that matters.', 'We use Vitest'), 'We use Vitest');
  });

  for (const [why, text, quote] of [
    ['something else than what was said', 'I moved to Lisbon.', 'I moved to Porto'],
    ['a question', 'Do I live in Lisbon?', 'I live in Lisbon'],
    ['a question in another script', '私は東京に住んでいますか？', '東京に住んでいます'],
    ['a supposition', 'If I lived in Lisbon, I would surf.', 'I lived in Lisbon'],
    ['a supposition after a word or two', 'Well, suppose I live in Lisbon.', 'I live in Lisbon'],
    ['a supposition in German', 'Angenommen, ich wohne in Lissabon.', 'ich wohne in Lissabon'],
    ['a joke', 'I am the queen of France, haha.', 'I am the queen of France'],
    ['a joke, told in the next sentence', 'I am the queen of France. Just kidding!', 'I am the queen of France'],
    ['a quoted line', '> I live in Lisbon\nWhat does she mean', 'I live in Lisbon'],
    ['a passage in quotation marks', 'The mail says “I live in Lisbon and work there”, odd.', 'I live in Lisbon'],
    ['code', 'See ```\nI live in Lisbon\n```', 'I live in Lisbon'],
    ['one word', 'Lisbon it is.', 'Lisbon'],
  ] as const) {
    it(`is not ${why}`, () => {
      assert.equal(quoted(text, quote), null);
    });
  }

  it('is what the person says beside a quotation of the same words', () => {
    const text = '> I live in Lisbon\n\nYes, I live in Lisbon.';
    assert.equal(admissibleQuote(text, 'I live in Lisbon', [])?.start, text.lastIndexOf('I live'));
  });

  it('is never text of the agent', () => {
    const reply = 'You could move the whole suite to Vitest this week.';
    assert.equal(quoted('You said: move the whole suite to Vitest this week. Hm.', 'move the whole suite to Vitest', [reply]), null);
    const words = fc.array(fc.stringMatching(/^[a-z]{3,8}$/), { minLength: 4, maxLength: 20 });
    fc.assert(
      fc.property(words, fc.string({ maxLength: 20 }), (said, around) => {
        const answer = said.join(' ');
        const quote = said.slice(0, 4).join(' ');
        assert.equal(admissibleQuote(`${around} ${answer} ${around}`, quote, [`Well: ${answer}.`]), null);
      }),
    );
  });

  it('is nothing that the model is not shown', () => {
    const text = fc.array(fc.constantFrom('I live in Lisbon. ', '\n> I live in Porto “she said, and I live in Braga too”\n', '```I live in Braga``` ', '“I live in Faro and I like it there” ', '\n'), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (message) => {
        const own = ownWords(message);
        for (const place of ['Porto', 'Braga', 'Faro']) {
          assert.equal(own.includes(place), false);
          assert.equal(quoted(message, `I live in ${place}`), null);
        }
      }),
    );
  });
});

describe('the text of a fact', () => {
  const message = 'We moved ledger-core to Vitest 3 on Monday';

  it('is the model\'s own sentence when its names and numbers are the message\'s', () => {
    assert.equal(groundedText(' The user moved  ledger-core to Vitest 3. ', message, message), 'The user moved ledger-core to Vitest 3.');
  });

  it('is the quote when a name or number was never said, or the sentence is none', () => {
    for (const proposed of ['The user moved to Vitest 4.', 'The user works at Contoso.', '', 'x'.repeat(300)]) {
      assert.equal(groundedText(proposed, 'We moved to\nVitest', message), 'We moved to Vitest');
    }
  });
});
