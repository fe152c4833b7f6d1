import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { asked, askedFor, drawn } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';
import { themes } from './stage-pages.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const results = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
}

/** How a reader comes to each view of the memory browser. */
const ways: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  list: async (page) => {
    await page.locator('.slice', { hasText: 'in UTC' }).click();
    await page.locator('hearth-slice-detail').waitFor();
  },
  timeline: async (page) => {
    await page.getByText('Timeline').click();
    await page.locator('.bar').first().waitFor();
  },
  graph: async (page) => {
    await page.getByText('Graph').click();
    await page.locator('.entity').first().waitFor();
  },
  'graph as a list': async (page) => {
    await page.getByText('Graph').click();
    await page.getByRole('button', { name: 'Show as a list' }).click();
  },
  review: async (page) => {
    await page.getByText('Review').click();
    await page.locator('.candidate').first().waitFor();
  },
  statistics: async (page) => {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Statistics' }).click();
    await page.locator('table').first().waitFor();
  },
};

describe('the views of memory', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'memory'); });
  after(() => pages.close());

  for (const [name, go] of Object.entries(ways)) {
    it(`have no axe-core violation in ${name}, in four themes, wide and narrow`, async () => {
      for (const theme of themes) {
        const page = await pages.open('some', { theme, width: theme === 'light-modern' ? 420 : 1100 });
        await go(page);
        await drawn(page);
        assert.deepEqual(await violations(page), [], theme);
      }
    });
  }

  it('show the weeks, and choose some of them as a filter, by keyboard too', async () => {
    const page = await pages.open();
    await ways['timeline']?.(page);
    const bars = page.getByRole('listbox', { name: 'Memories by week, as a filter' });
    await bars.press('Enter');
    await page.getByText('6 of 10 memories').waitFor();
    await bars.press('Shift+ArrowLeft');
    await page.getByText('7 of 10 memories').waitFor();
    await bars.press('Escape');
    await page.getByText('10 memories', { exact: true }).waitFor();
    await page.locator('.bar').first().click();
    await page.getByText('1 of 10 memories').waitFor();
  });

  it('go through the graph by keyboard, and from it to the memories', async () => {
    const page = await pages.open();
    await ways['graph']?.(page);
    const graph = page.getByRole('listbox');
    await graph.press('ArrowRight');
    await page.getByRole('heading', { name: 'Henrike' }).waitFor();
    assert.equal(await page.locator('.entity.is-near').count(), 3, 'what is tied to the chosen one');
    await page.locator('.slice', { hasText: 'sander' }).waitFor();
    await page.getByText('Show all').click();
    await page.getByText('With “Henrike”').waitFor();
    await page.getByText('1 of 10 memories').waitFor();
  });

  it('show five hundred names apart from each other, with labels that can be read', async () => {
    const page = await pages.open('one-hundred-thousand');
    await page.getByRole('button', { name: 'Graph' }).click();
    await page.getByText('Show more').click();
    await page.getByText('500 of 812, from the latest 10,000 memories').waitFor();
    const covered = await page.evaluate(() => {
      const boxes = (selector: string): DOMRect[] => [...document.querySelectorAll(selector)].map((element) => element.getBoundingClientRect());
      const share = (all: readonly DOMRect[]): number =>
        all.filter((one) => all.some((other) => other !== one && one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)).length / all.length;
      return { nodes: share(boxes('.entity > :nth-child(3)')), labels: share(boxes('.entity > text')) };
    });
    assert.deepEqual(covered, { nodes: 0, labels: 0 });
  });

  it('say the same in a table', async () => {
    const page = await pages.open();
    await ways['graph as a list']?.(page);
    assert.deepEqual(await page.locator('tbody tr').first().locator('th, td').allInnerTexts(), ['harbour', 'Topic', '41', 'tide-script, UTC, Henrike']);
  });

  it('review one after the other by keyboard: accept, reject with a way back, edit', async () => {
    const page = await pages.open();
    await ways['review']?.(page);
    await page.keyboard.press('a');
    assert.deepEqual(await askedFor(page, 'accept'), { ids: ['p1'] });
    await page.getByText('2 to review').waitFor();
    await page.keyboard.press('r');
    assert.deepEqual(await askedFor(page, 'reject'), { ids: ['p2'] });
    await page.getByText('Rejected: Prefers depths').getByText('Undo').click();
    assert.deepEqual(await askedFor(page, 'undoReject'), { id: 'p2' });
    await page.locator('.candidate:focus', { hasText: 'Prefers depths' }).waitFor();
    await page.keyboard.press('e');
    const box = page.getByRole('textbox', { name: 'Memory' });
    await box.fill('Prefers depths in fathoms.');
    await box.press('Enter');
    assert.deepEqual(await askedFor(page, 'acceptEdited'), { id: 'p2', version: 1, text: 'Prefers depths in fathoms.' });
  });

  it('go to the next one also when the queue was read anew meanwhile', async () => {
    const page = await pages.open();
    await ways['review']?.(page);
    await page.keyboard.press('ArrowDown');
    await page.locator('.candidate:focus', { hasText: 'Prefers depths' }).waitFor();
    await page.evaluate(() => { memoryStage.hold('reject'); });
    await page.keyboard.press('r');
    await askedFor(page, 'reject');
    await page.evaluate(() => { memoryStage.changeElsewhere('keel', {}); });
    await page.getByText('2 to review').waitFor();
    await page.evaluate(() => { memoryStage.release(); });
    await page.getByText('Rejected: ').waitFor();
    await page.locator('.candidate:focus', { hasText: 'The slipway is closed' }).waitFor();
  });

  it('accept everything, and from then on without asking', async () => {
    const page = await pages.open();
    await ways['review']?.(page);
    await page.getByText('Accept all').click();
    await page.getByRole('heading', { name: 'Nothing to review' }).waitFor();
    await page.getByRole('checkbox', { name: 'Always accept what Alden notes' }).check();
    assert.deepEqual(await askedFor(page, 'setAlwaysAccept'), { always: true });
    assert.equal((await asked(page, 'acceptAll')).length, 1);
  });

  it('count what there is', async () => {
    const page = await pages.open();
    await ways['statistics']?.(page);
    await page.getByRole('heading', { name: '10 memories, from 30 October to today 21:42.' }).waitFor();
    assert.equal(await page.getByRole('row', { name: 'Preference' }).getByRole('cell').innerText(), '2');
  });
});
