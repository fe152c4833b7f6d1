import type { ChatSnapshot, MemoryView, MessageView, ModelView, SessionHitView, SessionView } from '../../../src/shared/protocol/chat-views.ts';

/** What the stage shows. Everything here is made up. */

/** Saturday, 21 November 2026, 21:46 where the stage runs. */
export const stageTime = new Date(2026, 10, 21, 21, 46).getTime();

export function at(day: string, clock: string): number {
  return new Date(`${day}T${clock}:00`).getTime();
}

const today = '2026-11-21';

type Given<T, K extends keyof T> = Pick<T, K> & Partial<T>;

function message(given: Given<MessageView, 'id' | 'role' | 'text' | 'at'>): MessageView {
  return {
    origin: given.role === 'user' ? 'user' : 'model',
    status: 'complete',
    thinking: '',
    thinkingMs: null,
    model: given.role === 'user' ? null : 'qwen3:8b',
    attachments: [],
    error: null,
    memories: [],
    captured: [],
    secrets: [],
    siblings: [given.id],
    tokensPerSecond: null,
    omitted: { messages: 0, attachments: 0, memories: 0 },
    ...given,
  };
}

export function request(given: Given<MessageView, 'id' | 'text' | 'at'>): MessageView {
  return message({ ...given, role: 'user' });
}

export function reply(given: Given<MessageView, 'id' | 'text' | 'at'>): MessageView {
  return message({ ...given, role: 'assistant' });
}

export function memory(given: Given<MemoryView, 'id' | 'text' | 'at'>): MemoryView {
  return {
    verbatim: true,
    speaker: 'user',
    source: { type: 'chat', title: 'Nightly build on the Pi', canOpen: true },
    state: 'held',
    undoUntil: null,
    contradicts: false,
    words: [],
    ...given,
  };
}

export const piMemory = memory({ id: 'm1', text: 'The Pi in the cellar has 4 GB and no swap.', at: at('2026-05-03', '10:12'), words: ['Pi'] });

export const poolMemory = memory({
  id: 'm2',
  text: 'Prefers a link pool of one over building everything with -j1.',
  verbatim: false,
  at: at('2026-05-06', '09:30'),
  source: { type: 'editor', title: 'build-notes.md', canOpen: true },
});

export const question = request({
  id: 'q1',
  text: 'The nightly build on the Pi runs out of memory again. Same as in May?',
  at: at(today, '21:40'),
  attachments: [
    { id: 'a1', kind: 'selection', label: 'Makefile:12–20', tokens: 180 },
    { id: 'a2', kind: 'problems', label: '1 problem', tokens: 60 },
  ],
});

export const answer = reply({
  id: 'r1',
  at: at(today, '21:40'),
  text: 'Most likely. In May it was the linker: four jobs at once took 3.6 GB, and the Pi has 4. Line 14 asks for four again.\n\nYou wanted one job for linking rather than `-j1` for everything. Shall I write it?',
  memories: [piMemory, poolMemory],
});

export const secondQuestion = request({
  id: 'q2',
  text: 'Yes please. And we moved to Ninja last week, so no Make in it.',
  at: at(today, '21:42'),
});

export const secondAnswer = reply({
  id: 'r2',
  at: at(today, '21:42'),
  text: [
    'Then Ninja can do it with a pool, sized by what the machine has:',
    '',
    '```python',
    'def link_jobs(memory_gb: float) -> int:',
    '    # the linker takes 0.9 GB a job',
    '    return max(1, int(memory_gb / 0.9) - 3)',
    '',
    "print(f'-DLINK_JOBS={link_jobs(4.0)}')",
    '```',
    '',
    'Hand that to `CMAKE_JOB_POOLS` and linking waits its turn, while compiling still runs four at a time.',
  ].join('\n'),
  memories: [poolMemory],
  captured: [{ sliceId: 's1', text: 'The project builds with Ninja now.', state: 'held', contradicts: false }],
});

export const conversation: readonly MessageView[] = [question, answer, secondQuestion, secondAnswer];

export function session(given: Given<SessionView, 'id' | 'title' | 'updatedAt'>): SessionView {
  return { status: 'active', temporary: false, private: false, ...given };
}

export const openSession = session({ id: 'chat-1', title: 'Nightly build on the Pi again', updatedAt: at(today, '21:42') });

export const sessions: readonly SessionView[] = [
  openSession,
  session({ id: 'chat-2', title: 'Morning notes', updatedAt: at(today, '09:01') }),
  session({ id: 'chat-3', title: 'Backups of the photo shelf', updatedAt: at('2026-11-20', '18:20') }),
  session({ id: 'chat-4', title: 'Naming the retry queue', updatedAt: at('2026-11-20', '11:32'), status: 'paused' }),
  session({ id: 'chat-5', title: 'Tide tables, second try', updatedAt: at('2026-11-12', '16:05') }),
  session({ id: 'chat-6', title: 'Ideas for the demo day', updatedAt: at('2026-11-09', '10:45'), temporary: true }),
  session({ id: 'chat-7', title: 'Kitchen shelves, measurements', updatedAt: at('2026-11-07', '20:10') }),
  session({ id: 'chat-8', title: 'Postmortem of the label printer', updatedAt: at('2026-10-29', '15:22') }),
  session({ id: 'chat-9', title: 'Nightly build on the Pi', updatedAt: at('2026-05-06', '09:41') }),
  session({ id: 'chat-10', title: 'Tax papers, what to keep', updatedAt: at('2025-12-18', '19:03') }),
  session({ id: 'chat-11', title: 'Old label printer', updatedAt: at('2025-12-02', '08:40'), status: 'archived' }),
];

/** Finds in titles, and in one line of each chat. */
export function search(text: string): SessionHitView[] {
  const lines: Readonly<Record<string, string>> = {
    'chat-1': '…in May it was the linker: four jobs at once',
    'chat-3': '…the disk of the Pi is full, so the build stopped',
    'chat-9': '…so the nightly build waits for the linker',
  };
  const wanted = text.toLowerCase();
  return sessions.flatMap((found): SessionHitView[] => {
    const snippet = lines[found.id] ?? '';
    const start = snippet.toLowerCase().indexOf(wanted);
    if (start !== -1) return [{ session: found, messageId: 'q1', snippet, matchStart: start, matchEnd: start + text.length }];
    return found.title.toLowerCase().includes(wanted) ? [{ session: found, messageId: null, snippet: '', matchStart: 0, matchEnd: 0 }] : [];
  });
}

export const models: readonly ModelView[] = [
  { name: 'qwen3:8b', bytes: 5.2e9, contextLength: 32_768, abilities: ['chat', 'tools', 'thinking'], loaded: true, chosen: true, needsBytes: null },
  { name: 'qwen3:4b', bytes: 2.6e9, contextLength: 32_768, abilities: ['chat', 'tools', 'thinking'], loaded: false, chosen: false, needsBytes: null },
  { name: 'llama3.1:8b', bytes: 4.9e9, contextLength: 131_072, abilities: ['chat', 'tools'], loaded: false, chosen: false, needsBytes: null },
  { name: 'gemma3:12b', bytes: 8.1e9, contextLength: 131_072, abilities: ['chat', 'pictures'], loaded: false, chosen: false, needsBytes: 9.8e9 },
];

export function snapshot(given: Partial<ChatSnapshot> = {}): ChatSnapshot {
  const messages = given.messages ?? [];
  return {
    agent: { id: 'alden', name: 'Alden' },
    session: messages.length === 0 ? null : openSession,
    private: false,
    temporary: false,
    messages: [...messages],
    hasMore: false,
    total: messages.length,
    connection: { state: 'ready', model: 'qwen3:8b' },
    remoteHost: null,
    pull: null,
    attachments: [],
    context: messages.length === 0 ? null : { usedTokens: 3120, sizeTokens: 8192 },
    captureMode: 'automatic',
    showTokensPerSecond: false,
    editor: { label: 'tides.py, lines 40 to 58' },
    store: { state: 'ready', error: null, damagedFiles: [], leftBehind: null },
    ...given,
  };
}

const phrases = [
  'The tide table is an hour off since the clocks changed.',
  'Keep the zone a parameter and let callers decide.',
  'Then the printer wants port 9100, as it did last year.',
  'Two of the three tests pass; the third compares with the time of day.',
  'I would put the limit into the settings, where it can be found again.',
];

/** A long chat: `count` messages that take turns, the last ones today. */
export function longConversation(count: number): MessageView[] {
  return Array.from({ length: count }, (_, index) => {
    const time = stageTime - (count - index) * 11 * 60_000;
    const text = `Note ${String(index + 1)}: ${phrases[index % phrases.length] ?? ''} ${(phrases[(index * 3) % phrases.length] ?? '').repeat(index % 4)}`.trim();
    const made = { id: `long-${String(index)}`, text, at: time };
    return index % 2 === 0 ? request(made) : reply(made);
  });
}
