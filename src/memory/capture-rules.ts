import { findQuotes, type Span } from './quote.ts';

/**
 * Rules around the model that finds facts. They only ever refuse: what a model proposes becomes a slice when it can be shown
 * to be the person's own serious words.
 */

/** Code, quoted lines, and longer passages in quotation marks. */
const foreign = [/```[\s\S]*?(?:```|$)/g, /`[^`\n]*`/g, /^[ \t]*>.*$/gm, /["“„«](?=\S)[^"“”„«»]{24,}["”“»]/g];

/** What in a message is not the person's own saying, in order. */
function foreignSpans(text: string): readonly Span[] {
  const spans = foreign.flatMap((pattern) => Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({ start: index, end: index + found.length })));
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push(span);
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return merged;
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
  const span = findQuotes(text, quote).find(({ start, end }) => !notOwn.some((other) => start < other.end && end > other.start));
  if (span === undefined) return null;
  const words = text.slice(span.start, span.end);
  if (!saysEnough(words) || isTakenOver(words, earlierReplies)) return null;
  return isSerious(text, span) ? span : null;
}

/** A word alone is no statement. */
function saysEnough(quote: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{4}/u.test(quote) || (quote.match(/[\p{L}\p{N}]+/gu) ?? []).length >= 2;
}

function isTakenOver(quote: string, earlierReplies: readonly string[]): boolean {
  const length = (quote.match(/[\p{L}\p{N}]+/gu) ?? []).length;
  return length >= 4 && earlierReplies.some((reply) => findQuotes(reply, quote).length > 0);
}

/** Sentences that begin so only suppose something (English, German, French, Spanish, Portuguese, Italian). */
const supposing =
  /^(?:(?:and|but|so|well|ok|okay|und|aber|et|mais|y|pero|e|mas|ma)[,\s]+)*(?:if|what if|suppose|supposing|imagine|pretend|assume|assuming|let'?s (?:say|pretend|imagine|assume)|say i|hypothetically|for example|e\.g\.|wenn|falls|angenommen|nehmen wir an|stell dir vor|gesetzt den fall|zum beispiel|si|et si|imagine que|imaginons|supposons|disons|par exemple|imagina|supongamos|digamos|por ejemplo|se|imagine|suponha|por exemplo|immagina|supponiamo|ad esempio)(?![\p{L}\p{N}])/iu;
const joking = /(?<![\p{L}\p{N}])(?:just kidding|kidding|joking|just a joke|jk|lol|rofl|haha\w*|(?:nur|kleiner) (?:ein )?(?:scherz|spaß|witz)|je (?:plaisante|rigole)|es broma|é brincadeira|scherzo)(?![\p{L}\p{N}])|😂|🤣|😜|😝|(?:^|\s)\/[sj](?=\s|$)/iu;
const asking = /[?？؟]["'”’»)\]]*\s*$/u;

/** Neither a question, nor a supposition, nor a joke, going by the sentence around it and the one after. */
function isSerious(text: string, span: Span): boolean {
  const sentences = sentencesOf(text);
  const around = sentences.filter(({ start, end }) => start < span.end && end > span.start);
  const last = around.at(-1);
  const next = sentences.find(({ start }) => last !== undefined && start >= last.end);
  const texts = around.map(({ start, end }) => text.slice(start, end).trim());
  if (texts.some((sentence) => asking.test(sentence) || supposing.test(sentence))) return false;
  return ![...texts, next === undefined ? '' : text.slice(next.start, next.end)].some((sentence) => joking.test(sentence));
}

function sentencesOf(text: string): readonly Span[] {
  const segments = new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text);
  return Array.from(segments, ({ index, segment }) => ({ start: index, end: index + segment.length }));
}

const longestFact = 240;

/**
 * The fact in the model's words, where everything in them that can be checked (numbers, names) is in the message; else the
 * person's own words, which are always true to what was said.
 */
export function groundedText(proposed: string, quote: string, message: string): string {
  const text = proposed.replace(/\s+/g, ' ').trim();
  const said = new Set(wordsOf(message));
  const isGrounded = checkableWords(text).every((word) => said.has(word.toLowerCase()));
  return text !== '' && text.length <= longestFact && isGrounded ? text : quote.replace(/\s+/g, ' ').trim();
}

/** Numbers, and words with a capital that do not begin the sentence. */
function checkableWords(text: string): readonly string[] {
  const [first, ...rest] = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...(first !== undefined && /\p{N}/u.test(first) ? [first] : []), ...rest.filter((word) => /\p{N}/u.test(word) || /^\p{Lu}/u.test(word))];
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
