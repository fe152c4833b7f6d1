/**
 * Words beside a name that say what it names, in English, German, French, Spanish, Portuguese and Italian. A name may have cues of
 * both kinds; the more frequent one decides.
 */
const beforePerson = words(`with by asked told met ask tell meet call called thanks dear mr mrs ms dr
  mit von traf fragte frau herr liebe lieber
  avec par chez madame monsieur
  con senor senora
  com senhor senhora
  signor signora`);
const afterPerson = words(`said says asked asks told tells wants wanted thinks thought likes liked knows knew reviews reviewed wrote writes owns lends lent
  called calls prefers works worked lives lived waters watered brings brought helps helped
  sagt sagte fragt fragte meint meinte will wollte wohnt arbeitet schrieb hilft
  dit disait demande veut pense habite travaille ecrit aide
  dice dijo pregunta quiere piensa vive trabaja escribe ayuda
  diz disse pergunta quer pensa mora trabalha escreve
  detto chiede vuole pensa abita lavora scrive`);
const beforePlace = words(`in at near to from around via
  nach bei aus uber
  a en vers pres depuis
  hacia desde cerca
  em perto
  ad da verso vicino`);

export type NameKind = 'person' | 'place';

/** How often the words beside a name spoke for either. */
export interface Cues {
  person: number;
  place: number;
}

/** Counts what the words beside a name say; both folded: lower case, no accents. */
export function countCues(cues: Cues, before: string, after: string): void {
  if (beforePerson.has(before) || afterPerson.has(after)) cues.person++;
  else if (beforePlace.has(before)) cues.place++;
}

/** What the words beside a name say most often, where they say it often enough to go by; null: neither. */
export function kindByCues(cues: Readonly<Cues>, mentions: number): NameKind | null {
  const strongest = Math.max(cues.person, cues.place);
  if (strongest === 0 || strongest < mentions * leastShare) return null;
  return cues.person >= cues.place ? 'person' : 'place';
}

/** A name that has cues now and then only, has them by chance. */
const leastShare = 0.2;

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/u));
}
