import type { HeldAlongView, HeldMessage, HeldThing, Loss } from '../../../src/shared/protocol/backups-contents.ts';
import type { EncryptionView } from '../../../src/shared/protocol/backups-encryption.ts';
import type { BackupRow, BackupsSnapshot, RestoreOutcomeView, RestorePreviewView } from '../../../src/shared/protocol/backups-views.ts';

/** 21 November 2026, 21:50, in the zone of the machine. */
export const stageTime = at('2026-11-21', '21:50');
const dayMs = 86_400_000;

export function at(day: string, clock: string): number {
  return new Date(`${day}T${clock}:00`).getTime();
}

export function row(changes: Partial<BackupRow> & Pick<BackupRow, 'id' | 'madeAt'>): BackupRow {
  return {
    kind: 'full',
    by: 'schedule',
    bytes: 12_300_000,
    holds: { memories: 1_236, chats: 204 },
    state: { type: 'proved', at: changes.madeAt + 120_000 },
    isIncomplete: false,
    mayHoldForgotten: false,
    leaves: false,
    ...changes,
  };
}

const today: readonly BackupRow[] = [
  row({ id: 'evening', madeAt: at('2026-11-21', '19:00'), kind: 'changes', bytes: 120_000, holds: { memories: 9, chats: 1 } }),
  row({ id: 'noon', madeAt: at('2026-11-21', '13:00'), kind: 'changes', by: 'hand', bytes: 1_900_000, holds: { memories: 14, chats: 2 } }),
  row({ id: 'morning', madeAt: at('2026-11-21', '07:00'), kind: 'changes', bytes: 90_000, holds: { memories: 0, chats: 0 }, state: { type: 'not-proved' } }),
  row({ id: 'night', madeAt: at('2026-11-21', '03:00'), bytes: 12_400_000, holds: { memories: 1_249, chats: 207 } }),
];

/** One of everything a day, back to October; one of them is damaged, the oldest leave. */
const earlier: readonly BackupRow[] = Array.from({ length: 33 }, (_, i) => {
  const madeAt = at('2026-11-20', '03:00') - i * dayMs;
  const known = row({ id: `day-${String(i)}`, madeAt, leaves: i > 28, bytes: 12_300_000 - i * 40_000, holds: { memories: 1_236 - i * 5, chats: 204 - i } });
  if (i === 3) return { ...known, by: 'before-restore' };
  if (i === 23) return { ...known, state: { type: 'damaged', what: 'snapshot.sqlite' } };
  return known;
});

/** On, and open. */
export function encryption(changes: Partial<EncryptionView> = {}): EncryptionView {
  return {
    state: 'on', isLocked: false, closedMinutes: null, isRemembered: false, keyMadeAt: at('2026-11-02', '20:15'), olderKeys: 0, lockAfterMinutes: 60,
    ...changes,
  };
}

export function snapshot(changes: Partial<BackupsSnapshot> = {}): BackupsSnapshot {
  return {
    verdict: { type: 'proved', upTo: at('2026-11-21', '19:00'), provedAt: at('2026-11-21', '19:02'), holds: { memories: 1_274, chats: 210 } },
    backups: [...today, ...earlier],
    unreadable: [],
    activity: { type: 'idle' },
    schedule: { changesEveryHours: 6, fullEveryHours: 24, nextChangesAt: at('2026-11-22', '01:00'), nextFullAt: at('2026-11-22', '03:00') },
    kept: { allDays: 7, dailyDays: 30, weeklyDays: 90 },
    folders: [
      { isSecond: false, name: 'backups', path: '/home/mara/hearthlink/backups', isHere: true, freeBytes: 86e9 },
      { isSecond: true, name: 'Attic drive', path: '/media/attic', isHere: true, freeBytes: 400e9 },
    ],
    encryption: encryption({ state: 'never', keyMadeAt: null }),
    moments: [{ from: at('2026-10-19', '03:00'), to: at('2026-11-21', '19:00') }],
    ...changes,
  };
}

const newest: readonly Loss[] = [
  { kind: 'memory', id: 'vitest', words: 'The project uses Vitest.', at: at('2026-11-21', '21:42'), wentOn: false },
  { kind: 'chat', id: 'invoice', words: 'Invoice test fails on CI', at: at('2026-11-21', '21:40'), wentOn: false },
  { kind: 'chat', id: 'garden', words: 'Where the beans go', at: at('2026-11-21', '12:50'), wentOn: true },
  { kind: 'memory', id: 'rowing', words: 'Rows on Mondays since the club moved.', at: at('2026-11-20', '09:12'), wentOn: true },
];

/** The rest of what would be lost, one every half hour. */
const older: readonly Loss[] = Array.from({ length: 48 }, (_, i) => ({
  kind: i % 8 === 0 ? 'chat' : 'memory', id: `loss-${String(i)}`, words: `Something noted on the way, number ${String(i + 1)}`, at: at('2026-11-20', '09:00') - i * 1_800_000, wentOn: false,
}));

export const preview: RestorePreviewView = {
  at: at('2026-11-19', '18:59'),
  isProved: true,
  comparisons: [
    { kind: 'memories', get: 1_239, getNewest: at('2026-11-19', '18:31'), lose: 45, loseNewest: at('2026-11-21', '21:42') },
    { kind: 'chats', get: 205, getNewest: at('2026-11-19', '18:20'), lose: 7, loseNewest: at('2026-11-21', '21:40') },
    { kind: 'messages', get: 3_120, getNewest: at('2026-11-19', '18:31'), lose: 0, loseNewest: at('2026-11-21', '21:42') },
  ],
  losses: [...newest, ...older],
  moreLosses: 0,
};

export const outcome: RestoreOutcomeView = {
  comparisons: [
    { kind: 'memories', count: 1_239 },
    { kind: 'chats', count: 205 },
    { kind: 'messages', count: 3_120 },
  ],
  at: preview.at,
  safetyId: 'evening',
  kept: { chats: 7, memories: 45, problem: null },
  keptForgotten: 2,
};

/** Two settings were another then, a third is none of this release. */
export const along: HeldAlongView = {
  madeAt: at('2026-11-19', '03:00'),
  settings: { state: 'held', differing: ['Context size', 'Chat model'], leftOut: ['hearthlink.moonPhase'] },
  accounts: ['record', 'log'],
};

function held(kind: HeldThing['kind'], id: string, words: string, time: number, state: HeldThing['state'], messages = 12): HeldThing {
  return { kind, id, words, at: time, messages: kind === 'chat' ? messages : null, state };
}

/** What the backup that is looked into holds; more than a page of it is here as well. */
export const heldChats: readonly HeldThing[] = [
  held('chat', 'ferry', 'Ferry times for the autumn walk', at('2026-11-19', '18:20'), 'missing'),
  held('chat', 'lease', 'What the lease says about the stairs', at('2026-11-18', '11:02'), 'missing', 34),
  held('chat', 'bread', 'Bread for the crew', at('2026-11-16', '07:45'), 'differs', 6),
  ...Array.from({ length: 12 }, (_, i) => held('chat', `kept-${String(i)}`, `Harbour walk, plan ${String(12 - i)}`, at('2026-11-15', '10:00') - i * dayMs, 'here', 8 + i)),
];

export const heldMemories: readonly HeldThing[] = [
  held('memory', 'stairs', 'The lighthouse stairs are narrow: groups of twelve at most.', at('2026-11-19', '18:31'), 'missing'),
  held('memory', 'round', 'Walking times are always rounded up.', at('2026-11-17', '09:12'), 'differs'),
  held('memory', 'bakery', 'The bakery on the quay opens at seven.', at('2026-11-16', '07:40'), 'here'),
];

export const heldMessages: readonly HeldMessage[] = [
  { role: 'user', text: 'Which ferry do families take when the walk starts at ten?' },
  { role: 'assistant', text: 'The one at half past nine. It leaves them twenty minutes on the quay, which is enough for a coffee.' },
];

/** Every state of the view that differs by what there is. */
export const scenes: Readonly<Record<string, () => BackupsSnapshot>> = {
  some: () => snapshot(),
  none: () => snapshot({ verdict: { type: 'none' }, backups: [], moments: [], folders: snapshot().folders.slice(0, 1) }),
  comparing: () => snapshot({ activity: { type: 'proving', id: 'morning', startedAt: stageTime, done: 64, total: 100 } }),
  writing: () => snapshot({ activity: { type: 'writing', id: 'new', startedAt: stageTime - 9_000, done: 3_000_000, total: null } }),
  'not-proved': () => snapshot({ verdict: { type: 'not-proved', madeAt: at('2026-11-21', '19:00') }, backups: [row({ id: 'only', madeAt: at('2026-11-21', '19:00'), state: { type: 'not-proved' } })] }),
  forgotten: () => snapshot({ backups: [...today, ...earlier.slice(0, 3).map((backup) => ({ ...backup, mayHoldForgotten: true }))] }),
  encrypted: () => snapshot({ encryption: encryption({ isRemembered: true, olderKeys: 2 }) }),
  locked: () =>
    snapshot({
      verdict: { type: 'locked', count: 2 },
      backups: [],
      unreadable: ['a', 'b'].map((letter) => ({
        file: `hearthlink-20261121-1900-full-000000000000000000000000${letter}.hearthlink-backup`, bytes: 12_000_000, error: { code: 'archive-locked', parameters: {} },
      })),
      moments: [],
      encryption: encryption({ isLocked: true }),
    }),
  closed: () => snapshot({ verdict: { type: 'locked', count: 1 }, backups: [], moments: [], encryption: encryption({ isLocked: true, closedMinutes: 14 }) }),
  'encryption-off': () => snapshot({ encryption: encryption({ state: 'off' }) }),
  'keys-damaged': () => snapshot({ encryption: encryption({ state: 'damaged', isLocked: true, keyMadeAt: null }) }),
  unusable: () =>
    snapshot({
      verdict: { type: 'unusable' },
      backups: [
        row({ id: 'orphan', madeAt: at('2026-11-21', '19:00'), kind: 'changes', isIncomplete: true, holds: null, state: { type: 'not-proved' } }),
        row({ id: 'broken', madeAt: at('2026-11-21', '03:00'), state: { type: 'damaged', what: 'records' } }),
      ],
      unreadable: [{ file: 'hearthlink-20261120-0300-full-0000000000000000000000000.hearthlink-backup', bytes: 12_000_000, error: { code: 'archive-locked', parameters: {} } }],
      folders: [...snapshot().folders.slice(0, 1), { isSecond: true, name: 'Attic drive', path: '/media/attic', isHere: false, freeBytes: null }],
    }),
};
