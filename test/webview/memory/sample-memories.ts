import type { GraphView, MemorySnapshot, ProposalView, SliceDetailView, SliceRow, StatisticsView, WeekView } from '../../../src/shared/protocol/memory-views.ts';

/** 21 November 2026, 21:50, in the zone of the machine. */
export const stageTime = at('2026-11-21', '21:50');

export function at(day: string, clock: string): number {
  return new Date(`${day}T${clock}:00`).getTime();
}

export function row(changes: Partial<SliceRow> & Pick<SliceRow, 'id' | 'text'>): SliceRow {
  return {
    version: 1,
    kind: 'semantic',
    speaker: 'user',
    at: stageTime,
    source: { type: 'chat', title: 'Rain barrels', canOpen: true },
    scope: 'shared',
    importance: 'normal',
    pinned: false,
    replaced: false,
    archived: false,
    contradicts: false,
    expiresAt: null,
    undoUntil: null,
    ...changes,
  };
}

const tides = { type: 'chat', title: 'Tide tables off by an hour', canOpen: true } as const;
const boat = { type: 'chat', title: 'Winter work on the boat', canOpen: true } as const;

/** What a person with a boat and a garden may have told, newest first. */
export const memories: readonly SliceRow[] = [
  row({ id: 'barrels', text: 'The second rain barrel stands behind the shed.', at: at('2026-11-21', '21:42') }),
  row({ id: 'pump', text: 'The pump of the barrel starts at 40 percent.', kind: 'semantic', at: at('2026-11-21', '21:40'), replaced: true }),
  row({ id: 'said', text: 'The tide script prints every hour twice when the clocks go back.', kind: 'episodic', at: at('2026-11-21', '09:12'), source: tides }),
  row({ id: 'zone', text: 'The harbour publishes its tide tables in UTC.', at: at('2026-11-19', '18:20'), source: tides, pinned: true, contradicts: true, importance: 'high' }),
  row({ id: 'local', text: 'The new tide tables are in local time.', at: at('2026-11-19', '18:04'), source: tides, contradicts: true }),
  row({ id: 'answer', text: 'Then read them with the zone that stands in their first line.', kind: 'episodic', speaker: 'agent', at: at('2026-11-19', '18:05'), source: tides, scope: 'agent' }),
  row({ id: 'metric', text: 'Prefers metres over feet for depths.', kind: 'procedural', at: at('2026-11-12', '08:31'), source: { type: 'editor', title: 'chart-notes.md', canOpen: true } }),
  row({ id: 'yard', text: 'The boat is out of the water until Easter.', kind: 'working', at: at('2026-11-07', '11:00'), source: boat, expiresAt: at('2027-03-29', '00:00'), scope: 'workspace' }),
  row({ id: 'keel', text: 'Henrike lends her sander for the keel.', at: at('2026-11-07', '10:41'), source: boat }),
  row({ id: 'names', text: 'Short names for sensors, the place first.', kind: 'procedural', at: at('2026-10-30', '16:02'), source: { type: 'user', title: '', canOpen: false }, pinned: true }),
];

export function snapshot(changes: Partial<MemorySnapshot> = {}): MemorySnapshot {
  return { agent: { id: 'alden', name: 'Alden' }, total: 100_000, toReview: 0, hasWorkspace: true, alwaysAccepts: false, isReadOnly: false, problem: null, ...changes };
}

export function detailOf(slice: SliceRow, all: readonly SliceRow[]): SliceDetailView {
  const others = slice.contradicts ? all.filter((other) => other.contradicts && other.id !== slice.id) : [];
  const isZone = slice.id === 'zone';
  return {
    slice,
    text: slice.text,
    state: slice.undoUntil === null ? 'held' : 'forgotten',
    confidence: slice.kind === 'episodic' ? 1 : 0.92,
    validFrom: slice.at,
    validTo: slice.replaced ? at('2026-11-21', '21:41') : null,
    quote: isZone ? 'The harbour says on its page that all its tables are in UTC.' : null,
    versions: isZone ? [{ text: 'The harbour publishes its tables in UTC.', replacedAt: at('2026-11-20', '07:55') }] : [],
    replaces: slice.id === 'barrels' ? all.filter(({ replaced }) => replaced) : [],
    replacedBy: slice.replaced ? (all.find(({ id }) => id === 'barrels') ?? null) : null,
    contradicts: others,
    uses: isZone
      ? { total: 14, latest: [{ sessionId: 's1', messageId: 'r9', title: tides.title, at: at('2026-11-21', '09:13') }, { sessionId: 's2', messageId: 'r4', title: boat.title, at: at('2026-11-07', '11:02') }] }
      : { total: 0, latest: [] },
  };
}

export const proposals: readonly ProposalView[] = [
  {
    slice: row({ id: 'p1', text: 'The harbour clock runs on winter time all year.', at: at('2026-11-21', '21:44'), source: tides, scope: 'shared' }),
    quote: 'Mind that the harbour clock stays on winter time all year.',
    saidAt: at('2026-11-21', '21:43'),
    closeTo: null,
    doesNotFit: [row({ id: 'local', text: 'The new tide tables are in local time.' })],
  },
  {
    slice: row({ id: 'p2', text: 'Prefers depths in metres.', kind: 'procedural', at: at('2026-11-21', '21:46'), source: tides }),
    quote: 'Depths in metres please, as always.',
    saidAt: at('2026-11-21', '21:46'),
    closeTo: row({ id: 'metric', text: 'Prefers metres over feet for depths.', kind: 'procedural' }),
    doesNotFit: [],
  },
  {
    slice: row({ id: 'p3', text: 'The slipway is closed.', kind: 'working', at: at('2026-11-19', '18:22'), source: boat, expiresAt: at('2026-11-23', '00:00'), scope: 'workspace' }),
    quote: 'They closed the slipway until Monday or so.',
    saidAt: at('2026-11-19', '18:22'),
    closeTo: null,
    doesNotFit: [],
  },
];

export const statistics: StatisticsView = {
  total: 10,
  byKind: { episodic: 2, semantic: 5, procedural: 2, working: 1 },
  bySource: { chat: 8, editor: 1, user: 1 },
  byScope: { shared: 8, agent: 1, workspace: 1 },
  pinned: 2,
  replaced: 1,
  archived: 0,
  contradictions: 1,
  proposed: 3,
  forgotten: 0,
  used: 4,
  replies: 14,
  oldest: at('2026-10-30', '16:02'),
  newest: at('2026-11-21', '21:42'),
};

export function weeksOf(slices: readonly SliceRow[]): WeekView[] {
  const counts = new Map<number, number>();
  for (const { at: noted } of slices) {
    const date = new Date(noted);
    const start = new Date(date.getFullYear(), date.getMonth(), date.getDate() - ((date.getDay() + 6) % 7)).getTime();
    counts.set(start, (counts.get(start) ?? 0) + 1);
  }
  return [...counts].map(([start, count]) => ({ start, count })).toSorted((a, b) => a.start - b.start);
}

const names = ['harbour', 'Henrike', 'Lisbon', 'tide-script', 'chart-notes.md', 'rain barrel', 'keel', 'UTC', 'sensors', 'Easter'];
const kindsOf: readonly GraphView['entities'][number]['kind'][] = ['topic', 'person', 'place', 'project', 'file', 'topic', 'topic', 'topic', 'topic', 'topic'];

export const graph: GraphView = {
  entities: names.map((name, i) => ({ name, kind: kindsOf[i] ?? 'topic', count: 41 - 4 * i, since: at('2026-01-11', '08:00') })),
  ties: [[0, 1, 3], [0, 3, 9], [0, 4, 2], [0, 7, 6], [3, 7, 5], [5, 8, 4], [1, 6, 2], [2, 1, 1]].map(([a = 0, b = 0, count = 0]) => ({ a, b, count })),
  found: 24,
  read: 10,
};

/** As after years: hundreds of names, few of them in many memories, each tied to one before it and to one of the most frequent. */
export const largeGraph: GraphView = {
  entities: Array.from({ length: 812 }, (_, i) => ({
    name: `${names[i % names.length] ?? ''} ${String(i)}`, kind: kindsOf[i % kindsOf.length] ?? 'topic', count: Math.ceil(400 / (i + 1)) + 1, since: at('2026-01-11', '08:00'),
  })),
  ties: Array.from({ length: 811 }, (_, i) => [[Math.floor((i + 1) * 0.618), i + 1], [(i * 7) % 12, i + 1]])
    .flat()
    .flatMap(([a = 0, b = 0]) => (a < b ? [{ a, b, count: 1 + (b % 3) }] : [])),
  found: 812,
  read: 10_000,
};
