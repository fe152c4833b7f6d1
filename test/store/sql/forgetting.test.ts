import assert from 'node:assert/strict';
import fc from 'fast-check';

import { contentStatus, lastPurgeAt, markPurged } from '../../../src/store/sql/repositories/housekeeping.ts';
import { InProcessStore } from './support/in-process-store.ts';
import { factFrom, minute, newFact, newSession, newTurn, recalledIds, replyEnd, takeTurn } from './support/sample-rows.ts';

const secret = 'the spare key lies under the third flowerpot';

/** The secret stands in a message, the reply to it, a fact, and much else. */
async function storeWithSecret(): Promise<InProcessStore> {
  const store = InProcessStore.create();
  await store.call('sessions.create', newSession({ title: `About ${secret}` }));
  const turn = newTurn({ id: 'm1', parentId: null, text: `Remember that ${secret}, please` });
  const attachment = {
    id: 'a1',
    kind: 'file' as const,
    label: 'keys.md',
    uri: null,
    firstLine: null,
    lastLine: null,
    language: null,
    text: `- The Spare  key\nlies under the third flowerpot`,
    tokens: 9,
  };
  await store.call('messages.startTurn', { ...turn, user: { ...turn.user, attachments: [attachment] } });
  await store.call('messages.finishReply', replyEnd('m1r', `I noted that ${secret}.`, { thinking: `They say ${secret}` }));
  await takeTurn(store, { id: 'm2', parentId: 'm1r', text: 'What else is in the garden?', reply: 'A flowerpot or three' });
  await store.call('slices.add', [factFrom('m1', 'f1', `Says that ${secret}`, secret), factFrom('m1', 'f2', 'Has a garden', secret)]);
  await store.call('slices.edit', { id: 'f2', text: `Has a garden where ${secret}`, at: 4100 });
  await store.call('slices.edit', { id: 'f2', text: 'Has a garden with pots', at: 4200 });
  await store.call('jobs.enqueue', {
    id: 'j1',
    kind: 'capture',
    key: null,
    payload: JSON.stringify({ prompt: `"\n${secret}"` }),
    runAfter: 0,
    at: 4300,
  });
  return store;
}

const forget = { id: 'f1', undoUntil: 5000 + minute, at: 5000 };

describe('forgetting a slice', () => {
  it('takes it, and the words it quotes, out of recall and prompts at once', async () => {
    const store = await storeWithSecret();
    assert.ok((await recalledIds(store, 'flowerpot key')).includes('m-m1'));
    const forgotten = await store.call('slices.forget', forget);
    assert.deepEqual([forgotten.state, forgotten.forgottenAt], ['forgotten', 5000]);
    assert.deepEqual(await recalledIds(store, 'spare key'), []);
    const prompt = JSON.stringify(await store.call('messages.path', { leafId: 'm2r', limit: 10 }));
    assert.doesNotMatch(prompt, /third flowerpot/i);
    assert.match(prompt, /Remember that \[…\], please/);
    assert.match(JSON.stringify(await store.call('messages.page', { sessionId: 's1', limit: 10 })), /third flowerpot/, 'the chat shows it until it is wiped');
  });

  it('can be undone within its time, and then everything is as before', async () => {
    const store = await storeWithSecret();
    const before = await recalledIds(store, 'spare key');
    await store.call('slices.forget', forget);
    await store.call('slices.forget', { ...forget, undoUntil: 999_999, at: 5001 });
    assert.equal(await store.call('slices.wipeForgotten', 5000 + minute), 0);
    const held = await store.call('slices.undoForget', { id: 'f1', at: 5000 + minute });
    assert.deepEqual([held.state, held.forgottenAt], ['held', null]);
    assert.deepEqual(await recalledIds(store, 'spare key'), before);
  });

  it('cannot be undone after its time', async () => {
    const store = await storeWithSecret();
    await store.call('slices.forget', forget);
    await assert.rejects(store.call('slices.undoForget', { id: 'f1', at: 5001 + minute }), { code: 'invalid-transition' });
    await store.call('slices.wipeForgotten', 5001 + minute);
    await assert.rejects(store.call('slices.undoForget', { id: 'f1', at: 5002 + minute }), { code: 'not-found' });
  });

  it('keeps a proposal a proposal when it is undone', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('p1', 'Likes wasps', { state: 'proposed' })]);
    await store.call('slices.forget', { id: 'p1', undoUntil: 9000, at: 5000 });
    assert.equal((await store.call('slices.undoForget', { id: 'p1', at: 5001 })).state, 'proposed');
    assert.deepEqual(await recalledIds(store, 'wasps'), []);
  });
});

describe('wiping what was forgotten', () => {
  async function wiped(): Promise<InProcessStore> {
    const store = await storeWithSecret();
    await store.call('slices.putVectors', {
      model: 'nomic',
      vectors: ['m-m1', 'm-m1r', 'm-m2', 'm-m2r', 'f1', 'f2'].map((id) => ({ id, vector: Float32Array.of(1, 0) })),
      at: 4400,
    });
    await store.call('slices.forget', forget);
    assert.equal(await store.call('slices.wipeForgotten', 5001 + minute), 1);
    return store;
  }

  it('leaves no byte of the words in the file, wherever they stood', async () => {
    const store = await wiped();
    assert.doesNotMatch(store.purgedBytes(), /third\s+flowerpot|spare\s+key/i);
    assert.doesNotMatch(JSON.stringify(await store.documents()), /third flowerpot/i);
    assert.equal((await store.call('messages.get', 'm1'))?.text, 'Remember that […], please');
    assert.equal((await store.call('messages.get', 'm1r'))?.text, 'I noted that […].');
    assert.equal((await store.call('sessions.get', 's1'))?.title, '');
    assert.deepEqual((await store.call('slices.get', ['f2']))[0]?.provenance, { type: 'message', sessionId: 's1', messageId: 'm1', quote: '[…]' });
  });

  it('takes back the vectors of what was blanked and of the turns after it, and no others', async () => {
    const store = await wiped();
    const has = (id: string): boolean => store.search.hasVector('nomic', id);
    assert.deepEqual(['m-m1', 'm-m1r', 'm-m2', 'm-m2r', 'f1', 'f2'].map(has), [false, false, false, true, false, false]);
    const missing = await store.call('slices.missingVectors', { model: 'nomic', limit: 10 });
    assert.deepEqual(missing.map(({ id }) => id), ['f2', 'm-m2', 'm-m1r', 'm-m1']);
  });

  it('finds blanked turns under what is left of them', async () => {
    const store = await wiped();
    assert.deepEqual(await recalledIds(store, 'remember please'), ['m-m1']);
    assert.deepEqual(await recalledIds(store, 'third'), []);
  });

  it('keeps it from being learned again, and says nothing of what it was', async () => {
    const store = await wiped();
    const again = [newFact('f3', `says THAT ${secret}!`), newFact('f4', 'Something else', { provenance: { type: 'user' } })];
    assert.deepEqual((await store.call('slices.add', again)).map(({ outcome }) => outcome), ['forgotten-before', 'added']);
    assert.deepEqual(await store.again('slices.add', again.slice(0, 1)), [{ outcome: 'forgotten-before' }]);
    const requoted = { ...factFrom('m2', 'f5', 'Put into other words', secret) };
    assert.deepEqual(await store.call('slices.add', [requoted]), [{ outcome: 'forgotten-before' }]);
    assert.match(JSON.stringify(store.content()['tombstone']), /^\[(\["[\w-]{22}",65001\],?)+\]$/);
  });

  it('wipes what the slice said before it was edited, too', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    await takeTurn(store, { id: 'm1', parentId: null, text: 'So: Lives in Old Tartu', reply: 'Noted' });
    await store.call('slices.add', [newFact('f1', 'lives in old Tartu')]);
    await store.call('slices.edit', { id: 'f1', text: 'Lives in Narva', at: 4100 });
    await store.call('slices.forget', forget);
    await store.call('slices.wipeForgotten', 5001 + minute);
    assert.equal((await store.call('messages.get', 'm1'))?.text, 'So: […]');
    assert.doesNotMatch(store.purgedBytes(), /Tartu|Narva/);
    assert.deepEqual(await store.call('slices.add', [newFact('f2', 'Lives in old Tartu')]), [{ outcome: 'forgotten-before' }]);
  });

  it('refuses to learn it again already while it can be undone', async () => {
    const store = await storeWithSecret();
    await store.call('slices.forget', forget);
    const [answer] = await store.call('slices.add', [newFact('f3', `Says that ${secret}`)]);
    assert.deepEqual(answer, { outcome: 'forgotten-before' });
  });

  it('blanks the whole message of a forgotten turn, and what was attached to it', async () => {
    const store = await storeWithSecret();
    await store.call('slices.forget', { id: 'm-m1', undoUntil: 5000, at: 4999 });
    const path = await store.call('messages.path', { leafId: 'm2r', limit: 10 });
    assert.deepEqual([path[0]?.text, path[0]?.attachments], ['[…]', []]);
    await store.call('slices.wipeForgotten', 6000);
    const message = await store.call('messages.get', 'm1');
    assert.deepEqual([message?.text, message?.attachments], ['[…]', []]);
    assert.deepEqual(await store.call('slices.get', ['m-m1']), []);
    assert.match((await store.call('messages.get', 'm1r'))?.text ?? '', /flowerpot/, 'the reply is another turn');
  });

  it('takes back a title that was made of it, cut or in other words, and leaves one that the user chose', async () => {
    const store = await storeWithSecret();
    await store.call('sessions.create', newSession({ id: 's2', title: 'The spare key lies under…' }));
    await takeTurn(store, { sessionId: 's2', id: 'n1', parentId: null, text: secret, reply: 'I see' });
    await store.call('sessions.rename', { id: 's1', title: 'Pots', by: 'user', at: 4500 });
    await store.call('slices.forget', { ...forget, id: 'm-n1' });
    await store.call('slices.forget', { ...forget, id: 'm-m1' });
    await store.call('slices.wipeForgotten', forget.undoUntil + 1);
    const titles = await store.call('sessions.list', { limit: 10 });
    assert.deepEqual(new Map(titles.map(({ id, title }) => [id, title])), new Map([['s1', 'Pots'], ['s2', '']]));
  });

  it('does not blank a commonplace all over the store', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    await takeTurn(store, { id: 'm1', parentId: null, text: 'Thanks', reply: 'Thanks for the tea' });
    await takeTurn(store, { id: 'm2', parentId: 'm1r', text: 'I take tea', reply: 'Team spirit' });
    await store.call('slices.add', [factFrom('m2', 'f1', 'Drinks it', 'tea')]);
    for (const id of ['m-m1', 'f1']) await store.call('slices.forget', { id, undoUntil: 5000, at: 4999 });
    await store.call('slices.wipeForgotten', 6000);
    const texts = (await store.call('messages.all', 's1')).map((message) => message.text);
    assert.deepEqual(texts, ['[…]', 'Thanks for the tea', 'I take […]', 'Team spirit']);
  });

  it('is told as due to be purged until the purge', async () => {
    const store = await storeWithSecret();
    const isDue = async (): Promise<boolean> => (await store.run('read', contentStatus)).purgeDue;
    await store.call('slices.forget', forget);
    assert.equal(await isDue(), false);
    await store.call('slices.wipeForgotten', 5001 + minute);
    assert.equal(await isDue(), true);
    markPurged(store.database, 9000);
    assert.equal(await isDue(), false);
  });

  it('is why older backups may hold more; files written anew with nothing to purge, as for a new key, are no reason', async () => {
    const store = await storeWithSecret();
    markPurged(store.database, 7000);
    assert.equal(await store.run('read', lastPurgeAt), null);
    await store.call('slices.forget', forget);
    await store.call('slices.wipeForgotten', 5001 + minute);
    markPurged(store.database, 9000);
    markPurged(store.database, 11_000);
    assert.equal(await store.run('read', lastPurgeAt), 9000);
  });

  it('leaves nothing of any words, however they are written', async () => {
    const word = fc.stringMatching(/^[a-zA-Zäßéñ0-9"'\\%_.🦡]{2,9}$/u);
    const sentence = fc.array(word, { minLength: 3, maxLength: 6 }).map((words) => words.join(' '));
    await fc.assert(
      fc.asyncProperty(sentence, sentence, async (quote, rest) => {
        fc.pre(!rest.includes(quote) && !quote.includes(rest));
        const store = InProcessStore.create();
        await store.call('sessions.create', newSession({ title: quote }));
        await takeTurn(store, { id: 'm1', parentId: null, text: `${rest} ${quote} ${rest}`, reply: `${quote}${quote}` });
        await store.call('slices.add', [factFrom('m1', 'f1', `Xylem: ${quote}`, quote)]);
        await store.call('jobs.enqueue', { id: 'j', kind: 'k', key: null, payload: JSON.stringify([quote]), runAfter: 0, at: 0 });
        await store.call('slices.forget', { id: 'f1', undoUntil: 5000, at: 4999 });
        await store.call('slices.wipeForgotten', 6000);
        const bytes = Buffer.from(store.purgedBytes(), 'latin1').toString('utf8');
        assert.ok(!bytes.includes(quote));
        assert.ok(!bytes.includes(JSON.stringify(quote)));
        assert.equal((await store.call('messages.get', 'm1'))?.text, `${rest} […] ${rest}`);
        store.database.close();
      }),
      { numRuns: 40 },
    );
  });
});

describe('blanking a secret', () => {
  it('takes it out of the message and of everything that was made of it', async () => {
    const store = InProcessStore.create();
    const token = 'ghp_Zx81QqWv';
    await store.call('sessions.create', newSession());
    await takeTurn(store, { id: 'm1', parentId: null, text: `Use ${token} to log in`, reply: `Using ${token}` });
    await store.call('slices.add', [factFrom('m1', 'f1', `Has the token ${token}`, `Use ${token}`)]);
    const change = { messageId: 'm1', start: 4, end: 4 + token.length, at: 5000 };
    const message = await store.call('messages.blankText', change);
    assert.equal(message.text, 'Use […] to log in');
    assert.deepEqual(await store.again('messages.blankText', change), message);
    assert.equal((await store.call('slices.get', ['f1']))[0]?.text, 'Has the token […]');
    assert.deepEqual(await recalledIds(store, token), []);
    assert.ok(!store.purgedBytes().includes(token));
  });

  it('is refused outside the text, and while the reply is being written', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    await store.call('messages.startTurn', newTurn({ id: 'm1', parentId: null, text: 'short' }));
    for (const [start, end] of [[-1, 2], [2, 2], [3, 6], [Number.NaN, 3]] as const) {
      await assert.rejects(store.call('messages.blankText', { messageId: 'm1', start, end, at: 5000 }), { code: 'invalid-input' });
    }
    await assert.rejects(store.call('messages.blankText', { messageId: 'm1r', start: 0, end: 1, at: 5000 }), { code: 'conflict' });
  });
});
