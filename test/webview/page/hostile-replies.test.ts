import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { asked, askedFor, drawn, update } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

const hostile = [
  '<script>document.title = "owned"</script>',
  '<img src="https://example.org/pixel.png" onerror="document.title = \'owned\'">',
  '![pixel](https://example.org/pixel.png)',
  '<svg onload="document.title=\'owned\'"></svg>',
  '<iframe src="https://example.org"></iframe>',
  '<style>body { display: none }</style>',
  '<a href="javascript:document.title=\'owned\'">press</a>',
  '[press](javascript:document.title="owned")',
  '[press](command:workbench.action.quit)',
  '[press](data:text/html,<script>alert(1)</script>)',
  '```html\n<script>document.title = "owned"</script>\n<img src=x onerror="document.title=\'owned\'">\n```',
  '```" onmouseover="document.title=\'owned\'\nx\n```',
  '${document.title = "owned"}',
  '<!--?lit$123$-->',
  '>'.repeat(800) + ' deep',
];

async function show(page: Page, text: string): Promise<void> {
  await update(page, 'r2', { text });
  await drawn(page);
}

describe('a reply that wants to do harm', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  it('is shown as text: it brings no element, loads nothing and runs nothing', async () => {
    const page = await pages.open('conversation');
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    for (const text of [...hostile, hostile.join('\n\n')]) {
      await show(page, text);
      await page.waitForTimeout(20);
    }
    assert.equal(await page.title(), 'Hearthlink Chat');
    const brought = await page.locator('.reply-body').evaluateAll((bodies) =>
      bodies.flatMap((body) => [...body.querySelectorAll('*')]).filter((element) => {
        const dangerous = ['SCRIPT', 'IMG', 'IFRAME', 'STYLE', 'OBJECT', 'EMBED', 'LINK', 'META', 'FORM', 'VIDEO', 'AUDIO'].includes(element.tagName);
        return dangerous || [...element.attributes].some(({ name, value }) => name.startsWith('on') || name === 'style' || /^\s*javascript:/i.test(value));
      }).map((element) => element.outerHTML),
    );
    assert.deepEqual(brought, []);
    assert.deepEqual(fetched.filter((url) => !url.startsWith('http://127.0.0.1:')), []);
    assert.match(await page.locator('.reply-body').last().innerText(), /<script>document\.title = "owned"<\/script>/);
  });

  it('opens only links to the web and to mail, and through the extension', async () => {
    const page = await pages.open('conversation');
    await show(page, '[page](https://example.org/a) and [mail](mailto:a@example.org) and [press](javascript:alert(1)) and [cmd](command:x)');
    assert.deepEqual(await page.locator('.reply-body').last().locator('a').allInnerTexts(), ['page', 'mail']);
    await page.getByRole('link', { name: 'page' }).click();
    assert.deepEqual(await askedFor(page, 'openLink'), { href: 'https://example.org/a' });
    assert.equal(new URL(page.url()).hostname, '127.0.0.1');
    assert.equal((await asked(page, 'openLink')).length, 1);
  });

  it('has the code of its blocks copied and inserted as it stands', async () => {
    const page = await pages.open('conversation');
    await show(page, '```html\n<b onclick="x()">&amp;</b>\n```');
    await page.getByRole('button', { name: 'Copy code' }).last().click();
    assert.deepEqual(await askedFor(page, 'copy'), { text: '<b onclick="x()">&amp;</b>' });
    await page.getByRole('button', { name: 'Insert at cursor' }).last().click();
    assert.deepEqual(await askedFor(page, 'insertAtCursor'), { text: '<b onclick="x()">&amp;</b>' });
  });
});
