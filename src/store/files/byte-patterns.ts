import { HearthlinkError } from '../../shared/errors.ts';
import { longestSearched, shortestSearched } from '../file-search.ts';
import { foldedText } from '../folded-text.ts';

/** A text in the forms in which it may stand in a file. */
export interface BytePatterns {
  /** For text that was decoded and folded. */
  readonly folded: readonly string[];
  /** UTF-16, little and big endian. */
  readonly wide: readonly Buffer[];
  /** UTF-8, for the places where a page ends in the middle. */
  readonly narrow: readonly Buffer[];
}

/** @throws HearthlinkError `invalid-input` for a text that is too short to mean anything, or too long. */
export function bytePatterns(text: string): BytePatterns {
  const trimmed = text.trim();
  const length = Array.from(trimmed).length;
  if (length < shortestSearched || length > longestSearched) throw new HearthlinkError('invalid-input', { field: 'text', length });
  const forms = distinct([trimmed, trimmed.toLowerCase(), trimmed.toUpperCase()].flatMap((form) => [form, form.normalize('NFC'), form.normalize('NFD')]));
  return {
    folded: distinct([foldedText(trimmed), foldedText(JSON.stringify(trimmed).slice(1, -1))]),
    wide: forms.flatMap((form) => [Buffer.from(form, 'utf16le'), Buffer.from(form, 'utf16le').swap16()]),
    narrow: forms.map((form) => Buffer.from(form, 'utf8')),
  };
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
