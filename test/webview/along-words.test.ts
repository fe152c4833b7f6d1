import assert from 'node:assert/strict';
import type { HeldAlongView } from '../../src/shared/protocol/backups-contents.ts';
import { exactWords } from '../../src/webview/backups/backup-words.ts';
import { accountsWords, settingsWords } from '../../src/webview/backups/along-words.ts';

const now = new Date(2026, 10, 21, 21, 50).getTime();
const madeAt = new Date(2026, 10, 19, 3, 0).getTime();
const when = exactWords(madeAt, now);

function held(settings: Partial<HeldAlongView['settings']>, accounts: HeldAlongView['accounts'] = []): HeldAlongView {
  return { madeAt, settings: { state: 'held', differing: [], leftOut: [], ...settings }, accounts };
}

describe('what the backups view says of what a backup holds along', () => {
  it('names the settings that differ, of many the first five, and of which moment they are', () => {
    assert.equal(settingsWords(held({ differing: ['Context size'] }), now), `1 setting of ${when} differs from now: Context size.`);
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
    assert.equal(settingsWords(held({ differing: names }), now), `7 settings of ${when} differ from now: A, B, C, D, E, and 2 more.`);
  });

  it('names what cannot be set here, and never says then that all is as it is now', () => {
    assert.equal(settingsWords(held({ leftOut: ['Reply length', 'later'] }), now), 'Cannot be set here: Reply length, later.');
    assert.equal(settingsWords(held({ differing: ['A'], leftOut: ['B'] }), now), `1 setting of ${when} differs from now: A. Cannot be set here: B.`);
  });

  it('tells settings that are the same, that cannot be read, and that are not there apart', () => {
    assert.equal(settingsWords(held({}), now), `No setting has changed since ${when}.`);
    assert.equal(settingsWords(held({ state: 'unreadable' }), now), 'The settings in this backup cannot be read.');
    assert.equal(settingsWords({ ...held({ state: 'unreadable' }), madeAt: null }, now), 'The settings in this backup cannot be read.');
    assert.equal(settingsWords(held({ state: 'none' }), now), '');
  });

  it('says of the activity record and the log which of them is there', () => {
    assert.deepEqual(
      [[], ['record'], ['log'], ['record', 'log']].map((accounts) => accountsWords(held({}, accounts.filter((account) => account === 'record' || account === 'log')), now)),
      ['', `The activity record of ${when} is in it.`, `The log of ${when} is in it.`, `The activity record and the log of ${when} are in it.`],
    );
  });
});
