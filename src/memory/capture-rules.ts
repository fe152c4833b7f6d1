import { negates, negationsIn } from '../shared/negation.ts';
import { isAssent, isMisattributed, isStatement, sentencesAround, withoutUser } from './own-statement.ts';
import { findQuotes, type Span } from './quote.ts';
import { namesSecret } from './secrets.ts';

/**
 * Rules around the model that finds facts. They only ever refuse: what a model proposes becomes a slice when it can be shown
 * to be the person's own serious words.
 */

const workedOn = String.raw`translate|proofread|rewrite|rephrase|summari[sz]e|shorten|correct|improve|fix|answer|reply to|write|draft|übersetze?|korrigiere?|verbessere?|kürze|schreibe?|fasse|tradui[st]|corrige|améliore|résume|écris|traduce|corrige|mejora|resume|escribe|traduza|corrija|melhore|resuma|escreva|traduci|correggi|migliora|riassumi|scrivi`;
/** Code, quoted lines, longer passages in quotation marks, and a text that is given to be worked on. */
const foreign = [
  /```[\s\S]*?(?:```|$)/g,
  /`[^`\n]*`/g,
  /^[ \t]*>.*$/gm,
  /["“„«](?=\S)[^"“”„«»]{24,}["”“»]/g,
  /[「『][^「」『』]{12,}[」』]/g,
  new RegExp(String.raw`(?<=(?:^|[.!?\n]\s*|(?:please|bitte|por favor|can you|kannst du)\s+)(?:${workedOn})(?![\p{L}\p{N}])[^\n:.!?]{0,80}:)[\s\S]+$`, 'giu'),
  /(?<=(?:翻訳して|訳して|要約して|翻译|總結|总结)[^\n:：]{0,30}[:：])[\s\S]+$/gu,
];
/** Somebody's words, or a title: what stands in them entirely is not said by the person, what only names them is. */
const shortQuotations = [/["“„«](?=\S)[^"“”„«»\n]+["”“»]/g, /(?<![\p{L}\p{N}])['‘][^'‘’\n]+['’](?![\p{L}\p{N}])/gu, /[「『][^「」『』\n]+[」』]/g];

/** What in a message is not the person's own saying, in order. */
function foreignSpans(text: string): readonly Span[] {
  const spans = foreign.flatMap((pattern) => spansOf(text, pattern));
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push(span);
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return merged;
}

function spansOf(text: string, pattern: RegExp): readonly Span[] {
  return Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({ start: index, end: index + found.length }));
}

/** `text` with its foreign passages left out: what the model gets to read. */
export function ownWords(text: string): string {
  return foreignSpans(text)
    .reduceRight((own, { start, end }) => `${own.slice(0, start)} […] ${own.slice(end)}`, text)
    .trim();
}

/**
 * Where `quote` stands among the person's own serious words; null when it does not.
 * @param earlierReplies what the agent had said before: words taken over from there are the agent's.
 */
export function admissibleQuote(text: string, quote: string, earlierReplies: readonly string[]): Span | null {
  const notOwn = foreignSpans(text);
  const others = shortQuotations.flatMap((pattern) => spansOf(text, pattern));
  const span = findQuotes(text, quote).find(
    ({ start, end }) => !notOwn.some((other) => start < other.end && end > other.start) && !others.some((other) => start > other.start && end < other.end),
  );
  if (span === undefined) return null;
  const words = text.slice(span.start, span.end);
  if (!saysEnough(words) || isAssent(words) || isTakenOver(words, earlierReplies) || isCutFromNegation(text, span)) return null;
  return isStatement(text, span) ? span : null;
}

/** Where a clause ends: at a mark, or before a word that begins another. */
const clauseEnd = /[,;:.!?…—–、，。；：()（）\n]|(?<![\p{L}\p{N}])(?:but|because|although|while|and (?=i |we |my )|aber|sondern|weil|und (?=ich |wir |mein)|mais|parce que|et (?=je |nous |mon |ma )|pero|porque|y (?=yo |mi )|mas|e (?=eu |meu |minha |io |mio |mia )|ma|perché|けど|但是|可是)(?![\p{L}\p{N}])/giu;

/** True when the clause around a quote says "not" and the quote leaves that out. */
function isCutFromNegation(text: string, span: Span): boolean {
  const ends = spansOf(text, clauseEnd);
  const start = ends.findLast((mark) => mark.end <= span.start)?.end ?? 0;
  const end = ends.find((mark) => mark.start >= span.end)?.start ?? text.length;
  return negationsIn(text.slice(start, end)) > negationsIn(text.slice(span.start, span.end));
}

/** A word alone is no statement. */
function saysEnough(quote: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{4}/u.test(quote) || (quote.match(/[\p{L}\p{N}]+/gu) ?? []).length >= 2;
}

function isTakenOver(quote: string, earlierReplies: readonly string[]): boolean {
  const length = (quote.match(/[\p{L}\p{N}]+/gu) ?? []).length;
  return length >= 4 && earlierReplies.some((reply) => findQuotes(reply, quote).length > 0);
}

const longestFact = 240;

/** What is said, and where. */
export interface Said {
  readonly message: string;
  readonly span: Span;
  readonly earlierReplies: readonly string[];
}

/**
 * The text of a fact; null when there is none to keep. The model's words are taken where everything in them that can be checked
 * (numbers, names, "not") is the person's and nothing comes from a reply; else the person's own, which are always true to what
 * was said.
 */
export function factText(proposed: string, said: Said): string | null {
  const quote = said.message.slice(said.span.start, said.span.end);
  const text = groundedText(proposed, quote, said.message, said.earlierReplies);
  if (isMisattributed(proposed, sentencesAround(said.message, said.span))) return null;
  return namesSecret(quote) || namesSecret(text) ? null : text;
}

export function groundedText(proposed: string, quote: string, message: string, earlierReplies: readonly string[] = []): string {
  const text = proposed.replace(/\s+/g, ' ').trim();
  const said = new Set(wordsOf(message));
  const isGrounded = checkableWords(withoutUser(text)).every((word) => said.has(word.toLowerCase())) && negates(text) === negates(quote) && !isFromReply(text, message, earlierReplies);
  return text !== '' && text.length <= longestFact && isGrounded ? text : quote.replace(/\s+/g, ' ').trim();
}

/** Shorter words and beginnings of words are in most texts. */
const tellingLength = 5;
const stemLength = 4;

/** Whether a word of the fact is in a reply and, going by how words begin, not in the message: it is the agent's claim then. */
function isFromReply(text: string, message: string, earlierReplies: readonly string[]): boolean {
  const stems = new Set(wordsOf(message).map((word) => word.slice(0, stemLength)));
  const replied = new Set(earlierReplies.flatMap((reply) => wordsOf(reply)));
  return wordsOf(text).some((word) => word.length >= tellingLength && replied.has(word) && !stems.has(word.slice(0, stemLength)));
}

/** Numbers, and words with a capital that do not begin the sentence. */
function checkableWords(text: string): readonly string[] {
  const [first, ...rest] = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...(first !== undefined && /\p{N}/u.test(first) ? [first] : []), ...rest.filter((word) => /\p{N}/u.test(word) || /^\p{Lu}/u.test(word))];
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
