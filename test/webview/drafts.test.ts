import assert from 'node:assert/strict';
import { fromSnapshot } from '../../src/webview/chat/chat-state.ts';
import { DraftKeeper } from '../../src/webview/chat/draft-keeper.ts';
import { draftOf, draftsSchema, emptyDraft, noDrafts, withDraft, type Drafts } from '../../src/webview/chat/drafts.ts';
import { stateBox } from '../../src/webview/ui/view-state.ts';
import { session, snapshot } from './chat/sample-content.ts';

const written = { text: 'Half a sen', isHeld: false };

describe('drafts', () => {
  it('belong to one chat each', () => {
    const drafts = withDraft(withDraft(noDrafts, 'a', written), 'b', { text: 'Other', isHeld: true });
    assert.equal(draftOf(drafts, 'a').text, 'Half a sen');
    assert.equal(draftOf(drafts, 'b').isHeld, true);
    assert.deepEqual(draftOf(drafts, 'c'), emptyDraft);
  });

  it('take no room when they are empty', () => {
    assert.deepEqual(withDraft(withDraft(noDrafts, 'a', written), 'a', emptyDraft), noDrafts);
  });

  it('are kept for the twenty chats that were written in last', () => {
    let drafts: Drafts = noDrafts;
    for (let index = 0; index < 25; index++) drafts = withDraft(drafts, `chat-${String(index)}`, written);
    drafts = withDraft(drafts, 'chat-5', written);
    assert.equal(drafts.drafts.length, 20);
    assert.deepEqual(draftOf(drafts, 'chat-4'), emptyDraft);
    assert.equal(draftOf(drafts, 'chat-5').text, written.text);
  });
});

describe('the keeper of drafts', () => {
  const stored = fromSnapshot(snapshot({ session: session({ id: 'chat-1', title: '', updatedAt: 0 }) }));
  const unstored = fromSnapshot(snapshot());
  const privateChat = fromSnapshot(snapshot({ private: true }));

  function boxWith(drafts: Drafts) {
    const saved: Drafts[] = [];
    return { saved, box: { load: () => drafts, save: (next: Drafts) => void saved.push(next) } };
  }

  it('finds what an earlier page left', () => {
    const { box } = boxWith(withDraft(noDrafts, 'chat-1', written));
    assert.equal(new DraftKeeper(box).of(stored).text, written.text);
  });

  it('saves every change at once', () => {
    const { box, saved } = boxWith(noDrafts);
    new DraftKeeper(box).set(stored, written);
    assert.deepEqual(saved, [withDraft(noDrafts, 'chat-1', written)]);
  });

  it('takes the draft of a new chat along when the chat gets its id', () => {
    const { box } = boxWith(noDrafts);
    const keeper = new DraftKeeper(box);
    keeper.set(unstored, written);
    keeper.move('chat-1');
    assert.equal(keeper.of(stored).text, written.text);
    assert.equal(keeper.of(unstored).text, '');
  });

  it('never saves what is written in a private chat', () => {
    const { box, saved } = boxWith(noDrafts);
    const keeper = new DraftKeeper(box);
    keeper.set(privateChat, written);
    assert.equal(keeper.of(privateChat).text, written.text);
    assert.deepEqual(saved, []);
    keeper.forgetPrivate();
    assert.equal(keeper.of(privateChat).text, '');
  });
});

describe('the state of a view', () => {
  it('is what was saved, when it is of the right shape', () => {
    let kept: unknown = withDraft(noDrafts, 'a', written);
    const box = stateBox({ getState: () => kept, setState: (state) => { kept = state; } }, draftsSchema, noDrafts);
    assert.equal(draftOf(box.load(), 'a').text, written.text);
    box.save(noDrafts);
    assert.deepEqual(kept, noDrafts);
  });

  for (const left of [undefined, null, 'text', { drafts: 'none' }, { drafts: [{ key: 1 }] }]) {
    it(`begins anew over ${JSON.stringify(left)}`, () => {
      assert.deepEqual(stateBox({ getState: () => left, setState: () => undefined }, draftsSchema, noDrafts).load(), noDrafts);
    });
  }
});
