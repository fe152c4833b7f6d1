import type { ChatSnapshot } from '../../../src/shared/protocol/chat-views.ts';
import type { FakeChatHost } from './fake-chat-host.ts';
import {
  answer,
  at,
  conversation,
  longConversation,
  memory,
  openSession,
  piMemory,
  poolMemory,
  question,
  reply,
  request,
  secondAnswer,
  secondQuestion,
  session,
  snapshot,
  stageTime,
} from './sample-content.ts';

export interface Scene {
  readonly snapshot: ChatSnapshot;
  /** Messages before those of the snapshot, oldest first, for `older`. */
  readonly earlier?: ChatSnapshot['messages'];
  /** What happens once the view has its snapshot. */
  readonly play?: (host: FakeChatHost) => void;
}

const today = '2026-11-21';
const refused = { code: 'model-not-running', parameters: { endpoint: '127.0.0.1:11434', detail: 'connect ECONNREFUSED 127.0.0.1:11434' } } as const;

const thirdQuestion = request({
  id: 'q3',
  text: 'What else in this file depends on the size of the machine?',
  at: at(today, '21:44'),
  attachments: [{ id: 'a3', kind: 'file', label: 'toolchain.cmake', tokens: 640 }],
});

export const streamedText =
  'Three more places, from most to least likely to bite:\n\nLine 71 asks `nproc`, so it changes with the container. Line 88 keeps the whole archive in memory';

/** Every state of the chat view, by the name that stands in the address of the stage. */
export const scenes: Readonly<Record<string, () => Scene>> = {
  'first-run': () => ({ snapshot: snapshot({ captureMode: 'unset' }) }),
  'no-model': () => ({ snapshot: snapshot({ connection: { state: 'no-model', suggestion: 'qwen3:4b', memoryGb: 16 } }) }),
  'pulling': () => ({
    snapshot: snapshot({
      connection: { state: 'no-model', suggestion: 'qwen3:4b', memoryGb: 16 },
      pull: { model: 'qwen3:4b', status: 'pulling', completedBytes: 1.1e9, totalBytes: 2.6e9, secondsLeft: 231, error: null },
    }),
  }),
  'no-model-left': () => ({
    snapshot: snapshot({ messages: [question, answer], connection: { state: 'no-model', suggestion: 'qwen3:4b', memoryGb: 16 } }),
  }),
  'pulling-another': () => ({
    snapshot: snapshot({
      messages: [question, answer],
      pull: { model: 'gemma3:4b', status: 'verifying', completedBytes: null, totalBytes: null, secondsLeft: null, error: null },
    }),
  }),
  'pull-failed': () => ({
    snapshot: snapshot({
      messages: [question, answer],
      pull: {
        model: 'gemma3:40b',
        status: 'error',
        completedBytes: null,
        totalBytes: null,
        secondsLeft: null,
        error: { code: 'model-missing', parameters: { model: 'gemma3:40b', detail: 'pull model manifest: file does not exist' } },
      },
    }),
  }),
  'conversation': () => ({
    snapshot: snapshot({
      messages: [...conversation],
      attachments: [{ id: 'a9', kind: 'selection', label: 'tides.py:40–58', tokens: 412 }],
    }),
  }),
  'memories': () => ({
    snapshot: snapshot({
      messages: [
        question,
        {
          ...answer,
          memories: [piMemory, poolMemory, memory({ id: 'm3', text: 'The build runs at two.', at: at('2026-05-09', '22:01'), state: 'forgotten', undoUntil: stageTime + 52_000 })],
          siblings: ['r0', 'r1'],
        },
      ],
    }),
    play: (host) => { host.press('.fold summary', '.memory-list > :nth-child(2) [aria-label="Edit memory"]'); },
  }),
  'captured': () => ({
    snapshot: snapshot({
      captureMode: 'unset',
      messages: [
        secondQuestion,
        {
          ...secondAnswer,
          text: 'Good to know. Ninja has pools of its own, so the file gets shorter.',
          thinking: 'They left Make for Ninja. Pools limit the linker by themselves, so no wrapper script. That is new, and worth keeping: ask.',
          thinkingMs: 3200,
          memories: [],
          captured: [{ sliceId: 's1', text: 'The project builds with Ninja now.', state: 'proposed', contradicts: false }],
        },
      ],
    }),
  }),
  'streaming': () => ({
    snapshot: snapshot({
      messages: [
        secondQuestion,
        { ...secondAnswer, captured: [] },
        thirdQuestion,
        reply({ id: 'r3', at: at(today, '21:44'), status: 'streaming', text: '', thinking: 'The file has three places.', thinkingMs: 4100 }),
      ],
      context: { usedTokens: 4010, sizeTokens: 8192 },
    }),
    play: (host) => { host.stream('r3', streamedText, 400); },
  }),
  'loading': () => ({
    snapshot: snapshot({
      messages: [
        request({ id: 'q0', text: 'Remind me to ask about the noisy disk on Monday.', at: at('2026-11-20', '18:20') }),
        reply({
          id: 'r0',
          text: 'I will. You also meant to ask who owns the nightly build.',
          at: at('2026-11-20', '18:20'),
          memories: [piMemory],
          captured: [{ sliceId: 's0', text: 'Ask about the noisy disk, until Monday.', state: 'held', contradicts: false }],
        }),
        request({ id: 'q1', text: 'Morning. What did I want to bring up?', at: at(today, '09:01') }),
        reply({ id: 'r1', text: '', at: at(today, '09:01'), status: 'streaming' }),
      ],
      context: { usedTokens: 900, sizeTokens: 8192 },
    }),
    play: (host) => { host.emit('waiting', { messageId: 'r1', phase: 'loading', model: 'qwen3:8b', seconds: 12, lastLoadSeconds: 18 }); },
  }),
  'offline': () => ({
    snapshot: snapshot({
      connection: { state: 'offline', error: refused, canStart: true },
      context: null,
      messages: [
        request({ id: 'q1', text: 'When did we settle on one link job for the Pi?', at: at(today, '08:12') }),
        reply({
          id: 'r1',
          origin: 'recall',
          model: null,
          text: '',
          at: at(today, '08:12'),
          memories: [
            memory({ id: 'm4', text: 'One link job on the Pi, as many compile jobs as it has cores.', at: at('2026-05-06', '09:41'), words: ['link', 'job'] }),
            memory({ id: 'm5', text: 'Linking takes 0.9 GB a job.', at: at('2026-05-07', '12:10'), source: { type: 'editor', title: 'build-notes.md', canOpen: true } }),
            memory({ id: 'm6', text: 'Only release builds need link time optimisation.', at: at('2026-06-02', '17:45'), source: { type: 'chat', title: 'Release checklist', canOpen: true } }),
          ],
        }),
      ],
    }),
  }),
  'error': () => ({
    snapshot: snapshot({
      context: { usedTokens: 7640, sizeTokens: 8192 },
      messages: [
        request({
          id: 'q1',
          text: 'Summarise the three review comments on the link pool.',
          at: at(today, '10:05'),
          attachments: [{ id: 'a4', kind: 'file', label: 'review-notes.md', tokens: 880 }],
        }),
        reply({
          id: 'r1',
          at: at(today, '10:05'),
          status: 'cut-off',
          text: 'Two of them ask for the same thing: size the pool by memory and let the caller decide. The third',
          error: { code: 'model-crashed', parameters: { model: 'qwen3:8b', detail: 'llama runner process has terminated: out of memory' } },
        }),
      ],
    }),
  }),
  'private': () => ({
    snapshot: snapshot({
      private: true,
      session: session({ id: 'private', title: '', updatedAt: stageTime, private: true }),
      context: { usedTokens: 410, sizeTokens: 8192 },
      messages: [
        request({ id: 'q1', text: 'Help me find words for a raise talk. I don’t want this kept.', at: at(today, '22:15') }),
        reply({
          id: 'r1',
          at: at(today, '22:15'),
          text: 'Of course. Say what changed since the last talk in one sentence, then the number, then stop.\n\nWhat would you say changed?',
        }),
      ],
    }),
    play: (host) => { host.emit('draft', { text: 'I run the on-call rota now and trained two people.' }); },
  }),
  'sessions': () => ({
    snapshot: snapshot({ messages: [...conversation] }),
    play: (host) => { host.emit('showSessions', {}); },
  }),
  'models': () => ({
    snapshot: snapshot({ messages: [question, answer] }),
    play: (host) => { host.emit('showModels', {}); },
  }),
  'long': () => {
    const all = longConversation(10_000);
    return { snapshot: snapshot({ messages: all.slice(-200), hasMore: true, total: all.length }), earlier: all.slice(0, -200) };
  },
  'damaged': () => ({
    snapshot: snapshot({
      messages: [question, answer],
      store: {
        state: 'damaged',
        error: { code: 'store-damaged', parameters: { file: 'journal-3-8f1c.log', detail: 'checksum of record 118' } },
        damagedFiles: ['journal-3-8f1c.log'],
        leftBehind: null,
      },
    }),
  }),
  'damaged-unsaved': () => ({
    snapshot: snapshot({
      messages: [...conversation, { ...thirdQuestion, unsaved: true }],
      store: {
        state: 'damaged',
        error: { code: 'store-damaged', parameters: { file: 'journal-3-8f1c.log', detail: 'checksum of record 118' } },
        damagedFiles: ['journal-3-8f1c.log'],
        leftBehind: null,
        unsaved: { messages: 1, error: { code: 'store-full', parameters: { detail: 'ENOSPC' } } },
      },
    }),
  }),
  'gone-on': () => ({
    snapshot: snapshot({
      messages: [question, answer],
      store: { state: 'ready', error: null, damagedFiles: [], leftBehind: { bytes: 312, lastWriteAt: new Date(2026, 10, 21, 9, 12).getTime() } },
    }),
  }),
  'read-only': () => ({
    snapshot: snapshot({
      messages: [...conversation],
      store: { state: 'read-only', error: { code: 'store-read-only', parameters: { detail: 'EROFS: read-only file system' } }, damagedFiles: [], leftBehind: null },
    }),
  }),
  'read-only-empty': () => ({
    snapshot: snapshot({
      store: { state: 'read-only', error: { code: 'store-read-only', parameters: { detail: 'ENOTDIR: not a directory, mkdir' } }, damagedFiles: [], leftBehind: null },
    }),
  }),
  'unsaved': () => ({
    snapshot: snapshot({
      messages: [...conversation, { ...thirdQuestion, unsaved: true }, { ...answer, id: 'r9', unsaved: true }],
      store: {
        state: 'ready', error: null, damagedFiles: [], leftBehind: null,
        unsaved: { messages: 2, error: { code: 'store-full', parameters: { detail: 'ENOSPC' } } },
      },
    }),
  }),
  'closed': () => ({ snapshot: snapshot({ session: { ...openSession, status: 'closed' }, messages: [...conversation] }) }),
  'newer-schema': () => ({
    snapshot: snapshot({ messages: [...conversation], store: { state: 'newer-schema', error: { code: 'store-newer-schema', parameters: {} }, damagedFiles: [], leftBehind: null } }),
  }),
  'locked': () => ({
    snapshot: snapshot({ store: { state: 'locked', error: { code: 'store-locked', parameters: {} }, damagedFiles: [], leftBehind: null } }),
  }),
  'remote': () => ({ snapshot: snapshot({ messages: [...conversation], remoteHost: 'models.example.net' }) }),
  'secret': () => {
    const text = 'The label printer wants the key sk-4f9a81c07d22be61, port 9100.';
    const start = text.indexOf('sk-');
    return {
      snapshot: snapshot({
        session: openSession,
        showTokensPerSecond: true,
        messages: [
          request({ id: 'q1', text, at: at(today, '11:20'), secrets: [{ start, end: start + 19, kind: 'key' }], siblings: ['q0', 'q1'] }),
          reply({
            id: 'r1',
            text: 'Port 9100 it is.',
            at: at(today, '11:20'),
            tokensPerSecond: 23.4,
            omitted: { messages: 12, attachments: 1, memories: 0 },
            captured: [{ sliceId: 's2', text: 'The label printer is on port 9100.', state: 'proposed', contradicts: true }],
          }),
        ],
        captureMode: 'ask',
      }),
    };
  },
};
