import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { chatModel } from '../support/ollama/scripted-model.ts';
import type { ScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { storeHarbourChats } from '../support/store/harbour-chats.ts';
import { poll } from '../support/vscode/poll.ts';
import { accessibilityViolations } from './driver/accessibility.ts';
import { ChatPage } from './driver/chat-page.ts';
import { focused, walk } from './driver/keyboard-walk.ts';
import { Profile } from './driver/profile.ts';
import { themes, type ThemeKind, type Workbench } from './driver/workbench.ts';

const kinds: readonly ThemeKind[] = ['light', 'hc-dark', 'hc-light', 'dark'];
const question = 'How many people may climb the lighthouse stairs?';
const reply = '## Twelve\n\nThat is what [the plan](https://example.org/plan) says:\n\n```ts\nconst most = 12;\n```\n\nThe **stairs** are narrow.';

describe('the chat view in a workbench, without a mouse and without eyes', () => {
  let profile: Profile;
  let ollama: ScriptedOllama;
  let workbench: Workbench;
  let chat: ChatPage;

  before(async function () {
    this.timeout(120_000);
    profile = await Profile.make({ models: [chatModel('hearth-chat'), chatModel('hearth-small')] });
    ({ ollama } = profile);
    await profile.inStore((store) => storeHarbourChats(store, Date.now()));
    ollama.chat.when(({ messages }) => messages.at(-1)?.content.endsWith(question) === true).answers(reply);
    workbench = await profile.open();
    chat = await ChatPage.open(workbench.window);
  });

  beforeEach(() => chat.newChat());

  after(() => profile.close());

  describe('has no axe-core violation in four themes', () => {
    it('when it is empty', async () => {
      await (await chat.ready()).locator('.welcome').waitFor();
      await assertAccessible();
    });

    it('with a conversation and its memories open', async () => {
      await askTheQuestion();
      await chat.memoriesOfLastReply();
      await assertAccessible();
    });

    it('with a reply that went wrong', async () => {
      ollama.chat.answers({ text: 'It begins well and then', ending: { error: 'llama runner process has terminated: out of memory' } });
      await chat.send('Does this go wrong?');
      await (await chat.ready()).getByRole('alert').waitFor();
      await assertAccessible();
    });

    it('with the list of chats', async () => {
      await chat.titles();
      await assertAccessible();
      await workbench.window.page.keyboard.press('Escape');
    });

    it('with the list of models', async () => {
      const frame = await chat.ready();
      await openModels(frame);
      await assertAccessible();
      await workbench.window.page.keyboard.press('Escape');
    });

    it('while no model is reachable', async () => {
      await withoutOllama(async () => {
        await askMemory();
        await assertAccessible();
      });
    });

    async function assertAccessible(): Promise<void> {
      for (const kind of kinds) {
        await workbench.setTheme(kind);
        const violations = await accessibilityViolations(await workbench.window.webview({ title: 'Hearthlink Chat' }));
        assert.deepEqual(violations, [], themes[kind].id);
      }
    }
  });

  it('is walked by Tab: banner, transcript, composer', async () => {
    await withoutOllama(async () => {
      await askMemory();
      const frame = await chat.ready();
      await frame.locator('.composer textarea').fill('Another question');
      await frame.getByRole('button', { name: 'Start it' }).focus();
      const stops = [await focused(frame), ...(await walk(workbench.window, frame, 'Tab', 'Search memory'))];
      assert.deepEqual(stops, ['Start it', 'Try again', 'a turn', 'Question to your memory', 'Attach', 'Model: No model', 'Search memory']);
      const back = await walk(workbench.window, frame, 'Shift+Tab', 'Start it');
      assert.deepEqual(back, stops.slice(0, -1).reverse());
    });
  });

  it('gives every control of a turn to the keyboard, and Escape leads back to the composer', async () => {
    await askTheQuestion();
    await chat.memoriesOfLastReply();
    const frame = await chat.ready();
    const { keyboard } = workbench.window.page;
    await frame.locator('li.turn').last().focus();
    await keyboard.press('Enter');
    const last = frame.locator('li.turn').last().getByRole('button', { name: 'Remember this' });
    const visible = await controlsOfLastTurn(frame);
    const walked = [await focused(frame), ...(await walk(workbench.window, frame, 'Tab', 'Remember this'))];
    assert.equal(await last.evaluate((button) => button === document.activeElement), true);
    assert.deepEqual(walked, visible);
    await keyboard.press('Escape');
    assert.equal(await focused(frame), 'Message to Alden');
  });

  it('goes from turn to turn by arrows', async () => {
    await askTheQuestion();
    const frame = await chat.ready();
    await frame.locator('li.turn').last().focus();
    const headings: (string | undefined)[] = [];
    for (const key of ['ArrowUp', 'ArrowDown', 'Home', 'End']) {
      await workbench.window.page.keyboard.press(key);
      headings.push(await frame.evaluate(() => document.activeElement?.querySelector('h3')?.textContent.split(',')[0]));
    }
    assert.deepEqual(headings, ['You', 'Alden', 'You', 'Alden']);
  });

  it('opens a chat from the list by keyboard alone', async () => {
    await chat.titles();
    const frame = await workbench.window.webview({ title: 'Hearthlink Chat' });
    const { keyboard } = workbench.window.page;
    await frame.getByRole('searchbox').focus();
    await keyboard.type('bakery');
    await frame.locator('.session mark', { hasText: /bakery/i }).waitFor();
    await keyboard.press('ArrowDown');
    assert.equal(await focused(frame), 'Bread for the crew');
    await keyboard.press('Enter');
    await chat.sees('six loaves');
  });

  it('chooses a model by keyboard alone, and Escape changes nothing', async () => {
    const frame = await chat.ready();
    const { keyboard } = workbench.window.page;
    await openModels(frame);
    await keyboard.press('Escape');
    assert.equal(await focused(frame), 'Model: hearth-chat:latest');
    await openModels(frame);
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await frame.getByRole('button', { name: 'Model: hearth-small:latest' }).waitFor();
    assert.equal(await focused(frame), 'Model: hearth-small:latest');
  });

  it('says a finished reply once, and nothing while it is written', async () => {
    const frame = await chat.ready();
    await frame.evaluate(() => {
      globalThis.heard = [];
      const region = document.querySelector('hearth-announcer [role="status"]');
      if (region === null) throw new Error('There is nothing to say it.');
      new MutationObserver(() => { globalThis.heard.push(region.textContent); }).observe(region, { childList: true, characterData: true, subtree: true });
    });
    const { promise: looked, resolve: goOn } = Promise.withResolvers<undefined>();
    ollama.chat.answers({ text: 'It is **said** once.', holdAfter: { tokens: 3, until: looked } });
    await chat.send('Say it.');
    await frame.locator('li.turn[aria-busy="true"]', { hasText: 'It is said' }).waitFor();
    assert.deepEqual(await frame.evaluate(() => globalThis.heard), []);
    goOn(undefined);
    await chat.finished('It is said once.');
    assert.deepEqual(await frame.evaluate(() => globalThis.heard), ['Alden replied: It is said once.']);
    assert.equal(await frame.locator('li.turn[aria-busy="true"]').count(), 0);
  });

  async function askTheQuestion(): Promise<void> {
    await chat.send(question);
    await chat.finished('stairs are narrow');
  }

  async function askMemory(): Promise<void> {
    await chat.send('When do the walks start?');
    await chat.sees('No model spoke');
    await (await chat.ready()).getByRole('button', { name: 'Start it' }).waitFor();
  }

  async function withoutOllama(step: () => Promise<void>): Promise<void> {
    await ollama.stop();
    try {
      await step();
    } finally {
      await ollama.restart();
      await (await chat.ready()).getByRole('button', { name: 'Try again' }).click();
      await (await chat.ready()).getByRole('button', { name: /^Model: hearth/ }).waitFor();
    }
  }
});

/** The command that began the chat may give the composer the focus only now, which closes the list again. */
async function openModels(frame: Frame): Promise<void> {
  const picker = frame.getByRole('button', { name: /^Model:/ });
  await poll('the list of models', async () => {
    if ((await picker.getAttribute('aria-expanded')) === 'false') await picker.press('Enter');
    return frame.getByRole('option').first().isVisible();
  });
}

/** By name, in the order of the document. */
function controlsOfLastTurn(frame: Frame): Promise<string[]> {
  return frame.locator('li.turn').last().locator('a[href], button, summary, [tabindex="0"]').evaluateAll((all) =>
    all
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .map((element) => element.getAttribute('aria-label') ?? element.textContent.replace(/\s+/g, ' ').trim()),
  );
}

declare global {
  /** What the view has said to screen readers. */
  var heard: (string | null)[];
}
