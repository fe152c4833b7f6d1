import type { TokenEstimator } from './port.ts';

/** A cautious start for a model that has not counted anything yet: English has about 4, German 3.5, Chinese 1 to 2. */
const initialRatio = 3.5;
/** How much of what was learned before stays when something new is learned. */
const memory = 0.8;
/** Below this the words of the template outweigh the text. */
const fewestTokens = 32;
/** Beyond these the count is not of this text: a server that counted only what it had not cached, or pictures. */
const plausible = { least: 0.5, most: 8 };

/**
 * Characters per token, per model: a weighted mean of what its server counted, newer prompts weighing more. A prompt's
 * template counts with its text, so estimates are rather too high than too low.
 */
export function createTokenEstimator(): TokenEstimator {
  const learned = new Map<string, { readonly characters: number; readonly tokens: number }>();
  const charactersPerToken = (model: string): number => {
    const sums = learned.get(model);
    return sums === undefined ? initialRatio : sums.characters / sums.tokens;
  };
  return {
    charactersPerToken,
    estimate: (model, text) => Math.ceil(text.length / charactersPerToken(model)),
    learn: (model, characters, tokens) => {
      const ratio = characters / tokens;
      if (!(tokens >= fewestTokens && ratio >= plausible.least && ratio <= plausible.most)) return;
      const before = learned.get(model) ?? { characters: 0, tokens: 0 };
      learned.set(model, { characters: before.characters * memory + characters, tokens: before.tokens * memory + tokens });
    },
  };
}
