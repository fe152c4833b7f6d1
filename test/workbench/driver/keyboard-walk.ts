import type { Frame } from 'playwright-core';
import type { WorkbenchWindow } from './workbench-window.ts';

/** What has the focus in a webview, as one hears it: the name, or the kind of element where it has none. */
export function focused(frame: Frame): Promise<string> {
  return frame.evaluate(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) return 'nothing';
    if (activeElement.matches('li.turn')) return 'a turn';
    const name = activeElement.getAttribute('aria-label') ?? activeElement.textContent.replace(/\s+/g, ' ').trim();
    return name === '' ? activeElement.localName : name;
  });
}

/** Presses a key again and again, and says what had the focus after each time, until `last` has it. */
export async function walk(window: WorkbenchWindow, frame: Frame, key: string, last: string): Promise<string[]> {
  const stops: string[] = [];
  while (stops.at(-1) !== last) {
    if (stops.length > 40) throw new Error(`${last} was not reached: ${stops.join(', ')}`);
    await window.page.keyboard.press(key);
    stops.push(await focused(frame));
  }
  return stops;
}
