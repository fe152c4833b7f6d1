import type { Point } from './graph-layout.ts';

/** A name under its node. */
export interface Label extends Point {
  readonly text: string;
}

/** Pixels, at the size of the view's text; a little more than most fonts take. */
const letterWidth = 7.5;
const wideLetterWidth = 14;
const lineHeight = 16;
const wideLetters = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Which of the labels are drawn, by their places: each that covers none of those before it. The middle of a label's line is its point. */
export function labelsThatFit(labels: readonly Label[]): ReadonlySet<number> {
  const taken: Box[] = [];
  const fitting = new Set<number>();
  for (const [index, label] of labels.entries()) {
    const box = boxOf(label);
    if (taken.some((other) => cover(box, other))) continue;
    taken.push(box);
    fitting.add(index);
  }
  return fitting;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boxOf({ x, y, text }: Label): Box {
  const width = Array.from(text).reduce((sum, letter) => sum + (wideLetters.test(letter) ? wideLetterWidth : letterWidth), 0);
  return { left: x - width / 2, right: x + width / 2, top: y - lineHeight / 2, bottom: y + lineHeight / 2 };
}

function cover(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
