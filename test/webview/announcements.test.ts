import assert from 'node:assert/strict';
import { announcementsOf, spoken } from '../../src/webview/chat/announcements.ts';
import { setLocale } from '../../src/webview/ui/locale.ts';
import { memory, reply } from './chat/sample-content.ts';

const streaming = reply({ id: 'r', text: 'Half', at: 1, status: 'streaming' });
const finished = reply({ id: 'r', text: 'Half and **whole**, see [here](https://example.org).', at: 1 });

describe('what is announced', () => {
  before(() => { setLocale('en', ''); });

  it('is a reply that was finished, without its markup', () => {
    assert.deepEqual(announcementsOf([streaming], [finished], 'Alden'), ['Alden replied: Half and whole, see here.']);
  });

  it('is said once: not while it streams, and not when it changes later', () => {
    assert.deepEqual(announcementsOf([streaming], [streaming], 'Alden'), []);
    assert.deepEqual(announcementsOf([finished], [finished], 'Alden'), []);
    assert.deepEqual(announcementsOf([], [finished], 'Alden'), []);
  });

  it('leaves failures to their alert', () => {
    assert.deepEqual(announcementsOf([streaming], [{ ...streaming, status: 'failed' }], 'Alden'), []);
  });

  it('says that no model spoke where none did', () => {
    const recalled = reply({ id: 'r', text: '', at: 1, origin: 'recall', memories: [memory({ id: 'm', text: 'Port 9100.', at: 1 })] });
    assert.deepEqual(announcementsOf([streaming], [recalled], 'Alden'), ['No model spoke. From memory: Port 9100.']);
    assert.deepEqual(announcementsOf([streaming], [{ ...recalled, memories: [] }], 'Alden'), ['No model spoke, and nothing like this was said or kept.']);
  });

  it('is cut at a word after 200 characters', () => {
    const text = 'word '.repeat(60);
    const words = spoken(text);
    assert.ok(words.endsWith('word, and more'));
    assert.ok(words.length <= 200 + ', and more'.length);
    assert.equal(spoken('short'), 'short');
    assert.equal(spoken('x'.repeat(300)), `${'x'.repeat(200)}, and more`);
  });
});
