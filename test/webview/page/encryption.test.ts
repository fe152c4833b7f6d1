import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { asked, askedFor, drawn } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

function section(page: Page): Locator {
  return page.locator('section', { has: page.getByRole('heading', { name: 'Encryption', exact: true }) });
}

function button(place: Page | Locator, name: string): Locator {
  return place.getByRole('button', { name, exact: true });
}

/** What can be asked for in a section, in the order in which it stands there. */
function buttonsOf(place: Locator): Promise<string[]> {
  return place.getByRole('button').allInnerTexts();
}

describe('encryption in the backups view', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'backups'); });
  after(() => pages.close());

  it('is off at first, says what that means, and can be turned on', async () => {
    const page = await pages.open();
    await section(page).getByText('Off. Whoever gets at a backup can read it.').waitFor();
    assert.deepEqual(await buttonsOf(section(page)), ['Turn on…']);
    await button(section(page), 'Turn on…').click();
    assert.deepEqual(await askedFor(page, 'encryption'), { action: 'encrypt' });
  });

  it('says how it is when it is on, also what it is not about, and offers all that can be changed', async () => {
    const page = await pages.open('encrypted');
    for (const words of [
      'On. New backups are encrypted.', 'After 60 minutes without use.', 'Remembered on this computer.', '2 older keys are kept for older backups.',
      'Your chats and memories themselves lie open beside them.',
    ]) await section(page).getByText(words).waitFor();
    const actions = [
      ['Lock now', 'lock'], ['Turn off…', 'turn-off'], ['Change how…', 'remember'], ['New passphrase…', 'change-passphrase'],
      ['New recovery key…', 'new-recovery-key'], ['Make a new key…', 'new-key'], ['Encrypt them too…', 'encrypt-store'],
    ] as const;
    assert.deepEqual(await buttonsOf(section(page)), actions.map(([name]) => name));
    for (const [name] of actions) await button(section(page), name).click();
    await askedFor(page, 'encryption', actions.length);
    assert.deepEqual(await asked(page, 'encryption'), actions.map(([, action]) => ({ action })));
  });

  it('leads with unlocking while it is locked, instead of with backing up', async () => {
    const page = await pages.open('locked');
    await page.getByRole('heading', { name: '2 backups are locked.' }).waitFor();
    assert.equal(await button(page, 'Back up now').count(), 0);
    await section(page).getByText('Locked. New backups wait until you unlock.').waitFor();
    assert.deepEqual(await buttonsOf(section(page)), ['Unlock…', 'Turn off…']);
    await button(page.locator('.verdict'), 'Unlock…').click();
    assert.deepEqual(await askedFor(page, 'encryption'), { action: 'unlock' });
  });

  it('says for how long nothing opens it after too many wrong tries', async () => {
    const page = await pages.open('closed');
    await section(page).getByText('Too many wrong tries. It opens again in 14 minutes.').waitFor();
    assert.deepEqual(await buttonsOf(section(page)), []);
  });

  it('says what older backups need when it is off again, and how damaged keys come back', async () => {
    const off = await pages.open('encryption-off');
    await section(off).getByText('Off. Older backups stay encrypted and need your passphrase or your recovery key.').waitFor();
    await button(section(off), 'Turn on again…').click();
    assert.deepEqual(await askedFor(off, 'encryption'), { action: 'encrypt' });
    const damaged = await pages.open('keys-damaged');
    await button(section(damaged), 'Get them back from a copy…').click();
    assert.deepEqual(await askedFor(damaged, 'encryption'), { action: 'unlock' });
  });

  it('lets nothing that was read from a backup stay in the view when it is locked', async () => {
    const page = await pages.open('encrypted');
    await button(page, 'Restore the backup of today 19:00').click();
    const dialogue = page.getByRole('dialog', { name: 'Go back to an earlier moment' });
    await dialogue.getByText('1,239').waitFor();
    await page.evaluate(() => { stage.post('locked', {}); });
    await dialogue.waitFor({ state: 'detached' });
    await drawn(page);
    await page.getByRole('heading', { name: /backups are locked\.$/ }).waitFor();
    const text = await page.locator('main').innerText();
    for (const read of ['1,239', '1,274', '1,249 memories', '207 chats']) assert.ok(!text.includes(read), read);
    assert.equal(await page.locator('.shelf').count(), 0);
  });
});
