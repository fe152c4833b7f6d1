import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { alden } from '../../src/agents/persona.ts';
import type { HistoryCut } from '../../src/agents/history.ts';
import { planPrompt, writePrompt, type Prompt, type PromptInput } from '../../src/agents/prompt.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { ChatTurn } from '../../src/models/port.ts';
import type { Message } from '../../src/store/records.ts';
import { attachment, estimate, reply, slice, userMessage } from './prompt-material.ts';

const time = { now: Date.UTC(2026, 2, 28, 21, 42), timeZone: 'UTC' };
const input: PromptInput = {
  persona: alden('You are Alden.'),
  branch: [],
  message: userMessage('m', 'Hello'),
  window: { contextTokens: 4096, replyTokens: 512, memoryTokens: 1000 },
  estimate,
  lastCut: null,
};

describe('a prompt', () => {
  it('is the persona, the chat so far, and time and memories before the words of the last message', () => {
    const plan = planPrompt({ ...input, branch: [userMessage('m1', 'Hi'), reply('m2', 'Good evening.')], message: userMessage('m3', 'When is it due?') });

    const { turns } = writePrompt(plan, [slice('s1', 'Due after 30 days', { validFrom: Date.UTC(2026, 0, 5) })], time);

    assert.deepEqual(turns, [
      { role: 'system', content: 'You are Alden.' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Good evening.' },
      {
        role: 'user',
        content: [
          '<notes>',
          'It is Saturday, 2026-03-28, 21:42.',
          '<memories>',
          '2026-01-05 the person said: Due after 30 days',
          '</memories>',
          '</notes>',
          '',
          'When is it due?',
        ].join('\n'),
      },
    ]);
  });

  it('puts attachments first, in the last message as in the history', () => {
    const asked = userMessage('m1', 'What is this?', [attachment('let x = 1;')]);
    const first = writePrompt(planPrompt({ ...input, message: asked }), [], time).turns.at(-1)?.content ?? '';
    const later = writePrompt(planPrompt({ ...input, branch: [asked, reply('m2', 'A variable.')], message: userMessage('m3', 'Why?') }), [], time).turns[1]?.content ?? '';

    assert.equal(later, '<attachment kind="file" label="notes.md">\nlet x = 1;\n</attachment>\n\nWhat is this?');
    assert.ok(first.startsWith('<attachment kind="file" label="notes.md">\nlet x = 1;\n</attachment>\n\n<notes>'));
  });

  it('leaves out the oldest attachments before any message, and says how much', () => {
    const branch = [
      userMessage('m1', 'Look', [attachment('x'.repeat(9_000))]),
      reply('m2', 'I see.'),
      userMessage('m3', 'And this', [attachment('y'.repeat(2_000))]),
      reply('m4', 'Yes.'),
    ];

    const { history } = planPrompt({ ...input, branch });

    assert.deepEqual(history.exchanges.map(({ words, attachments }) => [words, attachments.length]), [['Look', 0], ['And this', 1]]);
    assert.deepEqual([history.omittedMessages, history.omittedAttachments], [0, 1]);
  });

  it('leaves every message where dropping attachments is enough', () => {
    const branch = [1, 2, 3].flatMap((nth) => [userMessage(`m${String(nth)}`, 'w'.repeat(2_200), [attachment('x'.repeat(3_000))]), reply(`r${String(nth)}`, 'Yes.')]);

    const { history } = planPrompt({ ...input, branch });

    assert.deepEqual([history.omittedMessages, history.omittedAttachments], [0, 2]);
  });

  it('cuts the history to half of its room, and then leaves the cut where it is while it can', () => {
    const starts: string[] = [];
    const branch: Message[] = [];
    let lastCut: HistoryCut | null = null;
    for (let turn = 0; turn < 60; turn++) {
      const message = userMessage(`m${String(turn)}`, `Question ${String(turn)} ${'x'.repeat(400)}`);
      const { history } = planPrompt({ ...input, branch, message, lastCut });
      lastCut = history.cut;
      starts.push(history.cut.exchange);
      branch.push(message, reply(`r${String(turn)}`, `Answer ${'y'.repeat(400)}`));
    }
    const lengths = [...new Set(starts)].map((start) => starts.filter((other) => other === start).length);
    assert.ok(lengths.length >= 4, 'the history was cut several times');
    assert.ok(Math.min(...lengths.slice(0, -1)) >= 5, `each cut stays for several turns: ${lengths.join(', ')}`);
  });

  it('cuts at the same place after a reload as before it', () => {
    const branch: Message[] = [];
    let lastCut: HistoryCut | null = null;
    for (let turn = 0; turn < 40; turn++) {
      const message = userMessage(`m${String(turn)}`, 'x'.repeat(100 + (turn % 7) * 90));
      const remembered: HistoryCut = planPrompt({ ...input, branch, message, lastCut }).history.cut;
      assert.deepEqual(planPrompt({ ...input, branch, message, lastCut: null }).history.cut, remembered);
      lastCut = remembered;
      branch.push(message, reply(`r${String(turn)}`, 'y'.repeat(300)));
    }
  });

  it('drops the last attachments of a message that does not fit with all of them', () => {
    const message = userMessage('m', 'Compare', [attachment('x'.repeat(4_000), 'a1'), attachment('y'.repeat(9_000), 'a2')]);

    const { history } = planPrompt({ ...input, message });

    assert.deepEqual(history.question.attachments.map(({ id }) => id), ['a1']);
    assert.equal(history.omittedAttachments, 1);
  });

  it('refuses words that do not fit, with the numbers', () => {
    assert.throws(
      () => planPrompt({ ...input, message: userMessage('m', 'x'.repeat(40_000)) }),
      (error) => HearthlinkError.is(error, 'model-context-overflow') && error.parameters['contextTokens'] === 4096 && Number(error.parameters['promptTokens']) > 10_000,
    );
  });
});

/** A chat as it may really be: answered, stopped, failed and empty replies, attachments, long and short. */
const chat = fc.array(
  fc.record({
    words: fc.oneof(fc.string({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 1500 }).map((length) => 'w'.repeat(length))),
    answer: fc.oneof(fc.string({ maxLength: 40 }), fc.integer({ min: 1, max: 1500 }).map((length) => 'a'.repeat(length))),
    file: fc.option(fc.integer({ min: 1, max: 6000 }).map((length) => 'f'.repeat(length)), { freq: 4 }),
    origin: fc.constantFrom('model', 'model', 'model', 'recall'),
    memories: fc.array(fc.string({ maxLength: 300 }), { maxLength: 12 }),
  }),
  { minLength: 2, maxLength: 25 },
);
const windows = fc.record({
  contextTokens: fc.integer({ min: 1024, max: 16_384 }),
  replyTokens: fc.integer({ min: 64, max: 8192 }),
  memoryTokens: fc.integer({ min: 0, max: 5000 }),
});

/** The prompts of a whole chat, turn by turn; null where a message did not fit by itself. */
function promptsOf(turns: typeof chat extends fc.Arbitrary<infer T> ? T : never, window: PromptInput['window']): readonly (Prompt | null)[] {
  const branch: Message[] = [];
  let lastCut: HistoryCut | null = null;
  return turns.map(({ words, answer, file, origin, memories }, index) => {
    const message = userMessage(`m${String(index)}`, words, file === null ? [] : [attachment(file, `a${String(index)}`)]);
    let prompt: Prompt | null = null;
    try {
      const plan = planPrompt({ ...input, branch, message, window, lastCut });
      lastCut = plan.history.cut;
      prompt = writePrompt(plan, memories.map((text, nth) => slice(`s${String(nth)}`, text)), { ...time, now: time.now + index * 60_000 });
    } catch (error) {
      if (!HearthlinkError.is(error, 'model-context-overflow')) throw error;
    }
    branch.push(message, reply(`r${String(index)}`, prompt === null ? '' : answer, { origin }));
    return prompt;
  });
}

describe('any chat', () => {
  it('fits into the window, with room for the reply', () => {
    fc.assert(
      fc.property(chat, windows, (turns, window) => {
        for (const prompt of promptsOf(turns, window)) {
          if (prompt === null) continue;
          assert.ok(prompt.tokens + Math.min(window.replyTokens, Math.floor(window.contextTokens / 3)) <= window.contextTokens);
        }
      }),
    );
  });

  it('alternates between user and assistant, beginning and ending with the user', () => {
    fc.assert(
      fc.property(chat, windows, (turns, window) => {
        for (const prompt of promptsOf(turns, window)) {
          if (prompt === null) continue;
          assert.equal(prompt.turns[0]?.role, 'system');
          assert.equal(prompt.turns.length % 2, 0);
          for (const [index, turn] of prompt.turns.slice(1).entries()) assert.equal(turn.role, index % 2 === 0 ? 'user' : 'assistant');
        }
      }),
    );
  });

  it('begins each prompt with the very bytes of the one before, up to its last user message, unless the history was cut', () => {
    fc.assert(
      fc.property(chat, (turns) => {
        const prompts = promptsOf(turns, { contextTokens: 200_000, replyTokens: 512, memoryTokens: 1000 });
        for (const [index, prompt] of prompts.entries()) {
          const before = prompts[index - 1];
          if (prompt === null || before === null || before === undefined) continue;
          assert.ok(bytesOf(prompt.turns).startsWith(bytesOf(before.turns.slice(0, -1))));
        }
      }),
    );
  });
});

function bytesOf(turns: readonly ChatTurn[]): string {
  return turns.map(({ role, content }) => `${role}\u0000${content}\u0001`).join('');
}
