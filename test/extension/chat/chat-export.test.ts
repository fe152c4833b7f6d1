import assert from 'node:assert/strict';
import * as z from 'zod';
import { chatAsJson, chatAsMarkdown } from '../../../src/extension/chat/chat-export.ts';
import type { Message, Session } from '../../../src/store/records.ts';

const noon = Date.UTC(2026, 2, 28, 12);

function session(activeLeafId: string): Session {
  return {
    id: 's', agentId: 'alden', title: 'Clock changes', titleBy: 'user', status: 'active', temporary: false, workspaceId: null,
    createdAt: noon, updatedAt: noon, expiresAt: null, activeLeafId, messageCount: 3, version: 1,
  };
}

function message(id: string, parentId: string | null, role: 'user' | 'assistant', text: string): Message {
  return {
    id, sessionId: 's', parentId, role, origin: role === 'user' ? 'user' : 'model', status: 'complete', text, thinking: '', thinkingMs: null,
    model: null, createdAt: noon, finishedAt: noon, attachments: [], error: null, statistics: null, memoriesUsed: [], siblings: [id],
  };
}

const question = message('q', null, 'user', 'When do the clocks change?');
const answers = [message('a1', 'q', 'assistant', 'In March.'), message('a2', 'q', 'assistant', 'On the last Sunday of March.')];

describe('an exported chat', () => {
  it('is the active branch in Markdown', () => {
    assert.equal(
      chatAsMarkdown(session('a2'), [question, ...answers]),
      [
        '# Clock changes\n',
        '## You, 2026-03-28T12:00:00.000Z\n\nWhen do the clocks change?\n',
        '## Alden, 2026-03-28T12:00:00.000Z\n\nOn the last Sunday of March.\n',
      ].join('\n'),
    );
  });

  it('has every branch in JSON, with times that people and programs can read', () => {
    const schema = z.object({
      format: z.literal('hearthlink-chat'),
      version: z.literal(1),
      messages: z.array(z.object({ id: z.string(), parentId: z.nullable(z.string()), createdAt: z.iso.datetime() })),
    });
    const parsed = schema.parse(JSON.parse(chatAsJson(session('a2'), [question, ...answers])));
    assert.deepEqual(parsed.messages.map(({ id, parentId }) => ({ id, parentId })), [
      { id: 'q', parentId: null },
      { id: 'a1', parentId: 'q' },
      { id: 'a2', parentId: 'q' },
    ]);
  });
});
