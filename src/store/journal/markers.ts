import type { RandomSource } from '../../shared/ports.ts';

/**
 * Two words of eight random bytes, made for each journal. `start` (the sync word) stands at the start of every record and
 * `end` at its end; neither occurs anywhere else in a journal. So the next record can be found behind a torn one, and a torn
 * one cannot be mistaken for a whole one.
 */
export interface Markers {
  readonly start: Buffer;
  readonly end: Buffer;
}

export const markerLength = 8;

/**
 * All sixteen bytes differ. Therefore no marker overlaps itself or the other, and a text that ends in a part of one never
 * completes it with the bytes that follow. The last byte of `end` differs from the first of `start` in more than one bit:
 * otherwise a flipped bit could make a whole record look like one cut short, with the next begun behind it.
 */
export function createMarkers(random: RandomSource): Markers {
  const bytes: number[] = [];
  const last = 2 * markerLength - 1;
  while (bytes.length <= last) {
    for (const byte of random.bytes(2 * markerLength)) {
      const fits = bytes.length < last || !isPowerOfTwo(byte ^ (bytes[0] ?? byte));
      if (bytes.length <= last && fits && !bytes.includes(byte)) bytes.push(byte);
    }
  }
  return markersFromBytes(Buffer.from(bytes));
}

function isPowerOfTwo(byte: number): boolean {
  return byte > 0 && (byte & (byte - 1)) === 0;
}

export function markersFromBytes(bytes: Buffer): Markers {
  return { start: bytes.subarray(0, markerLength), end: bytes.subarray(markerLength, 2 * markerLength) };
}

/** The body with one byte put behind each occurrence of a marker's first seven bytes, so that no marker is left in it. */
export function escapeMarkers(body: Buffer, markers: Markers): Buffer {
  const cuts = prefixEnds(body, markers);
  if (cuts.length === 0) return body;
  const stuffing = Buffer.of(byteInNeither(markers));
  return Buffer.concat(pieces(body, cuts, 0).flatMap((piece, i) => (i < cuts.length ? [piece, stuffing] : [piece])));
}

/** Undoes `escapeMarkers`. */
export function unescapeMarkers(stored: Buffer, markers: Markers): Buffer {
  const cuts = prefixEnds(stored, markers);
  return cuts.length === 0 ? stored : Buffer.concat(pieces(stored, cuts, 1));
}

/** Where each occurrence of a marker's first seven bytes ends, in order. */
function prefixEnds(bytes: Buffer, markers: Markers): number[] {
  const ends: number[] = [];
  for (const marker of [markers.start, markers.end]) {
    const prefix = marker.subarray(0, markerLength - 1);
    for (let at = bytes.indexOf(prefix); at >= 0; at = bytes.indexOf(prefix, at + prefix.length)) ends.push(at + prefix.length);
  }
  return ends.sort((a, b) => a - b);
}

function pieces(bytes: Buffer, cuts: readonly number[], skip: number): Buffer[] {
  const starts = [0, ...cuts.map((cut) => cut + skip)];
  return starts.map((start, i) => bytes.subarray(start, cuts[i] ?? bytes.length));
}

function byteInNeither(markers: Markers): number {
  for (let byte = 0; ; byte++) {
    if (!markers.start.includes(byte) && !markers.end.includes(byte)) return byte;
  }
}
