import assert from 'node:assert/strict';
import { partName } from '../../src/operations/archive/part-name.ts';
import { damagedWords, whatWords } from '../../src/webview/backups/backup-words.ts';

describe('what the backups view says', () => {
  it('names what is damaged in words for people, never by the name of a part', () => {
    const parts = ['snapshot.sqlite', 'calls.bin', 'index.bin', 'vectors-0123456789abcdef.bin', 'COVERS', 'MARK', 'records', `blob-${'a'.repeat(64)}`, 'settings.json'];
    for (const part of parts) {
      assert.ok(partName.safeParse(part).success, part);
      assert.ok(!damagedWords(part).includes(part), part);
    }
    assert.deepEqual(['snapshot.sqlite', 'records', 'end', 'header', '', 'something new'].map(damagedWords), [
      'Damaged: chats and memories', 'Damaged: the changes in it', 'Damaged: its end is missing', 'Damaged at its beginning', 'Damaged', 'Damaged',
    ]);
  });

  it('says of each backup what it is and who asked for it', () => {
    assert.deepEqual(
      (['schedule', 'hand', 'before-restore', 'before-migration', 'journal'] as const).map((by) => whatWords({ kind: 'changes', by })),
      ['Changes', 'Changes, by hand', 'Changes, before a restore', 'Changes, before an update', 'Changes since then, in the second folder'],
    );
  });
});
