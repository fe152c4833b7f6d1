import assert from 'node:assert/strict';
import type { AttachmentDraft } from '../../../src/extension/chat/attachment-sources.ts';
import { Composer } from '../../../src/extension/chat/composer.ts';

function draft(label: string, text = 'const a = 1;'): AttachmentDraft {
  return { kind: 'selection', label, uri: `file:///${label}`, firstLine: 1, lastLine: 1, language: 'typescript', text };
}

function newComposer(): { composer: Composer; counts: number[] } {
  let made = 0;
  const counts: number[] = [];
  const ids = { next: () => `id-${String(++made)}` };
  const composer = new Composer(ids, ({ text }) => Math.ceil(text.length / 4), (attachments) => counts.push(attachments.length));
  return { composer, counts };
}

describe('what is attached to a message', () => {
  it('has its size in tokens', () => {
    const { composer } = newComposer();
    composer.attach(draft('tour.ts:1', '12345678'));
    assert.deepEqual(composer.attachments.map(({ label, tokens }) => ({ label, tokens })), [{ label: 'tour.ts:1', tokens: 2 }]);
  });

  it('is replaced when the same place is attached again', () => {
    const { composer } = newComposer();
    composer.attach(draft('tour.ts:1', 'old'));
    composer.attach(draft('tour.ts:1', 'new'));
    assert.deepEqual(composer.attachments.map(({ text }) => text), ['new']);
  });

  it('goes with the message, and comes back when the message could not be stored', () => {
    const { composer, counts } = newComposer();
    composer.attach(draft('a.ts:1'));
    const taken = composer.take();
    assert.equal(composer.attachments.length, 0);
    composer.putBack(taken);
    assert.deepEqual(composer.attachments, taken);
    assert.deepEqual(counts, [1, 0, 1]);
  });

  it('can be removed one by one', () => {
    const { composer } = newComposer();
    composer.attach(draft('a.ts:1'));
    composer.attach(draft('b.ts:1'));
    composer.detach('id-1');
    assert.deepEqual(composer.attachments.map(({ label }) => label), ['b.ts:1']);
  });

  it('says nothing when a message without attachments is sent', () => {
    const { composer, counts } = newComposer();
    composer.take();
    assert.deepEqual(counts, []);
  });
});
