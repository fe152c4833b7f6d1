import { countCues, kindByCues, type Cues } from './entity-cues.ts';
import { findFullNames, settleFullNames, type PlacedWord } from './full-names.ts';
import { languagesOfStopWord } from './stop-words.ts';
import { fold } from './words.ts';

/** A text that may name people, places, projects, files and topics. */
export interface NamingText {
  readonly text: string;
  readonly at: number;
}

export type EntityKind = 'person' | 'place' | 'project' | 'file' | 'topic';

export interface FoundEntity {
  /** As it is written most often. */
  readonly name: string;
  readonly kind: EntityKind;
  /** Texts that name it. */
  readonly count: number;
  /** The earliest time of these. */
  readonly since: number;
}

export interface EntityGraph {
  /** Those named in most texts first. */
  readonly entities: readonly FoundEntity[];
  /** Pairs by their places in `entities`, with the texts that name both. */
  readonly ties: readonly EntityTie[];
  /** How many there are in all, those past the limit included. */
  readonly found: number;
}

export interface EntityTie {
  readonly a: number;
  readonly b: number;
  readonly count: number;
}

/** In how many texts a name must stand to be one, and a word that is no name to be a topic. */
const leastTexts = { name: 2, term: 3 } as const;
/** A word that stands in more of the texts than this tells nothing of one of them; said of this many texts and more. */
const mostTelling = { share: 0.25, texts: 12 } as const;
/** What is longer is a document, whose beginning says what it is about. */
const mostWords = 400;
/** Each entity keeps its strongest ties: all of them would be a ball of wool. */
const tiesEach = 6;
const shortestTerm = 4;

/**
 * Finds by rule what texts are about: file names; names of projects; capitalised names of up to three words, called a person or a place by the words beside
 * them and a topic where these say neither; and words that stand in several texts, but not in most. Every entity stands in the texts
 * as it is named here.
 *
 * @param projects names that are known to be projects, such as those of the open folders
 */
export function findEntities(texts: readonly NamingText[], { limit, projects }: { readonly limit: number; readonly projects: readonly string[] }): EntityGraph {
  const known = new Set(projects.map(keyOf));
  const mentions = new Map<string, Mention>();
  texts.forEach(({ text }, index) => {
    for (const word of wordsOf(text)) note(mentions, word, index);
  });
  const { chance, parts } = settleFullNames(mentions);
  for (const key of [...chance, ...parts]) mentions.delete(key);
  const all = [...mentions].map(([key, mention]) => ({ ...mention, shape: shapeOf(key, mention, known) })).filter((mention) => tells(mention, texts.length));
  const chosen = all
    .toSorted((a, b) => weight(b, texts.length) - weight(a, texts.length))
    .slice(0, limit)
    .toSorted((a, b) => b.texts.size - a.texts.size);
  return { entities: chosen.map((mention) => toEntity(mention, texts)), ties: tiesBetween(chosen, texts.length), found: all.length };
}

interface Word {
  readonly text: string;
  readonly folded: string;
  readonly before: string;
  readonly after: string;
  /** A capital says nothing there. */
  readonly beginsSentence: boolean;
}

interface Mention {
  readonly texts: Set<number>;
  readonly spellings: Map<string, number>;
  readonly cues: Cues;
  total: number;
  /** How often it had a capital where none was needed. */
  capitals: number;
}

type Shape = 'file' | 'project' | 'name' | 'term';
type Shaped = Mention & { readonly shape: Shape };

/** In whichever case and with whichever accents it is written. */
function keyOf(word: string): string {
  return fold(word.toLowerCase());
}

const wordPattern = /[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_.-]*[\p{L}\p{M}\p{N}])?/gu;
const sentenceEnd = /[.!?:;\n“”"„»«(•]/u;

function wordsOf(text: string): Word[] {
  const found: (PlacedWord & Pick<Word, 'folded' | 'beginsSentence'>)[] = [];
  let end = 0;
  for (const { 0: word, index: at } of text.matchAll(wordPattern)) {
    const folded = keyOf(word);
    found.push({ text: word, folded, at, canName: canName(folded), beginsSentence: found.length === 0 || sentenceEnd.test(text.slice(end, at)) });
    end = at + word.length;
    if (found.length === mostWords) break;
  }
  const between = (first: number, last: number, whole: Pick<Word, 'text' | 'folded'>): Word => {
    return { ...whole, before: found[first - 1]?.folded ?? '', after: found[last + 1]?.folded ?? '', beginsSentence: found[first]?.beginsSentence ?? true };
  };
  const fullNames = findFullNames(text, found).map(({ first, last }) => {
    const parts = found.slice(first, last + 1);
    return between(first, last, { text: parts.map((part) => part.text).join(' '), folded: parts.map((part) => part.folded).join(' ') });
  });
  return [...found.flatMap((word, i) => (word.canName ? [between(i, i, { text: word.text, folded: word.folded })] : [])), ...fullNames];
}

function canName(folded: string): boolean {
  return folded.length >= 2 && !languagesOfStopWord.has(folded) && !calendarWords.has(folded) && /\p{L}/u.test(folded);
}

function note(mentions: Map<string, Mention>, { text, folded, before, after, beginsSentence }: Word, index: number): void {
  let mention = mentions.get(folded);
  if (mention === undefined) {
    mention = { texts: new Set(), spellings: new Map(), cues: { person: 0, place: 0 }, total: 0, capitals: 0 };
    mentions.set(folded, mention);
  }
  mention.texts.add(index);
  mention.total++;
  mention.spellings.set(text, (mention.spellings.get(text) ?? 0) + 1);
  if (!/^\p{Lu}/u.test(text)) return;
  if (!beginsSentence) mention.capitals++;
  countCues(mention.cues, before, after);
}

const fileName = /^[\w.-]+\.(?:c|cpp|cs|css|csv|docx?|go|h|html|ipynb|java|jsx?|json|md|pdf|php|py|rb|rs|sh|sql|svg|tex|toml|tsx?|txt|xlsx?|xml|ya?ml)$/u;
const projectName = /^[a-z0-9]+(?:[-_][a-z0-9]+)*[-_](?:api|app|bot|cli|client|core|docs|infra|kit|lib|queue|script|sdk|server|service|site|tool|tools|ui|web|worker)$/u;

function shapeOf(key: string, { capitals, total }: Mention, projects: ReadonlySet<string>): Shape {
  if (fileName.test(key)) return 'file';
  if (projects.has(key) || projectName.test(key)) return 'project';
  // What is now and then written small is a word that began a line.
  return capitals > 0 && capitals >= total * 0.3 ? 'name' : 'term';
}

function tells({ shape, texts, spellings }: Shaped, count: number): boolean {
  if (shape !== 'term') return texts.size >= leastTexts.name;
  const isCommon = count >= mostTelling.texts && texts.size > count * mostTelling.share;
  const isLong = [...spellings.keys()].some((spelling) => spelling.length >= shortestTerm);
  return texts.size >= leastTexts.term && isLong && !isCommon;
}

/** A name tells more than a word; a word the more, the fewer of the texts have it. */
function weight({ shape, texts }: Shaped, count: number): number {
  return shape === 'term' ? texts.size * Math.log(count / texts.size) * 0.3 : texts.size * 3;
}

function toEntity(mention: Shaped, texts: readonly NamingText[]): FoundEntity {
  const [name = ''] = [...mention.spellings].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const since = [...mention.texts].reduce((earliest, index) => Math.min(earliest, texts[index]?.at ?? earliest), Infinity);
  return { name, kind: kindOf(mention, name), count: mention.texts.size, since };
}

function kindOf({ shape, cues, total }: Shaped, name: string): EntityKind {
  if (shape === 'file' || shape === 'project') return shape;
  const isAcronym = name === name.toUpperCase();
  return shape === 'term' || isAcronym ? 'topic' : (kindByCues(cues, total) ?? 'topic');
}

function tiesBetween(chosen: readonly Shaped[], count: number): EntityTie[] {
  const namedIn = Array.from({ length: count }, (): number[] => []);
  chosen.forEach(({ texts }, entity) => {
    for (const index of texts) namedIn[index]?.push(entity);
  });
  const ties = new Map<number, EntityTie>();
  for (const named of namedIn) {
    for (const [i, a] of named.entries()) {
      for (const b of named.slice(i + 1)) {
        const key = a * chosen.length + b;
        ties.set(key, { a, b, count: (ties.get(key)?.count ?? 0) + 1 });
      }
    }
  }
  return strongest([...ties.values()], chosen.length);
}

/** A tie stays that is among the strongest of either of its ends. */
function strongest(ties: readonly EntityTie[], entities: number): EntityTie[] {
  const kept = new Uint16Array(entities);
  return ties
    .toSorted((x, y) => y.count - x.count)
    .filter(({ a, b }) => {
      const isKept = (kept[a] ?? 0) < tiesEach || (kept[b] ?? 0) < tiesEach;
      if (isKept) for (const end of [a, b]) kept[end] = (kept[end] ?? 0) + 1;
      return isKept;
    });
}

/** Days and months have capitals in some languages, and name nothing but a time. */
const calendarWords = new Set(
  ['en', 'de', 'fr', 'es', 'pt', 'it'].flatMap((locale) => {
    const months = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' });
    const days = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
    return [
      ...Array.from({ length: 12 }, (_, month) => keyOf(months.format(Date.UTC(2026, month, 15)))),
      ...Array.from({ length: 7 }, (_, day) => keyOf(days.format(Date.UTC(2026, 0, 5 + day)))),
    ];
  }),
);
