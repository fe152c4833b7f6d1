const longestTitle = 48;

/** A chat's title from its first words, until the agent has written a better one. Empty when there are no words. */
export function plainTitle(words: string): string {
  const line = words
    .replace(/```[\s\S]*?(?:```|$)/g, ' ')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (line.length <= longestTitle) return line.replace(/[\s.,;:]+$/u, '');
  const cut = line.slice(0, longestTitle + 1);
  const lastSpace = cut.lastIndexOf(' ');
  // Scripts without spaces are cut between characters.
  const whole = lastSpace > longestTitle / 3 ? cut.slice(0, lastSpace) : Array.from(line).slice(0, longestTitle).join('');
  return `${whole.replace(/[\s.,;:–-]+$/u, '')}…`;
}
