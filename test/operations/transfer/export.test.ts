import assert from 'node:assert/strict';
import { exportAsMarkdown, type MarkdownWords } from '../../../src/operations/transfer/export-markdown.ts';
import { exportAsJson, type ExportCounts, type ReadPage } from '../../../src/operations/transfer/export-text.ts';
import { readImport } from '../../../src/operations/transfer/read-import.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { InProcessStore } from '../../store/sql/support/in-process-store.ts';
import { newFact, newSession, takeTurn } from '../../store/sql/support/sample-rows.ts';

const head = { exportedAt: Date.UTC(2026, 10, 21, 9), madeBy: '0.1.0' };
const words: MarkdownWords = {
  title: 'What Hearthlink remembers',
  kinds: { semantic: 'Facts', procedural: 'Preferences', working: 'For now' },
  chats: 'Chats',
  you: 'You',
  replaced: 'replaced',
  untitled: 'A chat without a title',
};

const pagesOf = (store: InProcessStore): ReadPage => (part, after) => store.call('transfer.exportPage', { part, after, limit: 3 });

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  const all: string[] = [];
  for await (const piece of pieces) all.push(piece);
  return all.join('');
}

const jsonOf = (store: InProcessStore, onCounted: (counts: ExportCounts) => void = () => undefined): Promise<string> =>
  joined(exportAsJson(pagesOf(store), head, onCounted));

async function filledStore(): Promise<InProcessStore> {
  const store = InProcessStore.create();
  await store.call('sessions.create', newSession({ id: 's1', title: 'The boat' }));
  await takeTurn(store, { id: 'a', parentId: null, text: 'The boat is called Gull.', reply: 'A good name.', at: Date.UTC(2026, 0, 2, 10) });
  await takeTurn(store, { id: 'b', parentId: 'ar', text: 'An older branch.', reply: 'Unseen.', at: Date.UTC(2026, 0, 2, 11) });
  await takeTurn(store, { id: 'c', parentId: 'ar', text: 'She is blue.', reply: 'Like the sea.', at: Date.UTC(2026, 0, 2, 12) });
  const at = Date.UTC(2026, 0, 3);
  await store.call('slices.add', [
    newFact('f1', 'The user rows.', { validFrom: at }),
    newFact('f2', 'The user lives by the sea.', { validFrom: at }),
    newFact('f3', 'Answer briefly.', { kind: 'procedural', validFrom: at }),
  ]);
  await store.call('slices.supersede', { id: 'f1', by: 'f2', at });
  return store;
}

async function bringIn(store: InProcessStore, text: string): Promise<void> {
  const { source, records } = readImport({ name: 'export.json', uri: 'file:///export.json', text, modifiedAt: 0 });
  await store.call('transfer.begin', { id: 'i', source, name: 'export.json', at: 1 });
  for (let start = 0; start < records.length; start += 4) await store.call('transfer.add', { importId: 'i', records: records.slice(start, start + 4), at: 1 });
}

describe('an export as JSON', () => {
  it('is one JSON document with one record a line, and comes back whole into an empty store', async () => {
    const text = await jsonOf(await filledStore());
    const restored = InProcessStore.create();
    await bringIn(restored, text);
    assert.equal(await jsonOf(restored), text);
    assert.ok(text.split('\n').length > 15);
  });

  it('is whole and can be read for an empty store too, and then says that there is nothing in it', async () => {
    const text = await jsonOf(InProcessStore.create());
    assert.doesNotThrow(() => { JSON.parse(text); });
    assert.throws(() => readImport({ name: 'export.json', uri: '', text, modifiedAt: 0 }), (error) => HearthlinkError.is(error, 'import-empty'));
  });

  it('tells how far it is', async () => {
    const told: ExportCounts[] = [];
    await jsonOf(await filledStore(), (counts) => told.push(counts));
    assert.deepEqual(told.at(-1), { agent: 0, chat: 1, message: 6, memory: 9 });
  });

  it('is refused where a record was changed so that it says nothing any longer, naming the place', async () => {
    const text = await jsonOf(await filledStore());
    for (const [from, to, place] of [
      ['"role":"user"', '"role":"root"', 'messages[0].role'],
      ['"parentId":"a"', '"parentId":"zz"', 'messages[1]'],
      ['"activeLeafId":"cr"', '"activeLeafId":"zz"', 'chats.activeLeafId'],
      ['"version":1,"exportedAt"', '"version":2,"exportedAt"', ''],
    ] as const) {
      assert.throws(() => readImport({ name: 'e.json', uri: '', text: text.replace(from, to), modifiedAt: 0 }), (error) => {
        assert.ok(error instanceof HearthlinkError && error.code === 'import-unreadable');
        assert.equal(error.parameters['place'], place);
        return true;
      });
    }
  });
});

describe('an export as Markdown', () => {
  it('reads as a page: memories by kind, what is replaced struck out, chats as they are shown', async () => {
    const text = await joined(exportAsMarkdown(pagesOf(await filledStore()), head, words));
    assert.equal(
      text,
      [
        '# What Hearthlink remembers\n\n2026-11-21\n',
        '\n## Facts\n\n- ~~The user rows.~~ (2026-01-03, replaced)\n- The user lives by the sea. (2026-01-03)\n',
        '\n## Preferences\n\n- Answer briefly. (2026-01-03)\n',
        '\n# Chats\n',
        '\n## The boat\n',
        '\n### You, 2026-01-02 10:00\n\nThe boat is called Gull.\n',
        '\n### Alden, 2026-01-02 10:00\n\nA good name.\n',
        '\n### You, 2026-01-02 12:00\n\nShe is blue.\n',
        '\n### Alden, 2026-01-02 12:00\n\nLike the sea.\n',
      ].join(''),
    );
  });
});
