import assert from 'node:assert/strict';
import { checkDetails, checkFindings } from '../../../src/extension/record/check-words.ts';
import type { CheckReport } from '../../../src/operations/check/check-my-data.ts';

const noon = Date.UTC(2026, 2, 28, 12);

const wellAndSafe: CheckReport = {
  store: { state: 'proved', summary: { tables: { slice: 3 }, newest: {} } },
  documents: { count: 2, damaged: [] },
  record: { lines: 5, shortenedBy: 0, problems: [] },
  openToOthers: [],
  backup: { madeAt: noon, soundness: 'proved' },
  unsaved: 0,
};

describe('the words for a check of the data', () => {
  it('are none where all is well and a proved backup is there', () => {
    assert.deepEqual(checkFindings(wellAndSafe), []);
  });

  it('say that a backup is missing, and that everything is as it was written only where that is so', () => {
    const withoutBackup = { ...wellAndSafe, backup: null };
    const unsound: Partial<CheckReport>[] = [
      { store: { state: 'damaged', error: { code: 'store-damaged', parameters: {} } } },
      { store: { state: 'unknown', error: { code: 'store-locked', parameters: {} } } },
      { documents: { count: 2, damaged: ['letter.pdf'] } },
      { record: { error: { code: 'internal', parameters: {} } } },
    ];
    assert.deepEqual(checkFindings(withoutBackup), ['Everything is as it was written, but there is no backup yet. Back up now.']);
    for (const found of unsound) {
      assert.equal(checkFindings({ ...withoutBackup, ...found }).at(-1), 'There is no backup yet. Back up now.', JSON.stringify(found));
    }
  });

  it('say the most pressing first, with what is only in memory before what can be brought back', () => {
    const found = checkFindings({ ...wellAndSafe, unsaved: 2, documents: { count: 2, damaged: ['letter.pdf'] }, backup: { madeAt: noon, soundness: 'damaged' } });
    assert.deepEqual(found, [
      'Not saved yet: 2 messages. Export it, or make room on the disk.',
      'Documents that are not as they were: 1. Bring them back from a backup.',
      'The newest backup is damaged. Back up now.',
    ]);
  });

  it('name in detail what was read, also where nothing is wrong, and which files others may look into', () => {
    const details = checkDetails({ ...wellAndSafe, openToOthers: ['/data/store'] });
    for (const line of ['put together anew, and compared: 3 memories.', '  slice: 3', 'Documents: 2, damaged: 0', '  /data/store']) {
      assert.ok(details.includes(line), line);
    }
  });
});
