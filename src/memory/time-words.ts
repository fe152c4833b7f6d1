import { fold } from '../store/search/words.ts';

export type TimeUnit = 'day' | 'week' | 'month' | 'year';

/** How one language speaks of time: patterns over folded text (lower case, without accents). `#` stands for what varies. */
export interface TimeLanguage {
  readonly locale: string;
  /** Whether words end at what is no letter. */
  readonly bounded: boolean;
  /** Words, a unit, and how many of it before the current one; what is longer comes first. */
  readonly named: readonly (readonly [string, TimeUnit, number])[];
  /** Around a number and a unit: a distance, or a stretch that reaches to now. */
  readonly ago: string;
  readonly past: string | null;
  readonly numbers: Readonly<Record<string, number>>;
  readonly units: readonly (readonly [TimeUnit, string])[];
  readonly inMonth: string | null;
  readonly onWeekday: string | null;
}

export const timeLanguages: readonly TimeLanguage[] = [
  {
    locale: 'en',
    bounded: true,
    named: [
      ['the day before yesterday', 'day', 2], ['yesterday|last night', 'day', 1], ['today|this (?:morning|afternoon|evening)|tonight', 'day', 0],
      ['(?:last|previous) week', 'week', 1], ['this week', 'week', 0], ['(?:last|previous) month', 'month', 1], ['this month', 'month', 0],
      ['(?:last|previous) year', 'year', 1], ['this year', 'year', 0],
    ],
    ago: '(?<!\\p{L})# ago(?!\\p{L})',
    past: '(?<!\\p{L})(?:last|past|previous) #(?!\\p{L})',
    numbers: { 'a couple of': 2, 'a few': 3, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, an: 1, a: 1 },
    units: [['day', 'days?'], ['week', 'weeks?'], ['month', 'months?'], ['year', 'years?']],
    inMonth: '(?<!\\p{L})(?:in|during|since|last|this|of|early in|late in) (?:early |late |mid )?#(?!\\p{L})',
    onWeekday: '(?<!\\p{L})(?:on|last|this|since) #(?!\\p{L})',
  },
  {
    locale: 'de',
    bounded: true,
    named: [
      ['vorgestern', 'day', 2], ['gestern', 'day', 1], ['heute', 'day', 0],
      ['(?:letzte|vorige|vergangene)[nrs]? woche', 'week', 1], ['diese[nr]? woche', 'week', 0],
      ['(?:letzte|vorige|vergangene)[nrs]? monat', 'month', 1], ['diese[nmrs]? monat', 'month', 0],
      ['(?:letzte|vorige|vergangene)[nrs]? jahr', 'year', 1], ['diese[nmrs]? jahr', 'year', 0],
    ],
    ago: '(?<!\\p{L})vor #(?!\\p{L})',
    past: '(?<!\\p{L})(?:letzten|vergangenen) #(?!\\p{L})',
    numbers: { 'ein paar': 3, einem: 1, einer: 1, zwei: 2, drei: 3, vier: 4, funf: 5, sechs: 6, sieben: 7, acht: 8, neun: 9, zehn: 10, elf: 11, zwolf: 12 },
    units: [['day', 'tag(?:en|e)?'], ['week', 'wochen?'], ['month', 'monat(?:en|e)?'], ['year', 'jahr(?:en|e)?']],
    inMonth: '(?<!\\p{L})(?:im|seit|letzten|diesen) (?:monat )?#(?!\\p{L})',
    onWeekday: '(?<!\\p{L})(?:am|letzten|seit) #(?!\\p{L})',
  },
  {
    locale: 'fr',
    bounded: true,
    named: [
      ['avant[- ]hier', 'day', 2], ['hier', 'day', 1], ["aujourd['’]hui|ce (?:matin|soir)", 'day', 0],
      ['la semaine (?:derniere|passee)', 'week', 1], ['cette semaine', 'week', 0], ['le mois (?:dernier|passe)', 'month', 1], ['ce mois', 'month', 0],
      ["l['’]annee derniere|l['’]an dernier", 'year', 1], ['cette annee', 'year', 0],
    ],
    ago: '(?<!\\p{L})il y a #(?!\\p{L})',
    past: null,
    numbers: { quelques: 3, une: 1, un: 1, deux: 2, trois: 3, quatre: 4, cinq: 5, six: 6, sept: 7, huit: 8, neuf: 9, dix: 10, onze: 11, douze: 12 },
    units: [['day', 'jours?'], ['week', 'semaines?'], ['month', 'mois'], ['year', 'ans?|annees?']],
    inMonth: '(?<!\\p{L})(?:en|depuis|au mois de|au mois d.) ?#(?!\\p{L})',
    onWeekday: '(?<!\\p{L})# (?:dernier|passe)(?!\\p{L})',
  },
  {
    locale: 'es',
    bounded: true,
    named: [
      ['anteayer|antes de ayer', 'day', 2], ['ayer|anoche', 'day', 1], ['hoy', 'day', 0],
      ['la semana pasada', 'week', 1], ['esta semana', 'week', 0], ['el mes pasado', 'month', 1], ['este mes', 'month', 0],
      ['el ano pasado', 'year', 1], ['este ano', 'year', 0],
    ],
    ago: '(?<!\\p{L})hace #(?!\\p{L})',
    past: '(?<!\\p{L})ultim[oa]s #(?!\\p{L})',
    numbers: { 'un par de': 2, una: 1, un: 1, dos: 2, tres: 3, cuatro: 4, cinco: 5, seis: 6, siete: 7, ocho: 8, nueve: 9, diez: 10, once: 11, doce: 12 },
    units: [['day', 'dias?'], ['week', 'semanas?'], ['month', 'mes(?:es)?'], ['year', 'anos?']],
    inMonth: '(?<!\\p{L})(?:en|desde|este) #(?!\\p{L})',
    onWeekday: '(?<!\\p{L})el # pasado(?!\\p{L})',
  },
  {
    locale: 'it',
    bounded: true,
    named: [
      ["l['’]altro ieri|ieri l['’]altro", 'day', 2], ['ieri', 'day', 1], ['oggi|stamattina|stasera', 'day', 0],
      ['la settimana scorsa|la scorsa settimana', 'week', 1], ['questa settimana', 'week', 0],
      ['il mese scorso|lo scorso mese', 'month', 1], ['questo mese', 'month', 0], ["l['’]anno scorso|lo scorso anno", 'year', 1], ["quest['’]anno", 'year', 0],
    ],
    ago: '(?<!\\p{L})# fa(?!\\p{L})',
    past: '(?<!\\p{L})ultim[ie] #(?!\\p{L})',
    numbers: { una: 1, un: 1, due: 2, tre: 3, quattro: 4, cinque: 5, sei: 6, sette: 7, otto: 8, nove: 9, dieci: 10, undici: 11, dodici: 12 },
    units: [['day', 'giorn[oi]'], ['week', 'settiman[ae]'], ['month', 'mes[ei]'], ['year', 'ann[oi]']],
    inMonth: '(?<!\\p{L})(?:a|in|nel mese di|da) #(?!\\p{L})',
    onWeekday: '(?<!\\p{L})# scors[oa](?!\\p{L})',
  },
  {
    locale: 'zh',
    bounded: false,
    named: [
      ['前天', 'day', 2], ['昨天|昨晚', 'day', 1], ['今天|今晚|今早', 'day', 0], ['上个?(?:周|星期|礼拜)', 'week', 1], ['(?:这个?|本)(?:周|星期|礼拜)', 'week', 0],
      ['上个?月', 'month', 1], ['(?:这个|本)月', 'month', 0], ['去年', 'year', 1], ['今年', 'year', 0],
    ],
    ago: '#(?:之前|以前|前)',
    past: null,
    numbers: { 一: 1, 两: 2, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10 },
    units: [['day', '天'], ['week', '个?(?:周|星期)'], ['month', '个?月'], ['year', '年']],
    inMonth: null,
    onWeekday: null,
  },
  {
    locale: 'ja',
    bounded: false,
    named: [
      ['おととい|一昨日', 'day', 2], ['昨日|きのう|昨夜', 'day', 1], ['今日|きょう|今朝|今夜', 'day', 0], ['先週', 'week', 1], ['今週', 'week', 0],
      ['先月', 'month', 1], ['今月', 'month', 0], ['去年|昨年', 'year', 1], ['今年', 'year', 0],
    ],
    ago: '#前',
    past: null,
    numbers: { 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10 },
    units: [['day', '日'], ['week', '週間'], ['month', '[かヶケカ]月'], ['year', '年']],
    inMonth: null,
    onWeekday: null,
  },
];

const monthsByLocale = new Map<string, ReadonlyMap<string, number>>();
const weekdaysByLocale = new Map<string, ReadonlyMap<string, number>>();

/** Folded names of the months, 0 to 11, the longest first. */
export function monthNumbers({ locale }: TimeLanguage): ReadonlyMap<string, number> {
  return kept(monthsByLocale, locale, () => {
    const lengths = locale === 'en' ? (['long', 'short'] as const) : (['long'] as const);
    return lengths.flatMap((month) => Array.from({ length: 12 }, (_, i) => [nameOf(locale, { month }, Date.UTC(2023, i, 15)), i] as const));
  });
}

/** Folded names of the weekdays, 0 for Monday. */
export function weekdayNumbers({ locale }: TimeLanguage): ReadonlyMap<string, number> {
  // 2 January 2023 was a Monday.
  return kept(weekdaysByLocale, locale, () => Array.from({ length: 7 }, (_, i) => [nameOf(locale, { weekday: 'long' }, Date.UTC(2023, 0, 2 + i)), i] as const));
}

function nameOf(locale: string, format: Intl.DateTimeFormatOptions, at: number): string {
  return fold(new Intl.DateTimeFormat(locale, { ...format, timeZone: 'UTC' }).format(at).toLowerCase());
}

function kept(known: Map<string, ReadonlyMap<string, number>>, locale: string, make: () => (readonly [string, number])[]): ReadonlyMap<string, number> {
  const names = known.get(locale) ?? new Map(make().toSorted(([a], [b]) => b.length - a.length));
  known.set(locale, names);
  return names;
}
