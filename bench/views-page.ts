import type { Frame } from 'playwright-core';

/** What is measured inside the chat view's own document. Each function runs there whole. */

/** From the start of the view's script to the moment after its last message was painted, in milliseconds. */
export async function openMilliseconds(frame: Frame): Promise<number> {
  await frame.waitForFunction(() => performance.getEntriesByName('hearthlink:shown').length > 0);
  return frame.evaluate(() => {
    const last = [...document.querySelectorAll('li.turn')].at(-1);
    if (last?.getAttribute('aria-posinset') !== last?.getAttribute('aria-setsize')) throw new Error('Something else was shown first.');
    const time = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
    return time('hearthlink:shown') - time('hearthlink:start');
  });
}

/** Milliseconds from frame to frame while a reply streams, from its first word to its end. Ask before the reply is wanted, await after. */
export function streamedFrames(frame: Frame): Promise<number[]> {
  return frame.evaluate(async () => {
    const nextFrame = (): Promise<number> => new Promise((resolve) => { requestAnimationFrame(resolve); });
    const isStreaming = (): boolean => document.querySelector('.is-streaming') !== null;
    while (!isStreaming()) await nextFrame();
    const frames: number[] = [];
    for (let last = await nextFrame(); isStreaming(); ) {
      const now = await nextFrame();
      frames.push(now - last);
      last = now;
    }
    return frames;
  });
}

export interface WayToTop {
  readonly messagesPerSecond: number;
  /** The most elements there were in any frame on the way. */
  readonly mostElements: number;
}

/** Goes up as fast as the view lets one, page by page, until the first message of all stands there. */
export function goToTop(frame: Frame): Promise<WayToTop> {
  return frame.evaluate(async () => {
    const transcript = document.querySelector('hearth-transcript');
    const messages = Number(document.querySelector('li.turn')?.getAttribute('aria-setsize'));
    if (transcript === null) throw new Error('There is no transcript.');
    const began = performance.now();
    let mostElements = 0;
    while (document.querySelector('li.turn[aria-posinset="1"]') === null) {
      if (performance.now() - began > 120_000) throw new Error('The first message was not reached in two minutes.');
      transcript.scrollTop = 0;
      await new Promise((resolve) => { requestAnimationFrame(resolve); });
      mostElements = Math.max(mostElements, document.getElementsByTagName('*').length);
    }
    return { messagesPerSecond: messages / ((performance.now() - began) / 1000), mostElements };
  });
}
