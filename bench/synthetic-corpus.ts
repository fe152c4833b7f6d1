/** Numbers from 0 to 1 from a seed (xorshift32, Marsaglia 2003): every run measures the same data. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Words by frequency, most frequent first, as Zipf has them: the word of rank r is drawn about 1 / r as often as the first. */
export interface Vocabulary {
  readonly words: readonly string[];
  draw(): string;
  /** One of the words of ranks `from` to `to`. */
  drawBetween(from: number, to: number): string;
}

const letters = 'etaoinshrdlucmfwypvbgkqjxz';

export function createVocabulary(size: number, random: () => number): Vocabulary {
  const known = new Set<string>();
  while (known.size < size) {
    const length = 2 + Math.floor(random() * 4) + Math.floor(random() * 5);
    known.add(Array.from({ length }, () => letters.charAt(Math.floor(random() ** 2 * letters.length))).join(''));
  }
  const words = [...known];
  const wordOf = (rank: number): string => words[Math.min(rank, size - 1)] ?? '';
  return {
    words,
    draw: () => wordOf(Math.floor(size ** random()) - 1),
    drawBetween: (from, to) => wordOf(from + Math.floor(random() * (to - from))),
  };
}

/** A text of about `length` characters. */
export function createText(vocabulary: Vocabulary, length: number): string {
  const words: string[] = [];
  for (let characters = 0; characters < length; ) {
    const word = vocabulary.draw();
    words.push(word);
    characters += word.length + 1;
  }
  return words.join(' ');
}

/**
 * Vectors as embeddings lie: around 400 topics in a space of 64 dimensions, spread over `dimension`, and L2-normal, one after
 * the other in one array.
 */
export function createVectors(count: number, dimension: number, random: () => number): Float32Array {
  const latent = 64;
  const perComponent = 8;
  const topics = Array.from({ length: 400 }, () => Float32Array.from({ length: latent }, () => gaussian(random)));
  const sources = Uint8Array.from({ length: dimension * perComponent }, () => Math.floor(random() * latent));
  const signs = Int8Array.from({ length: dimension * perComponent }, () => (random() < 0.5 ? -1 : 1));
  const vectors = new Float32Array(count * dimension);
  for (let i = 0; i < count; i++) {
    const topic = topics[Math.floor(random() * topics.length)] ?? new Float32Array(latent);
    const point = topic.map((component) => component + 0.7 * gaussian(random));
    const vector = vectors.subarray(i * dimension, (i + 1) * dimension);
    let squares = 0;
    for (let k = 0; k < dimension; k++) {
      let component = 0;
      for (let p = k * perComponent; p < (k + 1) * perComponent; p++) component += (signs[p] ?? 0) * (point[sources[p] ?? 0] ?? 0);
      vector[k] = component;
      squares += component * component;
    }
    const norm = Math.sqrt(squares);
    for (let k = 0; k < dimension; k++) vector[k] = (vector[k] ?? 0) / norm;
  }
  return vectors;
}

/** Sum of twelve uniform numbers: close enough to a normal distribution. */
function gaussian(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}
