import type { Frame } from 'playwright-core';
import type {} from '../src/webview/chat/transcript.ts';

/** What is measured inside the chat view's own document. Each function runs there whole. */

/** From the start of the view's script to the moment after its last message was painted. */
export async function openMilliseconds(frame: Frame): Promise<number> {
  await frame.waitForFunction(() => performance.getEntriesByName('hearthlink:shown').length > 0);
  return frame.evaluate(() => {
    const time = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
    return time('hearthlink:shown') - time('hearthlink:start');
  });
}

export interface StreamedFrames {
  /** Milliseconds from frame to frame while the reply was being written. */
  readonly frames: readonly number[];
  /** The most elements there were. */
  readonly nodes: number;
}

/** Watches every frame from the first word of a reply to its end. Ask before the reply is wanted, await after. */
export function streamedFrames(frame: Frame): Promise<StreamedFrames> {
  return frame.evaluate(async () => {
    const nextFrame = (): Promise<number> => new Promise((resolve) => { requestAnimationFrame(resolve); });
    const isStreaming = (): boolean => document.querySelector('.is-streaming') !== null;
    while (!isStreaming()) await nextFrame();
    const frames: number[] = [];
    let nodes = 0;
    let last = await nextFrame();
    for (let count = 0; isStreaming(); count++) {
      const now = await nextFrame();
      frames.push(now - last);
      last = now;
      if (count % 30 === 0) nodes = Math.max(nodes, document.querySelectorAll('*').length);
    }
    return { frames, nodes };
  });
}

/** Scrolls to the top, page by page, until the first message stands there; messages a second. */
export function messagesPerSecondToTop(frame: Frame): Promise<number> {
  return frame.evaluate(async () => {
    const list = document.querySelector('hearth-transcript');
    if (list === null) throw new Error('There is no transcript.');
    const began = performance.now();
    while (list.hasMore || list.scrollTop > 0) {
      list.scrollTop = 0;
      await new Promise((resolve) => { requestAnimationFrame(resolve); });
    }
    return list.messages.length / ((performance.now() - began) / 1000);
  });
}
