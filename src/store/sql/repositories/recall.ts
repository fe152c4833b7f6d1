import { sql } from 'kysely';

import type { RecallHit, RecallQuery, RecallReason, RecallResult } from '../../recall-port.ts';
import type { GatheredSignals, RecallCandidate, RecallSignals } from '../../search/recall-signals.ts';
import type { SearchIndex } from '../../search/search-index.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { inLists } from '../id-lists.ts';
import { keptQuery } from '../kept-query.ts';
import { areNearDuplicates, wordSet } from '../sameness.ts';
import { type ForgottenWords, forgottenWords, withoutForgotten } from './forgetting.ts';
import { isVisible, scopeKey, selectWholeSlices, textOf, toSlices, type WholeSliceRow } from './slice-rows.ts';
import { turnImportance, turnSliceId } from './turn-slices.ts';

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
  importanceOf(candidate: RecallCandidate): number;
}

/** Puts the candidates in order, best first. Memory's part; the store only knows what may be recalled. */
export type RankSignals = (signals: RecallSignals, facts: RankingFacts) => readonly RankedSlice[];

export interface RecallContext extends Pick<StoreContext, 'db'> {
  readonly search: Pick<SearchIndex, 'signals'>;
}

/** How many candidates words and vectors may each name; neighbours and sources come on top. */
const candidatesPerSide = 100;
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
    during: query.during ?? null,
    scopes,
    excludedIds: new Set(query.excludeMessageIds.map(turnSliceId)),
    limit: candidatesPerSide,
  });
  const facts = await recallableFacts(context.db, factsOf(signals), scopes, query.at);
  const importance = byDocument(signals, [...facts, ...(await weighedTurns(context.db))]);
  const eligible = {
    ...signals,
    candidates: signals.candidates.filter((candidate) => signals.isTurn(candidate) || facts.has(signals.idOf(candidate))),
  };
  const ranked = rank(eligible, { at: query.at, importanceOf: ({ document }) => importance.get(document) ?? turnImportance });
  return choose(context.db, ranked, { ...query, scopes });
}

/** Values by the numbers of the documents with these ids: there are fewer of them than candidates, whose ids take a while to read. */
function byDocument<Value>(signals: GatheredSignals, values: readonly (readonly [id: string, value: Value])[]): Map<number, Value> {
  return new Map(values.map(([id, value]) => [signals.documentOf(id), value]));
}

function scopesOf(query: RecallQuery): string[] {
  const { agentId, workspaceId } = query;
  return [
    scopeKey({ type: 'shared' }),
    scopeKey({ type: 'agent', agentId }),
    ...(workspaceId === null ? [] : [scopeKey({ type: 'workspace', workspaceId })]),
  ];
}

function factsOf(signals: GatheredSignals): string[] {
  return signals.candidates.filter((candidate) => !signals.isTurn(candidate)).map((candidate) => signals.idOf(candidate));
}

/**
 * The importance of those facts that may be recalled, now and as far as the slice itself says. Of turns there are hundreds
 * among the candidates, which would take longer to read than to find: that one is held, in force and shown the index knows,
 * and is checked again on the few that are chosen.
 */
async function recallableFacts(db: StoreDatabase, ids: readonly string[], scopes: readonly string[], at: number): Promise<Map<string, number>> {
  const rows = await inLists(ids, (list) =>
    db
      .selectFrom('slice')
      .select(['id', 'importance'])
      .where('id', 'in', list)
      .where('state', '=', 'held')
      .where('superseded_by', 'is', null)
      .where('hidden', '=', 0)
      .where('scope', 'in', scopes)
      .where((is) => is.or([is('valid_to', 'is', null), is('valid_to', '>', at)]))
      .where((is) => is.or([is('expires_at', 'is', null), is('expires_at', '>', at)]))
      .execute(),
  );
  return new Map(rows.map((row) => [row.id, row.importance]));
}

/** The importance of the turns that somebody has weighed: so many as a person marks, and in an index of their own. */
async function weighedTurns(db: StoreDatabase): Promise<(readonly [id: string, importance: number])[]> {
  const { rows } = await turnsByWeight.run(db, {});
  return rows.map((row) => [row.id, row.importance]);
}

const turnsByWeight = keptQuery<Record<string, never>, { id: string; importance: number }>((db) =>
  db
    .selectFrom('slice')
    .select(['id', 'importance'])
    .where('kind', '=', sql.lit('episodic'))
    .where('importance', '<>', sql.lit(turnImportance)),
);

interface ChosenFor extends RecallQuery {
  readonly scopes: readonly string[];
}

/** The best that fit: nothing said twice, nothing forgotten, within the budget. */
async function choose(db: StoreDatabase, ranked: readonly RankedSlice[], query: ChosenFor): Promise<RecallResult> {
  const forgotten = await forgottenWords(db);
  const chosen: Place[] = [];
  const isRepeated = query.nearDuplicates === true ? () => false : repetition();
  let left = query.tokenBudget;
  let omitted = 0;
  for await (const place of inOrder(db, ranked)) {
    if (chosen.length + omitted >= query.limit) break;
    if (!isHere(place.row, query) || holdsForgotten(place.row, forgotten)) continue;
    const text = textOf(place.row);
    const tokens = Math.ceil(text.length / query.charactersPerToken);
    if (isRepeated(text, tokens <= left)) continue;
    if (tokens > left) {
      omitted++;
      continue;
    }
    left -= tokens;
    chosen.push(place);
  }
  return { hits: await toHits(db, chosen), omitted };
}

/** Tells of one text after another whether one of those that were taken says nearly the same. */
function repetition(): (text: string, isTaken: boolean) => boolean {
  const taken: ReadonlySet<string>[] = [];
  return (text, isTaken) => {
    const words = wordSet(text);
    if (taken.some((other) => areNearDuplicates(words, other))) return true;
    if (isTaken) taken.push(words);
    return false;
  };
}

interface Place {
  readonly ranked: RankedSlice;
  readonly row: WholeSliceRow;
}

/** The rows of a ranking in its order, read a few at a time: most are never needed. */
async function* inOrder(db: StoreDatabase, ranking: readonly RankedSlice[]): AsyncGenerator<Place> {
  for (let start = 0; start < ranking.length; start += readAtOnce) {
    const places = ranking.slice(start, start + readAtOnce);
    const ids = places.map((ranked) => ranked.id);
    const rows = await inLists(ids, (list) => selectWholeSlices(db).where('slice.id', 'in', list).execute());
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const ranked of places) {
      const row = byId.get(ranked.id);
      if (row !== undefined) yield { ranked, row };
    }
  }
}

async function toHits(db: StoreDatabase, places: readonly Place[]): Promise<RecallHit[]> {
  const slices = await toSlices(
    db,
    places.map(({ row }) => row),
  );
  return places.flatMap(({ ranked }, i) => {
    const slice = slices[i];
    return slice === undefined ? [] : [{ slice, score: ranked.score, why: reason(ranked) }];
  });
}

/** Held, in force, in scope and on the active branch, and what a temporary chat holds inside it alone. */
function isHere(row: WholeSliceRow, query: Pick<ChosenFor, 'sessionId' | 'scopes' | 'at'>): boolean {
  const endsAt = Math.min(row.valid_to ?? Infinity, row.expires_at ?? Infinity);
  if (!isVisible(row) || !query.scopes.includes(row.scope) || endsAt <= query.at) return false;
  return row.session_temporary !== 1 || row.session_id === query.sessionId;
}

function holdsForgotten(row: WholeSliceRow, forgotten: readonly ForgottenWords[]): boolean {
  if (forgotten.length === 0) return false;
  // A fact's words are its own, wherever they were taken from.
  const messageId = row.text === null ? row.message_id : null;
  return withoutForgotten(textOf(row), messageId, forgotten) !== textOf(row);
}

function reason({ why }: RankedSlice): RecallReason {
  return { words: why.words, meaning: why.meaning, neighbour: why.neighbour || why.fact };
}
