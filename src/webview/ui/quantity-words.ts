import * as l10n from '@vscode/l10n';
import { currentLocale } from './locale.ts';

/** 3,120 */
export function numberWords(count: number): string {
  return new Intl.NumberFormat(currentLocale()).format(count);
}

/** Tokens for a narrow place: 412, 3.1k, 8k, 128k. A context size is a power of two, so its k is 1,024. */
export function tokenWords(tokens: number, { exact }: { readonly exact: boolean }): string {
  const unit = exact ? 1024 : 1000;
  if (tokens < unit) return numberWords(tokens);
  const digits = exact || tokens >= 100 * unit ? 0 : 1;
  const format = new Intl.NumberFormat(currentLocale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return l10n.t('{0}k', format.format(tokens / unit));
}

/** Sizes as a shop writes them, in powers of ten: 5.2 GB, 420 MB. */
export function byteWords(bytes: number): string {
  const giga = bytes >= 1e9;
  const format = new Intl.NumberFormat(currentLocale(), { maximumFractionDigits: giga ? 1 : 0 });
  const amount = format.format(bytes / (giga ? 1e9 : 1e6));
  return giga ? l10n.t('{0} GB', amount) : l10n.t('{0} MB', amount);
}

/** 40 s, 4 min, 2 h: one unit, rounded up so that what is promised holds. */
export function durationWords(seconds: number): string {
  if (seconds < 60) return l10n.t('{0} s', Math.ceil(seconds));
  if (seconds < 3600) return l10n.t('{0} min', Math.ceil(seconds / 60));
  return l10n.t('{0} h', Math.ceil(seconds / 3600));
}
