/** Words that turn a statement into its opposite, without accents: English, German, French, Spanish, Portuguese, Italian. */
const negations = new Set(
  [
    'not no never none nobody nothing without cannot anymore stopped',
    'nicht kein keine keinen keinem keiner keines nie niemals ohne',
    'ne n pas jamais sans aucun aucune',
    'nunca jamas sin nadie ninguno ninguna',
    'nao nem sem nenhum nenhuma',
    'non mai senza nessuno nessuna',
  ].flatMap((words) => words.split(' ')),
);
/** The same in Japanese and Chinese, whose words no spaces tell apart. */
const negatingSigns = /ない|なく|ません|なかった|不|没|沒|别(?!人)/gu;
const contracted = /n['’]t(?![\p{L}\p{N}])/giu;

/** Whether a word, in lower case and without accents, says "not". */
export function isNegation(word: string): boolean {
  return negations.has(word);
}

/** How often a text says "not", as far as these languages go. */
export function negationsIn(text: string): number {
  const plain = text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  const words = plain.match(/\p{L}+/gu) ?? [];
  const count = (pattern: RegExp): number => Array.from(text.matchAll(pattern)).length;
  return words.filter((word) => negations.has(word)).length + count(contracted) + count(negatingSigns);
}

export function negates(text: string): boolean {
  return negationsIn(text) > 0;
}
