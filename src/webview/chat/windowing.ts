/**
 * Which rows of a long list are drawn. Heights are pixels, one for each row: measured where a row has been drawn, estimated
 * elsewhere. Rows before and after the window are stood for by empty space of their height.
 */
export interface Window {
  /** First drawn row, and one past the last. */
  readonly first: number;
  readonly end: number;
  /** Pixels of the rows before and after. */
  readonly before: number;
  readonly after: number;
}

/**
 * The rows that touch [top - margin, top + viewport + margin].
 *
 * @param top pixels from the beginning of the first row to the upper edge of the viewport; out of range is clamped
 */
export function windowAt(heights: readonly number[], top: number, viewport: number, margin: number): Window {
  const total = sum(heights, 0, heights.length);
  const upper = Math.min(Math.max(0, top), Math.max(0, total - viewport)) - margin;
  const lower = upper + viewport + 2 * margin;
  let first = 0;
  let before = 0;
  while (first < heights.length - 1 && before + height(heights, first) <= upper) {
    before += height(heights, first);
    first++;
  }
  let end = first;
  let reached = before;
  while (end < heights.length && (reached < lower || end === first)) {
    reached += height(heights, end);
    end++;
  }
  return { first, end, before, after: total - reached };
}

/** Pixels from the beginning of the first row to that of row `index`. */
export function offsetOf(heights: readonly number[], index: number): number {
  return sum(heights, 0, Math.min(index, heights.length));
}

function sum(heights: readonly number[], from: number, end: number): number {
  let pixels = 0;
  for (let index = from; index < end; index++) pixels += height(heights, index);
  return pixels;
}

function height(heights: readonly number[], index: number): number {
  return heights[index] ?? 0;
}
