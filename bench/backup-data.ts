import fs from 'node:fs';
import path from 'node:path';
import { makeLargeStore } from './large-store.ts';
import { content, engineIn, ids, type BenchEngine } from './store-rig.ts';
import { createText, createVocabulary, seededRandom } from './synthetic-corpus.ts';

const messages = 30_000;
const documents = 1_400;
const documentCharacters = 24_000;
const minuteMs = 60_000;

/**
 * A store of about 100 MB: chats whose messages are memories with vectors, and documents, which are kept as what was sent along
 * with a message. All of it in one generation with nothing older beside it, so that the folder is no more than is backed up.
 */
export async function makeBackupStore(folder: string): Promise<void> {
  await makeLargeStore(folder, messages);
  const random = seededRandom(documents);
  const vocabulary = createVocabulary(30_000, random);
  const opened = engineIn(folder);
  const sessionId = await addChat(opened, 'Documents');
  for (let i = 0; i < documents; i++) await addMessage(opened, sessionId, `Document ${i}`, createText(vocabulary, documentCharacters));
  await opened.engine.purge(Date.now());
  await opened.engine.close();
}

/** A morning's work: 40 messages, and one document of 24,000 characters. */
export async function addSmallChange(opened: Pick<BenchEngine, 'call'>, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const vocabulary = createVocabulary(3_000, random);
  const sessionId = await addChat(opened, 'Since the backup');
  for (let i = 0; i < 40; i++) await addMessage(opened, sessionId, createText(vocabulary, 300), i === 0 ? createText(vocabulary, documentCharacters) : null);
}

async function addChat({ call }: Pick<BenchEngine, 'call'>, title: string): Promise<string> {
  const id = ids.next();
  await call(content.methods['sessions.create'], { id, agentId: 'alden', title, temporary: false, workspaceId: null, expiresAt: null, at: Date.now() });
  return id;
}

async function addMessage({ call }: Pick<BenchEngine, 'call'>, sessionId: string, text: string, document: string | null): Promise<void> {
  const { methods } = content;
  const [user, reply, at] = [ids.next(), ids.next(), Date.now()];
  const attachments = document === null ? [] : [
    { id: ids.next(), kind: 'file', label: `${text}.md`, uri: null, firstLine: null, lastLine: null, language: 'markdown', text: document, tokens: 6000 },
  ];
  await call(methods['messages.startTurn'], {
    sessionId, holder: 'filling', leaseUntil: at + minuteMs, at,
    user: { id: user, parentId: null, text, attachments },
    reply: { id: reply, parentId: user, origin: 'model', model: 'm' },
  });
  await call(methods['messages.finishReply'], {
    messageId: reply, status: 'complete', sequence: 0, text: 'Noted.', thinking: '', thinkingMs: null, model: 'm',
    error: null, statistics: null, memoriesUsed: [], at,
  });
}

/** Bytes of all files in a folder and below. */
export function bytesIn(folder: string): number {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + fs.statSync(path.join(parentPath, name)).size, 0);
}
