/** The typed arrays the search structures are made of. */
export type NumberArray = Uint8Array | Int8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * `array` itself when it has room for `needed` elements, otherwise a copy with at least half as much room again, so that
 * appending one element costs constant time on average.
 */
export function grown<T extends NumberArray>(array: T, needed: number, Kind: new (length: number) => T): T {
  if (needed <= array.length) return array;
  const larger = new Kind(Math.max(needed, array.length + (array.length >> 1), 16));
  larger.set(array);
  return larger;
}
