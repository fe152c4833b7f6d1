/**
 * A vector made of the text alone: words and character trigrams (lower case, NFKC), hashed with a sign into buckets and
 * normalised. Texts that share words are near, unrelated ones are not.
 */
export function hashedEmbedding(text: string, dimensions: number): number[] {
  const vector: number[] = Array.from({ length: dimensions }, () => 0);
  const add = (feature: string, weight: number): void => {
    const hash = fnv1a(feature);
    const bucket = hash % dimensions;
    vector[bucket] = (vector[bucket] ?? 0) + (hash & 0x40000000 ? weight : -weight);
  };
  for (const word of text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    add(`word:${word}`, 1);
    const padded = ` ${word} `;
    for (let i = 0; i + 3 <= padded.length; i++) add(`part:${padded.slice(i, i + 3)}`, 0.4);
  }
  if (!vector.some((component) => component !== 0)) vector[0] = 1;
  return normalised(vector);
}

export function normalised(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((component) => (length === 0 ? 0 : component / length));
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/), with a last mix so that low bits are usable. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}
