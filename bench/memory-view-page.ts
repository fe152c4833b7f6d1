import type { Frame } from 'playwright-core';

/** What is measured inside the memory browser's own document. Each function runs there whole. */

/** From the start of the view's script to the moment after its first rows were painted, in milliseconds. */
export async function firstPaintMilliseconds(frame: Frame): Promise<number> {
  await frame.waitForFunction(() => performance.getEntriesByName('hearthlink:shown').length > 0);
  return frame.evaluate(() => {
    if (document.querySelector('.slice .slice-text') === null) throw new Error('No memory was shown first.');
    const time = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
    return time('hearthlink:shown') - time('hearthlink:start');
  });
}

/**
 * Types each text letter by letter, the next letter when the results of the one before are on the screen, and empties the field
 * after each. Milliseconds for each letter, from its input event to the frame that has its results.
 */
export function typingMilliseconds(frame: Frame, texts: readonly string[]): Promise<number[]> {
  return frame.evaluate(async (all) => {
    const field = document.querySelector<HTMLInputElement>('.browser-search input');
    if (field === null) throw new Error('There is no search field.');
    const results = (): Promise<void> => new Promise((resolve, reject) => {
      const limit = setTimeout(() => { reject(new Error('A search did not answer in 30 seconds.')); }, 30_000);
      const receive = ({ data }: MessageEvent<unknown>): void => {
        if (!/"(?:hits|slices)":/.test(JSON.stringify(data))) return;
        clearTimeout(limit);
        removeEventListener('message', receive);
        requestAnimationFrame(() => setTimeout(resolve)); // past the frame in which the answer is drawn
      };
      addEventListener('message', receive);
    });
    const put = async (text: string): Promise<number> => {
      const began = performance.now();
      const shown = results();
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await shown;
      if (document.querySelector('.slice .slice-text, .nothing-found') === null) throw new Error('The results are not in the page.');
      return performance.now() - began;
    };
    const times: number[] = [];
    for (const text of all) {
      for (let length = 1; length <= text.length; length++) times.push(await put(text.slice(0, length)));
      await put('');
    }
    return times;
  }, texts);
}

/** Looks at so many places of the whole list, waiting at each for its rows; the most elements that stood in the page. */
export function scrollThrough(frame: Frame, places: number): Promise<number> {
  return frame.evaluate(async (count) => {
    const list = document.querySelector('.slices');
    if (list === null) throw new Error('There is no list.');
    const nextFrame = (): Promise<number> => new Promise((resolve) => { requestAnimationFrame(resolve); });
    const isComplete = (): boolean => {
      const { top, bottom } = list.getBoundingClientRect();
      const rows = [...list.querySelectorAll('.slice')].filter((row) => row.getBoundingClientRect().bottom > top && row.getBoundingClientRect().top < bottom);
      return rows.length > 0 && rows.every((row) => row.querySelector('.slice-text') !== null);
    };
    let most = 0;
    for (let place = 1; place <= count; place++) {
      const began = performance.now();
      list.scrollTop = ((list.scrollHeight - list.clientHeight) * place) / count;
      do {
        if (performance.now() - began > 30_000) throw new Error('Rows did not come in 30 seconds.');
        await nextFrame();
        most = Math.max(most, document.getElementsByTagName('*').length);
      } while (!isComplete());
    }
    list.scrollTop = 0;
    return most;
  }, places);
}
