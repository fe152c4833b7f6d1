import type { Page } from 'playwright-core';

/** Whether a text stands in what the workbench keeps for a reload; it writes views' states and open editors every few seconds. */
export function isKept(page: Page, text: string): Promise<boolean> {
  return page.evaluate(stands, text);
}

/** Runs in the page. */
async function stands(text: string): Promise<boolean> {
  const finished = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => { resolve(request.result); });
      request.addEventListener('error', () => { reject(new Error('The database of the workbench cannot be read.')); });
    });
  for (const { name = '' } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db')) continue;
    const database = await finished(indexedDB.open(name));
    const values = await finished(database.transaction('ItemTable').objectStore('ItemTable').getAll());
    database.close();
    if (values.some((value) => JSON.stringify(value).includes(text))) return true;
  }
  return false;
}
