import { detectLanguage } from '../store/search/language-detection.ts';
import type { Span } from './quote.ts';

/**
 * Whether words of a message are something its writer states: no part of a text that somebody else speaks or that is worked on,
 * no supposition, joke, question, game or bare "yes". Words lists are in English, German, French, Spanish, Portuguese, Italian,
 * Japanese and Chinese; what they miss is for the model to leave out.
 */

/** Sentences that begin so only suppose something. */
const supposing =
  /^(?:(?:and|but|so|well|ok|okay|und|aber|et|mais|y|pero|e|mas|ma)[,\s]+)*(?:if|what if|suppose|supposing|imagine|pretend|assume|assuming|let'?s (?:say|pretend|imagine|assume)|say i|hypothetically|for example|e\.g\.|wenn|falls|angenommen|nehmen wir an|stell dir vor|gesetzt den fall|zum beispiel|si|et si|imagine que|imaginons|supposons|disons|par exemple|imagina|supongamos|digamos|por ejemplo|se|imagine|suponha|por exemplo|immagina|supponiamo|ad esempio)(?![\p{L}\p{N}])/iu;
/** The same anywhere in a sentence. */
const supposed =
  /(?<![\p{L}\p{N}])(?:(?:as |even )?if (?:i|we) (?:were|was|had|could|lived|owned|worked)|i wish|if only|i would rather|in another life|ich wünschte|als (?:ob|wäre|hätte)|wenn ich (?:\p{L}+ )*?(?:wäre|hätte|könnte|wohnte|würde)|si j['’](?:étais|avais)|si je (?:pouvais|vivais|savais)|comme si|ojal[áa]|si (?:yo )?(?:fuera|tuviera|pudiera|viviera)|como si|se eu (?:fosse|tivesse|pudesse|morasse)|quem me dera|se (?:io )?(?:fossi|avessi|potessi|vivessi)|magari (?:fossi|avessi|potessi))(?![\p{L}\p{N}])|もし|仮に|だったらいいのに|如果|假如|要是|假设|倘若/iu;
const joking =
  /(?<![\p{L}\p{N}])(?:just kidding|kidding|joking|just a joke|jk|lol|rofl|haha\w*|hihi|(?:nur|kleiner) (?:ein )?(?:scherz|spaß|witz)|je (?:plaisante|rigole)|c['’]est une blague|mdr|ptdr|(?:es|era) (?:una )?broma|j[aá](?:ja)+|(?:é|foi) brincadeira|brincando|k{3,}|rsrs|scherz(?:o|avo|ando)|ahah\w*)(?![\p{L}\p{N}])|😂|🤣|😜|😝|😆|(?:^|\s)\/[sj](?=\s|$)|冗談|なんてね|[（(]笑[）)]|(?<![a-z.])w{3,}\s*$|开玩笑|哈哈/iu;
const asking = /[?？؟]["'”’»)\]」]*\s*$/u;
const playing = /(?<![\p{L}\p{N}])(?:role-?play|let'?s play|rollenspiel|lass uns (?:\p{L}+ )?spielen|jeu de rôle|jouons|juguemos|vamos (?:a jugar|brincar|jogar)|giochiamo)(?![\p{L}\p{N}])|ロールプレイ|角色扮演/iu;

/** True where `span` of `text` stands in a plain statement, going by the sentences it touches and the one after. */
export function isStatement(text: string, span: Span): boolean {
  if (playing.test(text)) return false;
  const sentences = sentencesOf(text);
  const around = sentences.filter(({ start, end }) => start < span.end && end > span.start);
  const last = around.at(-1);
  const next = sentences.find(({ start }) => last !== undefined && start >= last.end);
  const texts = around.map(({ start, end }) => text.slice(start, end).trim());
  if (texts.some((sentence) => asking.test(sentence) || supposing.test(sentence) || supposed.test(sentence))) return false;
  if ([...texts, next === undefined ? '' : text.slice(next.start, next.end)].some((sentence) => joking.test(sentence))) return false;
  const first = around[0];
  return first === undefined || !isReported(text.slice(first.start, span.start));
}

const saying = String.raw`(?:say|says|said|wrote|writes|write|texted|answered|replied|told (?:me|us)|goes|sagt|sagte|schrieb|schreibt|meint|meinte|dit|disait|écrit|écrivait|a dit|dice|dijo|escribió|escribe|diz|disse|escreveu|ha detto|scrive|ha scritto)`;
/** Somebody's words, announced with a colon or a comma right before them. */
const reported = new RegExp(String.raw`(?<![\p{L}\p{N}])${saying}(?:\s+\p{L}+){0,3}\s*[:,]\s*["“„«]?$`, 'iu');
const byOneself = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:i|ich|je|j['’]|yo|eu|io|as i)\s+(?:\p{L}+\s+)?${saying}`, 'iu');
const reportedUnspaced = /(?:说|說|写道)[:：，,]?["“「]?$/u;

function isReported(before: string): boolean {
  return (reported.test(before) || reportedUnspaced.test(before)) && !byOneself.test(before);
}

function sentencesOf(text: string): readonly Span[] {
  const segments = new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text);
  return Array.from(segments, ({ index, segment }) => ({ start: index, end: index + segment.length }));
}

/** The sentences that a span touches. */
export function sentencesAround(text: string, span: Span): string {
  return sentencesOf(text)
    .filter(({ start, end }) => start < span.end && end > span.start)
    .map(({ start, end }) => text.slice(start, end))
    .join('');
}

const assent = new Set(
  'yes yeah yep yup no nope ok okay exactly right sure thanks thank you so much great good sounds perfect correct true indeed cool fine please ja genau richtig danke stimmt klar gut nein gern gerne oui non exact exactement merci beaucoup d accord voilà bien sûr sí si exacto gracias claro vale perfecto sim exato obrigado obrigada certo perfeito sì esatto grazie va bene certo はい そうです ありがとう 是的 对 谢谢 好的'.split(' '),
);

/** Whether words say yes, no or thanks and nothing more, so that what they mean stands elsewhere. */
export function isAssent(words: string): boolean {
  const found = words.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return found.every((word) => assent.has(word));
}

const aboutUser = /^(?:the user|der nutzer|die nutzerin|der benutzer|l['’]utilisat\p{L}+|el usuario|la usuaria|o usuário|a usuária|l['’]utente)(?![\p{L}])|^(?:ユーザー|用户|用戶)/iu;
/** A fact without the words for the person, which nobody has said: in German they have a capital as names do. */
export function withoutUser(fact: string): string {
  return fact.trim().replace(aboutUser, 'x');
}

const firstPerson =
  /(?<![\p{L}\p{N}])(?:i|i['’](?:m|ve|d|ll)|im|my|me|mine|myself|we|we['’](?:re|ve|ll)|our|us|ours|ich|mein\p{L}*|mich|mir|wir|uns|unser\p{L}*|je|j|mon|ma|mes|moi|nous|notre|nos|on)(?![\p{L}\p{N}])/iu;
const thirdPerson = /^\s*["“¡¿]?(?:(?:él|ella|ellos|ellas|ele|ela|eles|elas|lui|lei|loro)(?![\p{L}\p{N}])|彼|他|她|他们|她们)/iu;
const withoutSubject = /(?<![\p{L}\p{N}])(?:mi|mis|me|nos|nuestr[oa]s?|yo|meu|minha|meus|minhas|eu|nosso|nossa|io|mio|mia|miei|mie|nostro|nostra)(?![\p{L}\p{N}])|私|僕|俺|我/iu;

/**
 * Whether a fact speaks of the person while the sentences it was taken from speak of somebody else. Languages that leave "I" out are
 * given the benefit of the doubt, unless the sentence begins with "he" or "they".
 */
export function isMisattributed(fact: string, sentences: string): boolean {
  if (!aboutUser.test(fact.trim())) return false;
  const letters = sentences.toLowerCase();
  const language = detectLanguage(letters.match(/\p{L}+/gu) ?? [], letters);
  if (language === 'english' || language === 'german' || language === 'french') return !firstPerson.test(sentences);
  return thirdPerson.test(sentences) && !withoutSubject.test(sentences);
}
