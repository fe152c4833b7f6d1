import type { RecallHit, RecallQuery, RecallReason, RecallResult } from '../../port.ts';
import type { Slice } from '../../records.ts';
import type { RecallSignals } from '../../search/recall-signals.ts';
import type { SearchIndex } from '../../search/search-index.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { inLists } from '../id-lists.ts';
import { overlap, wordSet } from '../sameness.ts';
import { type ForgottenWords, forgottenWords, withoutForgotten } from './forgetting.ts';
import { scopeKey, slicesById } from './slice-rows.ts';
import { turnSliceId } from './turn-slices.ts';

/** A candidate in its place. */
export interface RankedSlice {
  readonly id: string;
  readonly score: number;
  readonly why: RecallReason & {
    /** A fact that was taken from it matches. */
    readonly fact: boolean;
  };
}

export interface RankingFacts {
  readonly at: number;
  /** 0 to 1. */
  importanceOf(id: string): number;
}

/** Puts the candidates in order, best first. Memory's part; the store only knows what may be recalled. */
export type RankSignals = (signals: RecallSignals, facts: RankingFacts) => readonly RankedSlice[];

export interface RecallContext extends Pick<StoreContext, 'db'> {
  readonly search: Pick<SearchIndex, 'signals'>;
}

/** How many candidates words and vectors may each name; neighbours and sources come on top. */
const candidatesPerSide = 100;
/** Of two slices with this share of common words one is enough. */
const nearDuplicateOverlap = 0.8;
const readAtOnce = 32;

/**
 * The index names candidates; the rows say which of them may be recalled, here and now: held, in force, in scope, on the active
 * branch of a chat that is there, a temporary chat's inside it alone, and nothing in which forgotten words stand.
 */
export async function recallSlices(context: RecallContext, query: RecallQuery, rank: RankSignals): Promise<RecallResult> {
  const scopes = scopesOf(query);
  const signals = context.search.signals({
    text: query.text,
    vector: query.vector,
    scopes,
    excludedIds: new Set(query.excludeMessageIds.map(turnSliceId)),
    limit: candidatesPerSide,
  });
  const ids = signals.candidates.map((candidate) => signals.idOf(candidate));
  const importances = await recallable(context.db, ids, scopes, query);
  const eligible = { ...signals, candidates: signals.candidates.filter((candidate) => importances.has(signals.idOf(candidate))) };
  const ranked = rank(eligible, { at: query.at, importanceOf: (id) => importances.get(id) ?? 0 });
  return choose(context.db, ranked, query);
}

function scopesOf(query: RecallQuery): string[] {
  const { agentId, workspaceId } = query;
  return [
    scopeKey({ type: 'shared' }),
    scopeKey({ type: 'agent', agentId }),
    ...(workspaceId === null ? [] : [scopeKey({ type: 'workspace', workspaceId })]),
  ];
}

/** The importance of those of `ids` that may be recalled. */
async function recallable(
  db: StoreDatabase,
  ids: readonly string[],
  scopes: readonly string[],
  query: Pick<RecallQuery, 'at' | 'sessionId'>,
): Promise<Map<string, number>> {
  const rows = await inLists(ids, (list) =>
    db
      .selectFrom('slice')
      .leftJoin('message', 'message.id', 'slice.message_id')
      .leftJoin('session', 'session.id', 'slice.session_id')
      .select(['slice.id', 'slice.importance'])
      .where('slice.id', 'in', list)
      .where('slice.state', '=', 'held')
      .where('slice.superseded_by', 'is', null)
      .where('slice.hidden', '=', 0)
      .where('slice.scope', 'in', scopes)
      .where((is) => is.or([is('slice.text', 'is not', null), is('message.active', '=', 1)]))
      .where((is) => is.or([is('slice.valid_to', 'is', null), is('slice.valid_to', '>', query.at)]))
      .where((is) => is.or([is('slice.expires_at', 'is', null), is('slice.expires_at', '>', query.at)]))
      .where((is) =>
        is.or([is('session.temporary', 'is', null), is('session.temporary', '=', 0), is('session.id', '=', query.sessionId)]),
      )
      .execute(),
  );
  return new Map(rows.map((row) => [row.id, row.importance]));
}

/** The best that fit: nothing said twice, nothing forgotten, within the budget. */
async function choose(db: StoreDatabase, ranked: readonly RankedSlice[], query: RecallQuery): Promise<RecallResult> {
  const forgotten = await forgottenWords(db);
  const hits: RecallHit[] = [];
  const chosen: ReadonlySet<string>[] = [];
  let left = query.tokenBudget;
  let omitted = 0;
  for await (const { place, slice } of wholeSlices(db, ranked)) {
    if (hits.length + omitted >= query.limit) break;
    const words = wordSet(slice.text);
    const isSaidBefore = chosen.some((other) => overlap(words, other) >= nearDuplicateOverlap);
    if (isSaidBefore || holdsForgotten(slice, forgotten)) continue;
    const tokens = Math.ceil(slice.text.length / query.charactersPerToken);
    if (tokens > left) {
      omitted++;
      continue;
    }
    left -= tokens;
    chosen.push(words);
    hits.push({ slice, score: place.score, why: reason(place) });
  }
  return { hits, omitted };
}

/** The slices of a ranking in its order, read a few at a time: most are never needed. */
async function* wholeSlices(
  db: StoreDatabase,
  ranked: readonly RankedSlice[],
): AsyncGenerator<{ readonly place: RankedSlice; readonly slice: Slice }> {
  for (let start = 0; start < ranked.length; start += readAtOnce) {
    const places = ranked.slice(start, start + readAtOnce);
    const found = await slicesById(
      db,
      places.map((place) => place.id),
    );
    const slices = new Map(found.map((slice) => [slice.id, slice]));
    for (const place of places) {
      const slice = slices.get(place.id);
      if (slice !== undefined) yield { place, slice };
    }
  }
}

function holdsForgotten(slice: Slice, forgotten: readonly ForgottenWords[]): boolean {
  if (forgotten.length === 0) return false;
  // A fact's words are its own, wherever they were taken from.
  const messageId = slice.kind === 'episodic' && slice.provenance.type === 'message' ? slice.provenance.messageId : null;
  return withoutForgotten(slice.text, messageId, forgotten) !== slice.text;
}

function reason({ why }: RankedSlice): RecallReason {
  return { words: why.words, meaning: why.meaning, neighbour: why.neighbour || why.fact };
}
