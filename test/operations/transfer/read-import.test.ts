import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { ExportedMessage, TransferRecord } from '../../../src/store/transfer-records.ts';
import { summaryOf, type ImportPlan } from '../../../src/operations/transfer/import-plan.ts';
import { nestingOf } from '../../../src/operations/transfer/json-text.ts';
import { readImport } from '../../../src/operations/transfer/read-import.ts';
import { transferRecord } from '../../../src/store/transfer-records.ts';

const modifiedAt = Date.UTC(2026, 4, 1);
const read = (text: string, name = 'conversations.json'): ImportPlan => readImport({ name, uri: `file:///home/${name}`, text, modifiedAt });
const readJson = (data: unknown): ImportPlan => read(JSON.stringify(data));
const messagesIn = ({ records }: ImportPlan): ExportedMessage[] => records.filter((record) => record.type === 'message');
const memoriesIn = ({ records }: ImportPlan): string[] => records.flatMap((record) => (record.type === 'memory' ? (record.text ?? []) : []));
const lines = (plan: ImportPlan): string[] => messagesIn(plan).map(({ role, text }) => `${role}: ${text}`);
const unreadable = (error: unknown): boolean => HearthlinkError.is(error, 'import-unreadable');

/** A node of a ChatGPT chat. */
function node(id: string, parent: string | null, role: string, text: string, changes: object = {}) {
  return { id, parent, children: [], message: { id, author: { role }, create_time: 1_700_000_000 + id.length, content: { content_type: 'text', parts: [text] }, metadata: {}, ...changes } };
}

function chatGpt(nodes: readonly ReturnType<typeof node>[], changes: object = {}) {
  const mapping: Record<string, unknown> = { root: { id: 'root', parent: null, message: null } };
  for (const one of nodes) mapping[one.id] = one;
  return { title: 'Tides', create_time: 1_700_000_000.5, update_time: 1_700_000_100, conversation_id: 'c1', mapping, ...changes };
}

describe('an import from ChatGPT', () => {
  it('brings the turns, each below the one it answers, with the times in milliseconds', () => {
    const plan = readJson([chatGpt([node('q', 'root', 'user', 'When is high tide?'), node('a', 'q', 'assistant', 'At six.', { metadata: { model_slug: 'gpt-4' } })])]);
    assert.deepEqual(lines(plan), ['user: When is high tide?', 'assistant: At six.']);
    const [question, answer] = messagesIn(plan);
    assert.deepEqual([question?.parentId, answer?.parentId, answer?.model], [null, question?.id, 'gpt-4']);
    assert.equal(question?.createdAt, 1_700_000_001_000);
    assert.deepEqual(summaryOf(plan), { source: 'chatgpt', chats: 1, messages: 2, memories: 0, from: 1_700_000_000_500, to: 1_700_000_001_000, leftOut: { attachments: 0, messages: 0, unreadable: 0 } });
  });

  it('keeps every branch and shows the one that was open', () => {
    const nodes = [node('q', 'root', 'user', 'A name?'), node('a1', 'q', 'assistant', 'Gull.'), node('a2', 'q', 'assistant', 'Tern.')];
    const plan = readJson([chatGpt(nodes, { current_node: 'a1' })]);
    assert.deepEqual(lines(plan), ['user: A name?', 'assistant: Gull.', 'assistant: Tern.']);
    const [chat] = plan.records;
    assert.equal(chat?.type === 'chat' && chat.activeLeafId, messagesIn(plan)[1]?.id);
  });

  it('passes over the system, tools and hidden messages, and joins what they parted', () => {
    const plan = readJson([
      chatGpt([
        node('s', 'root', 'system', ''),
        node('q', 's', 'user', 'Weather?'),
        node('a', 'q', 'assistant', 'I look it up.'),
        node('t', 'a', 'tool', '{"wind":4}'),
        node('b', 't', 'assistant', 'Wind force four.'),
        node('h', 'b', 'user', 'hidden', { metadata: { is_visually_hidden_from_conversation: true } }),
        node('e', 'h', 'user', 'Thanks'),
      ]),
    ]);
    assert.deepEqual(lines(plan), ['user: Weather?', 'assistant: I look it up.\n\nWind force four.', 'user: Thanks']);
    assert.equal(plan.leftOut.messages, 2);
  });

  it('counts pictures that cannot come along', () => {
    const content = { content_type: 'multimodal_text', parts: [{ asset_pointer: 'file-service://x' }, 'What is this?'] };
    const plan = readJson([chatGpt([node('q', 'root', 'user', '', { content })])]);
    assert.deepEqual([lines(plan), plan.leftOut.attachments], [['user: What is this?'], 1]);
  });

  it('has the same ids each time, so that a later export brings only what is new', () => {
    const first = chatGpt([node('q', 'root', 'user', 'A?')]);
    const later = chatGpt([node('q', 'root', 'user', 'A?'), node('a', 'q', 'assistant', 'B.')]);
    const ids = (plan: ImportPlan) => plan.records.map((record) => (record.type === 'agent' ? '' : record.id));
    assert.deepEqual(ids(readJson([later])).slice(0, 2), ids(readJson([first])));
  });

  it('survives a ring of parents and one that is missing', () => {
    const plan = readJson([chatGpt([node('x', 'y', 'user', 'One'), node('y', 'x', 'assistant', 'Two'), node('z', 'gone', 'user', 'Three')])]);
    assert.deepEqual(lines(plan).toSorted(), ['assistant: Two', 'user: One', 'user: Three']);
  });

  it('leaves out a chat that is none, and says so', () => {
    const plan = readJson([{ mapping: 7 }, chatGpt([node('q', 'root', 'user', 'A?')])]);
    assert.deepEqual([lines(plan), plan.leftOut.unreadable], [['user: A?'], 1]);
  });
});

describe('an import from Claude', () => {
  const message = (uuid: string, sender: string, text: string, changes: object = {}) => ({ uuid, sender, text, created_at: '2025-03-01T10:00:00Z', ...changes });
  const chat = (messages: readonly object[]) => ({ uuid: 'c', name: 'Bread', created_at: '2025-03-01T09:00:00Z', updated_at: '2025-03-01T11:00:00Z', chat_messages: messages });

  it('brings the turns one below the other, blocks of text before the plain field', () => {
    const plan = readJson([chat([message('1', 'human', 'How long?'), message('2', 'assistant', 'old', { content: [{ type: 'text', text: 'An hour.' }, { type: 'tool_use' }] })])]);
    assert.deepEqual(lines(plan), ['user: How long?', 'assistant: An hour.']);
    assert.equal(messagesIn(plan)[1]?.parentId, messagesIn(plan)[0]?.id);
  });

  it('brings the text of attachments, and counts files that have none', () => {
    const plan = readJson([chat([message('1', 'human', 'Read this', { attachments: [{ file_name: 'a.txt', extracted_content: 'Flour' }, { file_name: 'b.png' }], files: [{ file_name: 'c.png' }] })])]);
    assert.deepEqual(messagesIn(plan)[0]?.attachments.map(({ label, text }) => [label, text]), [['a.txt', 'Flour']]);
    assert.equal(plan.leftOut.attachments, 2);
  });
});

describe('an import from mem0', () => {
  const memories = [{ id: '1', memory: 'Likes tea', created_at: '2025-01-02T00:00:00Z' }, { id: '2', memory: ' ' }, { id: '3', memory: 'Has a dog' }];

  it('brings memories, bare or wrapped', () => {
    for (const data of [memories, { results: memories }, { memories }]) {
      const plan = readJson(data);
      assert.deepEqual([plan.source, memoriesIn(plan), plan.leftOut.unreadable], ['mem0', ['Likes tea', 'Has a dog'], 1]);
    }
  });

  it('dates what has no date by the file', () => {
    const dates = readJson(memories).records.map((record) => (record.type === 'memory' ? record.createdAt : 0));
    assert.deepEqual(dates, [Date.UTC(2025, 0, 2), modifiedAt]);
  });
});

describe('an import of notes', () => {
  it('takes items of lists and paragraphs, with the lines they stand in', () => {
    const plan = read('# About me\n\nI live by\nthe sea.\n\n- I row\n  on Sundays\n- [ ] Paint the boat\n2. No sugar\n\n---\n', 'notes.md');
    assert.deepEqual(memoriesIn(plan), ['I live by the sea.', 'I row on Sundays', 'Paint the boat', 'No sugar']);
    const [first] = plan.records;
    assert.deepEqual(first?.type === 'memory' && first.provenance, { type: 'editor', uri: 'file:///home/notes.md', firstLine: 3, lastLine: 4 });
  });

  it('leaves out code and front matter', () => {
    assert.deepEqual(memoriesIn(read('---\ntags: x\n---\nKept\n\n```sh\nrm -rf\n```\n', 'notes.md')), ['Kept']);
  });

  it('cuts a long note between sentences, and loses no word of it', () => {
    const text = Array.from({ length: 400 }, (_, i) => `Sentence number ${i} is here.`).join(' ');
    const pieces = memoriesIn(read(text, 'notes.txt'));
    assert.ok(pieces.length > 1 && pieces.every((piece) => piece.length <= 2000 && piece.endsWith('.')));
    assert.equal(pieces.join(' '), text);
  });
});

describe('a file that is no import', () => {
  it('is refused with a reason that holds none of its words', () => {
    for (const [text, reason] of [
      ['PK\u0003\u0004secret', 'zip'],
      ['[{"mapping": {"secret"', 'not-json'],
      ['{"secret": 1}', 'unknown-kind'],
      [`${'['.repeat(5000)}${']'.repeat(5000)}`, 'too-deep'],
      ['a\0b', 'not-text'],
    ] as const) {
      assert.throws(() => read(text), (error) => {
        assert.ok(unreadable(error) && error instanceof HearthlinkError);
        assert.equal(error.parameters['reason'], reason);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    }
  });

  it('is said to be empty where nobody says anything', () => {
    for (const text of ['', '[]', JSON.stringify([chatGpt([])])]) {
      assert.throws(() => read(text, 'notes.md'), (error) => HearthlinkError.is(error, 'import-empty', 'import-unreadable'));
    }
  });

  it('never does more than be refused, whatever stands in it', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fc.record({ mapping: fc.dictionary(fc.string(), fc.anything()), title: fc.anything(), current_node: fc.string() }, { requiredKeys: [] })).map((data) => JSON.stringify(data)),
      fc.array(fc.record({ uuid: fc.string(), chat_messages: fc.array(fc.anything()) })).map((data) => JSON.stringify(data)),
      fc.record({ format: fc.constant('hearthlink-export'), version: fc.nat(3), chats: fc.array(fc.anything()), messages: fc.array(fc.anything()) }).map((data) => JSON.stringify(data)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        let plan: ImportPlan;
        try {
          plan = read(text);
        } catch (error) {
          assert.ok(HearthlinkError.is(error, 'import-unreadable', 'import-empty'), String(error));
          return;
        }
        const known = new Set<string>();
        for (const record of plan.records.map((one: TransferRecord) => transferRecord.parse(one))) {
          if (record.type !== 'message') continue;
          assert.ok(record.parentId === null || known.has(record.parentId), 'parents come first');
          known.add(record.id);
        }
      }),
    );
  });
});

describe('the nesting of JSON', () => {
  it('is what a reader would count, brackets in strings left out', () => {
    const depth = (value: unknown): number => (typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0);
    fc.assert(fc.property(fc.jsonValue(), (value) => { assert.equal(nestingOf(JSON.stringify(value)), depth(value)); }));
  });
});
