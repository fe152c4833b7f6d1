import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ReplyWriter, replyLeaseMs } from '../../src/agents/reply-writer.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { silentLog } from '../../src/shared/ports.ts';
import { HandClock } from '../support/seeded-ports.ts';

interface Chunk {
  readonly sequence: number;
  readonly text: string;
  readonly leaseUntil: number;
  readonly at: number;
}

function openWriter(refuse: (nth: number) => boolean = () => false) {
  const clock = new HandClock(0);
  const chunks: Chunk[] = [];
  let calls = 0;
  const appendReply = async (chunk: Chunk): Promise<void> => {
    if (refuse(calls++)) throw new HearthlinkError('store-not-known-saved');
    chunks.push(chunk);
    return Promise.resolve();
  };
  const writer = new ReplyWriter({ transcript: { appendReply }, holder: 'w', clock, timers: clock, log: silentLog }, 'm');
  return { clock, chunks, writer };
}

describe('a streaming reply', () => {
  it('is stored within a second of each word', async () => {
    const { clock, chunks, writer } = openWriter();
    for (let word = 0; word < 30; word++) {
      writer.add(`${String(word)} `, '');
      await clock.advance(100);
    }

    assert.ok(chunks.length >= 3);
    for (const chunk of chunks) assert.ok(chunk.at - 100 * Number(chunk.text.split(' ')[0]) <= 1_000);
  });

  it('keeps its lease while nothing comes', async () => {
    const { clock, chunks } = openWriter();
    await clock.advance(60_000);

    let until = replyLeaseMs;
    for (const chunk of chunks) {
      assert.ok(chunk.at < until - 5_000, 'renewed well before it runs out');
      until = chunk.leaseUntil;
    }
    assert.ok(until > 60_000);
    assert.ok(chunks.length <= 13, 'and not more often than needed');
  });

  it('does nothing more once it is closed', async () => {
    const { clock, chunks, writer } = openWriter();
    writer.add('Hello', '');
    const rest = await writer.close();
    await clock.advance(60_000);

    assert.deepEqual(rest, { sequence: 0, text: 'Hello', thinking: '' });
    assert.deepEqual(chunks, []);
    assert.equal(clock.waiting, 0);
  });

  it('does nothing more either when it is closed in the middle of a write', async () => {
    let letGo = (): void => undefined;
    const clock = new HandClock(0);
    const appendReply = (): Promise<void> => new Promise((resolve) => { letGo = resolve; });
    const writer = new ReplyWriter({ transcript: { appendReply }, holder: 'w', clock, timers: clock, log: silentLog }, 'm');
    writer.add('Hello', '');
    await clock.advance(1_000);

    const closing = writer.close();
    letGo();

    assert.deepEqual(await closing, { sequence: 1, text: '', thinking: '' });
    assert.equal(clock.waiting, 0);
  });

  it('is never stored up to the middle of a character', async () => {
    const { clock, chunks, writer } = openWriter();
    writer.add('Hello \uD83D', '');
    await clock.advance(1_000);
    writer.add('\uDD25', '');
    await clock.advance(1_000);

    assert.deepEqual(chunks.map(({ text }) => text), ['Hello ', '🔥']);
  });

  it('is whole in the end, in numbered chunks, whatever fails on the way', async () => {
    const words = fc.array(fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 6 }), wait: fc.integer({ min: 0, max: 3_000 }) }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(words, fc.func(fc.boolean()), async (all, refuse) => {
        let isFailing = true;
        const { clock, chunks, writer } = openWriter((nth) => isFailing && refuse(nth));
        for (const { text, wait } of all) {
          for (const unit of text.split('')) writer.add(unit, '');
          await clock.advance(wait);
        }
        isFailing = false;
        await clock.advance(1_000);
        const rest = await writer.close();

        assert.deepEqual(chunks.map(({ sequence }) => sequence), chunks.map((_, index) => index));
        assert.equal(rest.sequence, chunks.length);
        assert.equal(chunks.map(({ text }) => text).join('') + rest.text, all.map(({ text }) => text).join(''));
        for (const { text } of chunks) assert.ok(text.isWellFormed());
      }),
      { numRuns: 40 },
    );
  });
});
