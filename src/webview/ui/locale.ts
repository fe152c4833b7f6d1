import * as l10n from '@vscode/l10n';

let language = 'en';
let pluralRules = new Intl.PluralRules(language);

/**
 * Sets the language of every word and number in the view, once, before anything is drawn.
 *
 * @param locale VS Code's display language, from `data-locale` of the page
 * @param bundle the l10n bundle as JSON text; empty when the display language is the source language
 */
export function setLocale(locale: string, bundle: string): void {
  if (bundle.trim() !== '') l10n.config({ contents: bundle });
  // Plain English is written as the sources are: 28 March, 21:42.
  language = locale === 'en' ? 'en-GB' : locale;
  pluralRules = new Intl.PluralRules(language);
}

/** The language tag for Intl. */
export function currentLocale(): string {
  return language;
}

/** Chooses between two wordings by the language's own rule. Both hold the count already. */
export function counted(count: number, one: string, other: string): string {
  return pluralRules.select(count) === 'one' ? one : other;
}
