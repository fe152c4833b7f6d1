import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { ProductWindow, productContent } from '../faults/support/product-window.ts';
import type { ScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import type { Store } from '../../src/store/port.ts';
import { fillStore } from '../support/store/fill-store.ts';
import { poll } from '../support/vscode/poll.ts';
import { ChatPage } from './driver/chat-page.ts';
import { Profile } from './driver/profile.ts';

describe('a store that cannot be used fully', () => {
  let profile: Profile;
  let storeFolder: string;
  let ollama: ScriptedOllama;

  beforeEach(async () => {
    profile = await Profile.make();
    ({ storeFolder, ollama } = profile);
  });

  afterEach(() => profile.close());

  async function openChat(): Promise<ChatPage> {
    return ChatPage.open((await profile.open()).window);
  }

  it('says which file is damaged, and goes on with the chats that can be read when it is told to', async function () {
    this.timeout(120_000);
    await profile.inStore(fillChats);
    const damaged = damageMiddleOfJournal(storeFolder);
    const chat = await openChat();
    const banner = await bannerWith(chat, damaged);
    await look(chat, 'damaged');
    assert.match(banner, /^Damaged, and kept as it is: .*Nothing is written for now\./s);
    const readable = await chat.titles();
    assert.ok(readable.length > 0, 'what stands before the damage can be read');
    await look(chat, 'damaged-chats');

    await pressInBanner(chat, 'Go on with what can be read');
    const goneOn = await bannerWith(chat, 'is here.');
    assert.match(goneOn, /^Everything up to .+ is here\. What was written after that could not be read; the damaged file is kept\./);
    assert.deepEqual(await chat.titles(), readable);
    await look(chat, 'gone-on');
    assert.ok(readdirSync(storeFolder).includes(`damaged-${damaged}`), 'the file is kept');

    ollama.chat.answers('Here we are again.');
    await (await frameOf(chat)).locator('.sessions input').first().press('Escape');
    await chat.send('Can you write again?');
    await chat.finished('Here we are again.');
  });

  it('asks to reload the window when a newer Hearthlink has opened the store, and leaves every byte alone', async function () {
    this.timeout(120_000);
    await profile.inStore(fillChats);
    const newer = new ProductWindow(storeFolder, {
      content: { ...productContent, schemaVersion: productContent.schemaVersion + 1, migrate: () => undefined },
    });
    await newer.addChat('From the future');
    await newer.close();
    const before = bytesOf(storeFolder);
    const chat = await openChat();
    const banner = await bannerWith(chat, 'newer Hearthlink');
    await look(chat, 'newer');
    assert.match(banner, /Reload the window/);
    await isReadOnly(chat);
    assert.deepEqual(bytesOf(storeFolder), before);
  });

  it('goes on in memory while a file stands where its folder should be, says so everywhere, and saves all of it once that is away', async function () {
    this.timeout(120_000);
    writeFileSync(storeFolder, 'mine');
    const chat = await openChat();
    const banner = await bannerWith(chat, 'cannot be written');
    await look(chat, 'no-folder');
    assert.match(banner, /Nothing new is saved/);
    ollama.chat.answers('I hear you.');
    await chat.send('Is anybody there?');
    await chat.finished('I hear you.');
    assert.match(await bannerWith(chat, 'not saved yet'), /^The data folder cannot be written\. 2 messages are not saved yet\./);
    await look(chat, 'not-saved');
    assert.deepEqual(await (await frameOf(chat)).locator('.unsaved-mark').allInnerTexts(), ['Not saved yet', 'Not saved yet']);
    await poll('the status item to say so', async () => (await statusText(chat)).includes('2 not saved'));
    assert.equal(readFileSync(storeFolder, 'utf8'), 'mine');

    rmSync(storeFolder);
    await poll('the banner to go', async () => (await banners(chat)).length === 0, { timeoutMs: 70_000 });
    await poll('the marks to go', async () => (await (await frameOf(chat)).locator('.unsaved-mark').count()) === 0);
    await poll('the status item to be calm', async () => !(await statusText(chat)).includes('not saved'));
    assert.equal((await chat.titles()).length, 1, 'the chat is in the store');
    await look(chat, 'folder-again');
  });
});

/** Chats that the store has acknowledged, all in one journal. */
async function fillChats(store: Store): Promise<void> {
  await fillStore(store, { messages: 200, turnsPerChat: 10 });
}

/** Answers the name of the journal, in which one bit is the other way now. */
function damageMiddleOfJournal(folder: string): string {
  const [journal] = readdirSync(folder).filter((name) => name.startsWith('journal-'));
  assert.ok(journal, 'there is no journal');
  const bytes = readFileSync(path.join(folder, journal));
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 4, middle);
  writeFileSync(path.join(folder, journal), bytes);
  return journal;
}

function bytesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), 'base64')]));
}

async function banners(chat: ChatPage): Promise<string[]> {
  return (await frameOf(chat)).locator('.banner').allInnerTexts();
}

async function bannerWith(chat: ChatPage, text: string): Promise<string> {
  return poll(`a banner with "${text}"`, async () => (await banners(chat)).find((banner) => banner.includes(text)), { timeoutMs: 20_000 });
}

async function pressInBanner(chat: ChatPage, label: string): Promise<void> {
  await (await frameOf(chat)).locator('.banner').getByText(label, { exact: true }).click();
}

/** One cannot write a message that would not be kept. */
async function isReadOnly(chat: ChatPage): Promise<void> {
  const box = (await frameOf(chat)).locator('.composer textarea');
  assert.equal(await box.getAttribute('readonly'), '');
  assert.equal(await box.getAttribute('placeholder'), 'Nothing can be written now');
}

function statusText(chat: ChatPage): Promise<string> {
  return chat.window.page.locator('.part.statusbar').innerText();
}

/** The view's document, also while the list of chats covers the composer. */
function frameOf(chat: ChatPage): Promise<Frame> {
  return chat.window.webview({ title: 'Hearthlink Chat' });
}

/** A picture of the window, where HEARTHLINK_PICTURES names a folder for them. */
async function look(chat: ChatPage, name: string): Promise<void> {
  const folder = process.env['HEARTHLINK_PICTURES'];
  if (folder !== undefined) await chat.window.screenshot(path.join(folder, `${name}.png`));
}
