import type { Language } from './stop-words.ts';
import { fold } from './words.ts';

/**
 * A date as words that mean the same in every language: day, month and year in UTC, the month as a word no language has. A
 * question that names a month in its own language is given the same word (`monthWord`), so "im Mai 2023" finds "8 May 2023".
 */
export function dateWords(at: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return `${date.getUTCDate()} ${wordOfMonth(date.getUTCMonth())} ${date.getUTCFullYear()}`;
}

/** The date word of a month's name in `language` (English also in short), or null when the word is none. */
export function monthWord(foldedWord: string, language: Language): string | null {
  const month = monthNames(language).get(foldedWord);
  return month === undefined ? null : wordOfMonth(month);
}

function wordOfMonth(month: number): string {
  return `month${month + 1}`;
}

const localeOf: Readonly<Record<Language, string>> = {
  english: 'en',
  german: 'de',
  french: 'fr',
  spanish: 'es',
  italian: 'it',
  portuguese: 'pt',
  dutch: 'nl',
  swedish: 'sv',
  danish: 'da',
  norwegian: 'nb',
  finnish: 'fi',
  russian: 'ru',
  turkish: 'tr',
};

const namesByLanguage = new Map<Language, ReadonlyMap<string, number>>();

/** Folded month names, alone ("май") and as part of a date ("8 мая"). */
function monthNames(language: Language): ReadonlyMap<string, number> {
  const known = namesByLanguage.get(language);
  if (known !== undefined) return known;
  const formats: Intl.DateTimeFormatOptions[] = [{ month: 'long' }, { month: 'long', day: 'numeric' }];
  if (language === 'english') formats.push({ month: 'short' });
  const names = new Map<string, number>();
  for (const format of formats) {
    const formatter = new Intl.DateTimeFormat(localeOf[language], { ...format, timeZone: 'UTC' });
    for (let month = 0; month < 12; month++) {
      const name = formatter.formatToParts(Date.UTC(2023, month, 15)).find((part) => part.type === 'month')?.value ?? '';
      names.set(fold(name.toLowerCase()), month);
    }
  }
  namesByLanguage.set(language, names);
  return names;
}
