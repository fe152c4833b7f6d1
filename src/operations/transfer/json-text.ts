import { refused } from './refusal.ts';

/** Deeper than any export of a chat; what is deeper was made to exhaust whoever reads it. */
const deepest = 100;

/**
 * Parses JSON that somebody else wrote.
 * @throws HearthlinkError `import-unreadable` where it is no JSON, or nested too deeply to be an export.
 */
export function parseJsonText(text: string): unknown {
  if (nestingOf(text) > deepest) throw refused('too-deep');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused('not-json', error instanceof SyntaxError ? placeOf(error) : '', error);
  }
}

/** How deep brackets are nested, those in strings left out. One pass, and no stack. */
export function nestingOf(text: string): number {
  let depth = 0;
  let most = 0;
  let isInString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isInString) {
      if (code === backslash) i++;
      else if (code === quote) isInString = false;
    } else if (code === quote) isInString = true;
    else if (code === openBrace || code === openBracket) most = Math.max(most, ++depth);
    else if (code === closeBrace || code === closeBracket) depth--;
  }
  return most;
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** The engine's message quotes the text around the place, which is somebody's words: only the place is kept. */
function placeOf({ message }: SyntaxError): string {
  return /position (\d+)/.exec(message)?.[1] ?? '';
}
