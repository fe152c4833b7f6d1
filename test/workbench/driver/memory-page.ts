import type { Frame } from 'playwright-core';
import type { Workbench } from './workbench.ts';

/** The memory browser's document, once rows of its list are drawn. */
export async function memoryBrowser({ window }: Workbench): Promise<Frame> {
  const frame = await window.webview({ title: 'Hearthlink Memory' });
  await frame.locator('.slice .slice-text').first().waitFor();
  return frame;
}

/** The same, with a text in its search field. */
export async function searchMemory(workbench: Workbench, text: string): Promise<Frame> {
  const frame = await memoryBrowser(workbench);
  await frame.getByRole('searchbox', { name: 'Search memory' }).fill(text);
  return frame;
}
