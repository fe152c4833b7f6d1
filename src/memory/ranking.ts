import type { NeighbourScores, RecallCandidate, RecallSignals } from '../store/search/recall-signals.ts';
import type { RankedSlice, RankingFacts, RankSignals } from '../store/sql/repositories/recall.ts';

/**
 * What each signal adds to the score of a turn, against 1 for the best lexical match. Set by hand once, over five conversations
 * of LoCoMo; all are flat. docs/benchmarks.md tells what they reach, also chosen without the conversation they are measured on.
 */
export const weights = {
  words: {
    /** A turn after one that matches is often its answer, ... */
    previous: 0.55,
    /** ... the one before it often its question, ... */
    next: 0.45,
    /** ... and the ones beyond belong to the same exchange. */
    far: 0.3,
    /** Share that is left where a neighbour holds only words that the turn has itself: saying them again adds little. */
    repeated: 0.4,
  },
  /**
   * Words at which a turn counts half of what speaks for it. A "Thanks" beside a match is raised by it and tells nothing; of a
   * turn with twenty words nine tenths are left, and a long one gains nothing more.
   */
  halfSubstance: 2,
  /** The whole session is about the question. */
  session: 0.65,
  /** After so many turns of one session each further one counts a tenth less: what is asked for may lie in several. */
  crowded: { from: 8, factor: 0.9 },
  /** A fact taken from the turn matches: the same in other words, without pronouns. */
  factWords: 0.6,
  /** Factor where the question names who said it. A boost and no filter: one is often told of by another. */
  namedSpeaker: 1.25,
  /** The turn's meaning (vectors), at full strength. Less than words, which are rarely wrong. */
  meaning: 0.6,
  /** Full strength: this many standard deviations above the mean. Below it a question may have no match in meaning at all. */
  fullMeaning: 6,
  /** Less than among words, because a turn is embedded together with the one before it. */
  meaningAround: { previous: 0.25, next: 0.25, far: 0.1 },
  /** A fact taken from the turn matches in meaning. */
  factMeaning: 0.18,
  /**
   * It was said in the time that the question speaks of. As much as a neighbour's match: the time is a boost and no filter,
   * because people misremember it, and tell of things later.
   */
  during: 0.35,
  /** What the newest and the most important gain at most: enough to decide between equals, never to outrank a better match. */
  recency: 0.02,
  importance: 0.05,
  /**
   * What has a smaller share of the best score does not belong to the answer. A share, because scores of two questions cannot
   * be compared; low, because an answer may be spread over many turns.
   */
  leastShare: 0.15,
} as const;

/** After this time half of what recency gives is left: thirty days, in milliseconds. */
const recencyHalfLife = 30 * 24 * 60 * 60 * 1000;

/** A signal is named as a reason where it makes at least this share of the score. */
const reasonShare = 0.1;

/** Nobody reads further; explaining each place costs more than ranking it. */
const maxRanked = 300;

/**
 * The candidates in one order, best first; of equals the one said later. What next to nothing speaks for, compared with what
 * most speaks for, is left out. Near-duplicates are all there, and no budget is kept: that needs the text, which the store
 * reads in this order until it has enough.
 */
export const rank: RankSignals = (signals, facts) => {
  const scale = scaleOf(signals);
  const places = signals.candidates.map((candidate) => place(candidate, scale, facts));
  const least = weights.leastShare * Math.max(...places.map(({ standing }) => standing));
  return spread(places.filter(({ score, standing }) => score > 0 && standing >= least))
    .slice(0, maxRanked)
    .map((ranked) => new RankedPlace(ranked, signals));
};

/** Of most places nobody asks for more than where they stand, so what they are called and why they are there is looked up when it is asked for. */
class RankedPlace implements RankedSlice {
  readonly score: number;
  readonly #place: Place;
  readonly #signals: RecallSignals;

  constructor(place: Place, signals: RecallSignals) {
    this.score = place.score;
    this.#place = place;
    this.#signals = signals;
  }

  get id(): string {
    return this.#signals.idOf(this.#place.candidate);
  }

  get why(): RankedSlice['why'] {
    const { candidate, parts } = this.#place;
    return reasons(parts, this.#signals.matchedWords(candidate));
  }
}

/** In order, with what comes after many turns of its own session put back. */
function spread(places: readonly Place[]): readonly Place[] {
  const taken = new Map<number, number>();
  const putBack = places.toSorted(byScore).map((place): Place => {
    const { group } = place.candidate;
    if (group === null) return place;
    const before = taken.get(group) ?? 0;
    taken.set(group, before + 1);
    if (before < weights.crowded.from) return place;
    return { ...place, score: place.score * weights.crowded.factor ** (before + 1 - weights.crowded.from) };
  });
  return putBack.toSorted(byScore);
}

function byScore(a: Place, b: Place): number {
  return b.score - a.score || b.candidate.at - a.candidate.at || b.candidate.document - a.candidate.document;
}

interface Place {
  readonly candidate: RecallCandidate;
  readonly score: number;
  /** The score as far as it sets a turn apart from others: what all sessions have in common does not. */
  readonly standing: number;
  readonly parts: ScoreParts;
}

function place(candidate: RecallCandidate, scale: Scale, facts: RankingFacts): Place {
  const parts = scoreParts(candidate, scale);
  const preference = 1 + weights.recency * recency(candidate.at, facts.at) + weights.importance * clamp(facts.importanceOf(candidate));
  const factor = substance(candidate) * preference;
  const score = total(parts);
  return { candidate, score: score * factor, standing: (score - scale.commonSession * parts.session) * factor, parts };
}

function reasons(parts: ScoreParts, words: readonly string[]): RankedSlice['why'] {
  const least = total(parts) * reasonShare;
  const isReason = (share: number): boolean => share >= least;
  return {
    words,
    meaning: isReason(parts.meaning + parts.factMeaning),
    neighbour: isReason(parts.neighbourWords + parts.neighbourMeaning),
    fact: isReason(parts.factWords + parts.factMeaning),
  };
}

/** Highest raw score of each kind, which counts as its full weight. Never zero. */
interface Scale {
  readonly words: number;
  readonly session: number;
  /** The share of the best session's score that the mean session has too, 0 to 1. */
  readonly commonSession: number;
  readonly factWords: number;
  readonly factMeaning: number;
  /** What full meaning is worth: as much as the best lexical score, or 1 where no word matches. */
  readonly meaning: number;
}

function scaleOf({ candidates, topSession, meanSession }: RecallSignals): Scale {
  const highest = (of: (candidate: RecallCandidate) => number): number =>
    candidates.reduce((most, candidate) => Math.max(most, of(candidate)), 0) || 1;
  const lexical = {
    words: highest((candidate) => candidate.words.own + wordsAround(candidate)),
    session: topSession || 1,
    commonSession: clamp(meanSession / (topSession || 1)),
    factWords: highest(({ factWords }) => factWords),
    factMeaning: highest(({ factMeaning }) => factMeaning),
  };
  const bestLexical = highest((candidate) => total(scoreParts(candidate, { ...lexical, meaning: 0 })));
  return { ...lexical, meaning: bestLexical };
}

/** A score, taken apart by where it comes from. */
interface ScoreParts {
  readonly ownWords: number;
  readonly neighbourWords: number;
  readonly session: number;
  readonly factWords: number;
  readonly during: number;
  readonly meaning: number;
  readonly neighbourMeaning: number;
  readonly factMeaning: number;
}

function scoreParts(candidate: RecallCandidate, scale: Scale): ScoreParts {
  const { words, meaning } = candidate;
  const boost = candidate.namesSpeaker ? weights.namedSpeaker : 1;
  const neighbourMeaning = around(meaning, weights.meaningAround);
  // What lies above full strength is cut off, its own and its neighbours' share alike.
  const strength = Math.min(1, weights.fullMeaning / Math.max(1e-9, meaning.own + neighbourMeaning));
  const perDeviation = (weights.meaning * scale.meaning * strength) / weights.fullMeaning;
  return {
    ownWords: (boost * words.own) / scale.words,
    neighbourWords: (boost * wordsAround(candidate)) / scale.words,
    session: (boost * weights.session * candidate.session) / scale.session,
    factWords: (boost * weights.factWords * candidate.factWords) / scale.factWords,
    during: candidate.isDuring ? weights.during : 0,
    meaning: perDeviation * meaning.own,
    neighbourMeaning: perDeviation * neighbourMeaning,
    factMeaning: (weights.factMeaning * scale.meaning * candidate.factMeaning) / scale.factMeaning,
  };
}

function total(parts: ScoreParts): number {
  const { ownWords, neighbourWords, session, factWords, during, meaning, neighbourMeaning, factMeaning } = parts;
  return ownWords + neighbourWords + session + factWords + during + meaning + neighbourMeaning + factMeaning;
}

function around(scores: NeighbourScores, by: { readonly previous: number; readonly next: number; readonly far: number }): number {
  return by.previous * scores.previous + by.next * scores.next + by.far * scores.far;
}

/** What its neighbours' words say for a turn. */
function wordsAround({ words, repeatedWords }: RecallCandidate): number {
  return around(words, weights.words) - (1 - weights.words.repeated) * around(repeatedWords, weights.words);
}

/** How much a turn can tell, by its length: 0 to 1. What stands alone is short because it was made so. */
function substance({ length }: RecallCandidate): number {
  return length === null ? 1 : (length + 0.5) / (length + 0.5 + weights.halfSubstance);
}

/** 1 for what was said just now, halved with every half-life. */
function recency(saidAt: number, now: number): number {
  return 0.5 ** (Math.max(0, now - saidAt) / recencyHalfLife);
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
