import { createPrivateTranscript } from '../../src/agents/private-transcript.ts';
import type { Transcript } from '../../src/agents/transcript.ts';
import { Emitter } from '../../src/shared/events.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { AddedSlice, NewSlice, RecallQuery, RecallResult, Store, StoreChange } from '../../src/store/port.ts';
import type { AgentSettings, Job, Message, Session, Slice } from '../../src/store/records.ts';

/** The store's port over plain maps: enough for the rooms above it, without journal, index or windows. */
export interface MemoryStore extends Store {
  /** Names of the methods that were called, in order. */
  readonly calls: string[];
  /** Makes the next call of a method (`messages.startTurn`) reject. */
  failNext(method: string, error: HearthlinkError): void;
  readonly embedded: ReadonlyMap<string, Float32Array>;
  /** Resolves when a method waits in `holdNext`; the result lets it go on. */
  holdNext(method: string): () => void;
}

export function createMemoryStore(): MemoryStore {
  const sessions = new Map<string, Session>();
  const transcripts = new Map<string, Transcript>();
  const sessionOf = new Map<string, string>();
  const slices = new Map<string, Slice>();
  const forgotten = new Set<string>();
  const jobs = new Map<string, Job>();
  const leases = new Map<string, { holder: string; until: number }>();
  const agents = new Map<string, AgentSettings>();
  const embedded = new Map<string, Float32Array>();
  const changes = new Emitter<StoreChange>((error) => {
    throw error;
  });
  let purgeDue = false;

  const found = <T>(value: T | undefined, id: string): T => {
    if (value === undefined) throw new HearthlinkError('not-found', { id });
    return value;
  };
  const transcriptOf = (messageId: string): Transcript => found(transcripts.get(sessionOf.get(messageId) ?? ''), messageId);
  const withSession = (message: Message): Message => ({ ...message, sessionId: sessionOf.get(message.id) ?? '' });
  const changeSession = (id: string, change: Partial<Session>): Session => {
    const old = found(sessions.get(id), id);
    const session = { ...old, ...change, version: old.version + 1 };
    sessions.set(id, session);
    return session;
  };
  const changeSlice = (id: string, change: Partial<Slice>): Slice => {
    const old = found(slices.get(id), id);
    const slice = { ...old, ...change, version: old.version + 1 };
    slices.set(id, slice);
    return slice;
  };
  const changeJob = (id: string, change: Partial<Job>): Job => {
    const job = { ...found(jobs.get(id), id), ...change };
    jobs.set(id, job);
    return job;
  };
  const addTurnSlice = (message: Message): void => {
    if (message.text === '') return;
    slices.set(`turn-${message.id}`, {
      ...newSlice({
        id: `turn-${message.id}`,
        kind: 'episodic',
        state: 'held',
        text: message.text,
        speaker: message.role === 'user' ? 'user' : 'alden',
        scope: { type: 'shared' },
        importance: 0.5,
        confidence: 1,
        provenance: { type: 'message', sessionId: message.sessionId, messageId: message.id, quote: null },
        validFrom: message.createdAt,
        expiresAt: null,
        at: message.createdAt,
      }),
    });
  };

  const calls: string[] = [];
  const failures = new Map<string, HearthlinkError>();
  const holds = new Map<string, Promise<void>>();
  const observed = <Repository extends object>(name: string, repository: Repository): Repository =>
    new Proxy(repository, {
      get(target, property: string) {
        const method: unknown = Reflect.get(target, property);
        return async (argument: unknown): Promise<unknown> => {
          const call = `${name}.${property}`;
          calls.push(call);
          const failure = failures.get(call);
          failures.delete(call);
          const hold = holds.get(call);
          holds.delete(call);
          await hold;
          if (failure !== undefined) throw failure;
          if (typeof method !== 'function') throw new TypeError(`${call} is not a method`);
          return await Reflect.apply(method, target, [argument]);
        };
      },
    });

  const recall = async (query: RecallQuery): Promise<RecallResult> => {
    calls.push('recall');
    const failure = failures.get('recall');
    failures.delete('recall');
    if (failure !== undefined) throw failure;
    const words = new Set(wordsOf(query.text));
    const hits = [...slices.values()]
      .filter(({ state, provenance }) => state === 'held' && !(provenance.type === 'message' && query.excludeMessageIds.includes(provenance.messageId)))
      .map((slice) => ({ slice, score: wordsOf(slice.text).filter((word) => words.has(word)).length, why: { words: [], meaning: false, neighbour: false } }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score);
    return Promise.resolve({ hits: hits.slice(0, query.limit), omitted: Math.max(0, hits.length - query.limit) });
  };

  return {
    calls,
    embedded,
    failNext: (method, error) => void failures.set(method, error),
    holdNext(method) {
      let letGo = (): void => undefined;
      holds.set(method, new Promise((resolve) => { letGo = resolve; }));
      return () => { letGo(); };
    },
    sessions: observed<Store['sessions']>('sessions', {
      async create({ id, agentId, title, temporary, workspaceId, expiresAt, at }) {
        sessions.set(id, { id, agentId, title, titleBy: 'none', status: 'active', temporary, workspaceId, createdAt: at, updatedAt: at, expiresAt, activeLeafId: null, messageCount: 0, version: 1 });
        transcripts.set(id, createPrivateTranscript());
        return Promise.resolve(found(sessions.get(id), id));
      },
      get: async (id) => Promise.resolve(sessions.get(id) ?? null),
      list: async () => Promise.resolve([...sessions.values()]),
      rename: async ({ id, title, by }) => Promise.resolve(changeSession(id, { title, titleBy: by })),
      transition: async ({ id, to }) => Promise.resolve(changeSession(id, { status: to })),
      async activate({ id, leafId }) {
        const transcript = found(transcripts.get(id), id);
        await transcript.activate(leafId);
        return changeSession(id, { activeLeafId: (await transcript.page({ limit: 1 })).messages.at(-1)?.id ?? null });
      },
      delete: async () => Promise.resolve({ facts: 0 }),
      undoDelete: async ({ id }) => Promise.resolve(found(sessions.get(id), id)),
      search: async () => Promise.resolve([]),
      expire: async () => Promise.resolve(0),
    }),
    messages: observed<Store['messages']>('messages', {
      async startTurn({ sessionId, ...turn }) {
        const transcript = found(transcripts.get(sessionId), sessionId);
        sessionOf.set(turn.reply.id, sessionId);
        if (turn.user !== null) sessionOf.set(turn.user.id, sessionId);
        const { user, reply } = await transcript.startTurn(turn);
        changeSession(sessionId, { activeLeafId: reply.id });
        const stored = { user: user === null ? null : withSession(user), reply: withSession(reply) };
        if (stored.user !== null) addTurnSlice(stored.user);
        return stored;
      },
      appendReply: (chunk) => transcriptOf(chunk.messageId).appendReply(chunk),
      async finishReply(end) {
        const reply = withSession(await transcriptOf(end.messageId).finishReply(end));
        addTurnSlice(reply);
        return reply;
      },
      async get(id) {
        const message = await transcripts.get(sessionOf.get(id) ?? '')?.get(id);
        return message === undefined || message === null ? null : withSession(message);
      },
      async page({ sessionId, ...query }) {
        const page = await found(transcripts.get(sessionId), sessionId).page(query);
        return { ...page, messages: page.messages.map(withSession) };
      },
      path: async (query) => (await transcriptOf(query.leafId).path(query)).map(withSession),
      all: async () => Promise.resolve([]),
      writers: async () => Promise.resolve([]),
      cutOffAbandoned: async () => Promise.resolve([]),
      blankText: async ({ messageId }) => Promise.resolve(withSession(found((await transcriptOf(messageId).get(messageId)) ?? undefined, messageId))),
    }),
    slices: observed<Store['slices']>('slices', {
      async add(added) {
        return Promise.resolve(
          added.map((slice): AddedSlice => {
            if (forgotten.has(slice.text)) return { outcome: 'forgotten-before' };
            const same = [...slices.values()].find(({ text, kind, state }) => text === slice.text && kind !== 'episodic' && state !== 'forgotten');
            if (same !== undefined) return { outcome: 'duplicate', slice: same };
            slices.set(slice.id, newSlice(slice));
            return { outcome: 'added', slice: newSlice(slice) };
          }),
        );
      },
      get: async (ids) => Promise.resolve(ids.flatMap((id) => slices.get(id) ?? [])),
      async list({ limit, offset, kinds, states, messageIds }) {
        const all = [...slices.values()].filter(
          ({ kind, state, provenance }) =>
            (kinds?.includes(kind) ?? true) && (states?.includes(state) ?? true) && (messageIds === undefined || (provenance.type === 'message' && messageIds.includes(provenance.messageId))),
        );
        return Promise.resolve({ slices: all.slice(offset, offset + limit), total: all.length });
      },
      edit: async ({ id, text, state, pinned, importance, kind, scope }) =>
        Promise.resolve(
          changeSlice(id, {
            ...(text === undefined ? {} : { text }),
            ...(state === undefined ? {} : { state }),
            ...(pinned === undefined ? {} : { pinned }),
            ...(importance === undefined ? {} : { importance }),
            ...(kind === undefined ? {} : { kind }),
            ...(scope === undefined ? {} : { scope }),
          }),
        ),
      async forget({ id, at }) {
        forgotten.add(found(slices.get(id), id).text);
        return Promise.resolve(changeSlice(id, { state: 'forgotten', forgottenAt: at }));
      },
      async undoForget({ id }) {
        forgotten.delete(found(slices.get(id), id).text);
        return Promise.resolve(changeSlice(id, { state: 'held', forgottenAt: null }));
      },
      async wipeForgotten(at) {
        const due = [...slices.values()].filter(({ state, forgottenAt }) => state === 'forgotten' && (forgottenAt ?? 0) + 60_000 <= at);
        for (const { id } of due) slices.delete(id);
        purgeDue ||= due.length > 0;
        return Promise.resolve(due.length);
      },
      async markContradiction({ a, b }) {
        changeSlice(a, { contradicts: [b] });
        changeSlice(b, { contradicts: [a] });
        return Promise.resolve();
      },
      async supersede({ id, by, at }) {
        changeSlice(id, { supersededBy: by, validTo: at });
        return Promise.resolve();
      },
      async missingVectors({ limit }) {
        return Promise.resolve([...slices.values()].filter(({ id }) => !embedded.has(id)).slice(0, limit).map(({ id, version, text }) => ({ id, version, text })));
      },
      async putVectors({ vectors }) {
        for (const { id, vector } of vectors) embedded.set(id, vector);
        return Promise.resolve();
      },
      async recordRecall({ ids }) {
        for (const id of ids) changeSlice(id, { recallCount: found(slices.get(id), id).recallCount + 1 });
        return Promise.resolve();
      },
    }),
    jobs: observed<Store['jobs']>('jobs', {
      async enqueue({ id, kind, key, payload, runAfter, at }) {
        const same = [...jobs.values()].find((job) => job.status === 'waiting' && job.kind === kind && key !== null && job.id.endsWith(`:${key}`));
        if (same !== undefined) return Promise.resolve(same);
        const name = key === null ? id : `${id}:${key}`;
        jobs.set(name, { id: name, kind, payload, status: 'waiting', tries: 0, runAfter, holder: null, leaseUntil: null, error: null, createdAt: at, updatedAt: at, version: 1 });
        return Promise.resolve(found(jobs.get(name), name));
      },
      async claim({ kinds, holder, leaseUntil, at }) {
        const job = [...jobs.values()].find(({ kind, status, runAfter }) => kinds.includes(kind) && status === 'waiting' && runAfter <= at);
        return Promise.resolve(job === undefined ? null : changeJob(job.id, { status: 'running', holder, leaseUntil }));
      },
      renew: async () => Promise.resolve(true),
      async succeed({ id }) {
        changeJob(id, { status: 'done' });
        return Promise.resolve();
      },
      async fail({ id, error }) {
        changeJob(id, { status: 'failed', error });
        return Promise.resolve();
      },
      async release({ id }) {
        changeJob(id, { status: 'waiting', holder: null });
        return Promise.resolve();
      },
      async cancel({ id }) {
        changeJob(id, { status: 'cancelled' });
        return Promise.resolve();
      },
      retry: async ({ id }) => Promise.resolve(changeJob(id, { status: 'waiting', tries: 0 })),
      list: async () => Promise.resolve([...jobs.values()]),
    }),
    leases: observed<Store['leases']>('leases', {
      async acquire({ name, holder, until, at }) {
        const lease = leases.get(name);
        if (lease !== undefined && lease.holder !== holder && lease.until > at) return Promise.resolve(false);
        leases.set(name, { holder, until });
        return Promise.resolve(true);
      },
      async release({ name, holder }) {
        if (leases.get(name)?.holder === holder) leases.delete(name);
        return Promise.resolve();
      },
    }),
    agents: observed<Store['agents']>('agents', {
      settings: async (agentId) => Promise.resolve(agents.get(agentId) ?? { agentId, captureMode: 'unset', version: 0 }),
      async setCaptureMode({ agentId, mode }) {
        const settings: AgentSettings = { agentId, captureMode: mode, version: (agents.get(agentId)?.version ?? 0) + 1 };
        agents.set(agentId, settings);
        return Promise.resolve(settings);
      },
    }),
    recall,
    async status() {
      calls.push('status');
      return Promise.resolve({
        state: 'ready',
        problem: null,
        damagedFiles: [],
        folder: '',
        counts: { sessions: sessions.size, messages: sessionOf.size, slices: slices.size },
        bytes: 0,
        generation: 1,
        purgeDue,
        chain: '',
        sequence: 0,
      });
    },
    async purge() {
      calls.push('purge');
      purgeDue = false;
      return Promise.resolve({ generation: 2, filesRemoved: 1, bytesFreed: 1 });
    },
    continueAfterDamage: async () => Promise.reject(new HearthlinkError('internal', { detail: 'nothing is damaged here' })),
    onDidChange: changes.event,
    close: async () => Promise.resolve(),
  };
}

function newSlice({ at, ...slice }: NewSlice): Slice {
  return { ...slice, sourceTitle: null, createdAt: at, validTo: null, supersededBy: null, contradicts: [], pinned: false, recallCount: 0, forgottenAt: null, version: 1 };
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
