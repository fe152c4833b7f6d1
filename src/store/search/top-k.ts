/**
 * The `capacity` best of a stream of numbered scores, in two typed arrays used as a binary heap with the worst on top. Of equal
 * scores the lower number is the better one, so that the answer does not depend on the order of the stream.
 */
export class TopK {
  readonly #capacity: number;
  readonly #numbers: Int32Array;
  readonly #scores: Float64Array;
  #count = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#numbers = new Int32Array(capacity);
    this.#scores = new Float64Array(capacity);
  }

  /** A score must be above this to be kept (or equal to it, with a lower number); -Infinity while there is room. */
  get threshold(): number {
    return this.#count < this.#capacity ? -Infinity : (this.#scores[0] ?? Infinity);
  }

  offer(number: number, score: number): void {
    if (this.#count < this.#capacity) {
      this.#siftUp(this.#count++, number, score);
    } else if (this.#capacity > 0 && this.#isWorse(0, number, score)) {
      this.#siftDown(number, score);
    }
  }

  /** Best first. The heap is used up. */
  take(): readonly NumberedScore[] {
    const order = Array.from({ length: this.#count }, (_, i) => ({ number: this.#numbers[i] ?? 0, score: this.#scores[i] ?? 0 }));
    this.#count = 0;
    return order.sort((a, b) => b.score - a.score || a.number - b.number);
  }

  #siftUp(start: number, number: number, score: number): void {
    let position = start;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (this.#isWorse(parent, number, score)) break;
      this.#copy(parent, position);
      position = parent;
    }
    this.#numbers[position] = number;
    this.#scores[position] = score;
  }

  #siftDown(number: number, score: number): void {
    let position = 0;
    for (;;) {
      let child = position * 2 + 1;
      if (child >= this.#count) break;
      const right = child + 1;
      if (right < this.#count && this.#isWorse(right, this.#numbers[child] ?? 0, this.#scores[child] ?? 0)) child = right;
      if (!this.#isWorse(child, number, score)) break;
      this.#copy(child, position);
      position = child;
    }
    this.#numbers[position] = number;
    this.#scores[position] = score;
  }

  /** Whether what stands at `position` is worse than this. */
  #isWorse(position: number, number: number, score: number): boolean {
    const held = this.#scores[position] ?? 0;
    return held < score || (held === score && (this.#numbers[position] ?? 0) > number);
  }

  #copy(from: number, to: number): void {
    this.#numbers[to] = this.#numbers[from] ?? 0;
    this.#scores[to] = this.#scores[from] ?? 0;
  }
}

export interface NumberedScore {
  readonly number: number;
  readonly score: number;
}
