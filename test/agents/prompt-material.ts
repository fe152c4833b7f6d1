import type { Attachment, Message, Slice } from '../../src/store/records.ts';

/** Four characters a token. */
export const estimate = (text: string): number => Math.ceil(text.length / 4);

export function attachment(text: string, id = 'a1'): Attachment {
  return { id, kind: 'file', label: 'notes.md', uri: null, firstLine: null, lastLine: null, language: null, text, tokens: estimate(text) };
}

export function userMessage(id: string, text: string, attachments: readonly Attachment[] = []): Message {
  return { ...blank, id, text, attachments, role: 'user', origin: 'user' };
}

export function reply(id: string, text: string, change: Partial<Message> = {}): Message {
  return { ...blank, id, text, role: 'assistant', origin: 'model', ...change };
}

export function slice(id: string, text: string, change: Partial<Slice> = {}): Slice {
  return {
    id,
    kind: 'episodic',
    state: 'held',
    text,
    speaker: 'user',
    scope: { type: 'shared' },
    importance: 0.5,
    confidence: 1,
    provenance: { type: 'user' },
    sourceTitle: null,
    createdAt: 0,
    validFrom: 0,
    validTo: null,
    supersededBy: null,
    contradicts: [],
    pinned: false,
    recallCount: 0,
    forgottenAt: null,
    archivedAt: null,
    expiresAt: null,
    version: 1,
    ...change,
  };
}

const blank: Omit<Message, 'id' | 'text' | 'role' | 'origin'> = {
  sessionId: 's1',
  parentId: null,
  status: 'complete',
  thinking: '',
  thinkingMs: null,
  model: null,
  createdAt: 0,
  finishedAt: 0,
  attachments: [],
  error: null,
  statistics: null,
  memoriesUsed: [],
  siblings: [],
};
