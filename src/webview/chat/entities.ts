/** The character references that people and models write in Markdown; any other stays as it is written. */
const named: Readonly<Record<string, string>> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', shy: '\u00ad', copy: '©', reg: '®', trade: '™',
  hellip: '…', ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»', bull: '•',
  middot: '·', times: '×', divide: '÷', minus: '−', plusmn: '±', deg: '°', euro: '€', pound: '£', larr: '←', rarr: '→',
  le: '≤', ge: '≥', ne: '≠',
};

/** Character references (`&amp;`, `&#8217;`, `&#x2014;`) as the characters they stand for, in one pass. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([A-Za-z]\w*));/g, (reference, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return Object.hasOwn(named, name) ? (named[name] ?? reference) : reference;
    return characterOf(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal));
  });
}

/** As HTML reads it: what is no character is the replacement character. */
function characterOf(codePoint: number): string {
  const none = codePoint === 0 || codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff);
  return none ? '\ufffd' : String.fromCodePoint(codePoint);
}
