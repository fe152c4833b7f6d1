// Pictures of the chat in a real workbench, with a scripted server: npm run screenshots [-- <folder>]
// Each state in four themes, 300 and 600 px wide, goes into the folder, or a temporary one; the few that the README and the
// guide show go into docs/pictures. Look at them before they are committed.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chatModel } from '../test/support/ollama/scripted-model.ts';
import type { ScriptedOllama } from '../test/support/ollama/scripted-ollama.ts';
import { storeHarbourChats } from '../test/support/store/harbour-chats.ts';
import { ChatPage } from '../test/workbench/driver/chat-page.ts';
import { Profile } from '../test/workbench/driver/profile.ts';
import type { ThemeKind, Workbench } from '../test/workbench/driver/workbench.ts';

const root = path.join(import.meta.dirname, '..');
const documented = path.join(root, 'docs/pictures');
const themes: readonly ThemeKind[] = ['light', 'hc-dark', 'hc-light', 'dark'];
const widths = [300, 600];
/** The guide shows a side bar as people have it for a chat, and the README a whole window. */
const documentedWidth = 420;
const whole = { width: 1200, height: 840 };

const model = 'qwen3:4b';
const aboutCode = {
  question: 'How many minutes does the walk take with children, and is the rounding right?',
  reply: `You count 70 metres a minute with children, as \`walkingPace\` does: for 910 metres and three stays of 15 minutes that is 58.

The rounding is not what you wanted. Times go up, and \`Math.round\` can go down:

\`\`\`ts
/** Whole minutes, never too few. */
const inMinutes = (minutes: number): number =>
  Math.ceil(minutes);
\`\`\`

Use it in the last line.`,
};
const longReply = `## A plan for a windy day

The walk stays the same, the order changes: what is **sheltered** comes first.

1. Boat shed, as long as it rains
2. Fish market, from half past ten
3. Lighthouse, only when the wind drops

| Stop | Metres | Minutes |
| --- | ---: | ---: |
| Boat shed | 120 | 15 |
| Fish market | 340 | 20 |
| Lighthouse | 910 | 25 |

> The stairs are closed above wind force 7.

To sort by shelter, give each stop a number:

\`\`\`ts
const sheltered = stops.toSorted(
  (a, b) => b.shelter - a.shelter || a.metres - b.metres,
);
\`\`\`

Then [the forecast](https://example.org/forecast) decides about the last one. Shall I write the note for the groups?`;

const brokenOff = `Good morning. It will be **windy** today, so the walk begins at the boat shed and goes on to the fish market. The lighthouse`;

const folder = process.argv[2] ?? mkdtempSync(path.join(tmpdir(), 'hearthlink-pictures-'));
for (const wanted of [folder, documented]) mkdirSync(wanted, { recursive: true });
process.env['FONTCONFIG_FILE'] = path.join(import.meta.dirname, 'picture-fonts.conf');
const profile = await Profile.make({ models: [chatModel(model, { bytes: 2_600_000_000 }), chatModel('qwen3:1.7b', { bytes: 1_400_000_000 })] });
try {
  await profile.inStore((store) => storeHarbourChats(store, Date.now()));
  const { ollama } = profile;
  // What is asked in the background: the name of a chat, and facts, of which there are none.
  ollama.structured.when(({ format }) => JSON.stringify(format).includes('"title"')).answers({ json: { title: 'The walk on a windy day' } });
  ollama.structured.when(({ format }) => JSON.stringify(format).includes('"facts"')).answers({ json: { facts: [] } });
  const workbench = await profile.open({
    builtins: ['theme-defaults', 'typescript-basics', 'markdown-basics'],
    settings: {
      'hearthlink.chatModel': model,
      'editor.lightbulb.enabled': 'off',
      'editor.minimap.enabled': false,
      'editor.renderWhitespace': 'none',
    },
    viewport: whole,
  });
  await takeAll(workbench, ollama);
} finally {
  await profile.close();
}
process.stdout.write(`Pictures: ${folder} and ${documented}\n`);

async function takeAll(workbench: Workbench, ollama: ScriptedOllama): Promise<void> {
  const chat = await ChatPage.open(workbench.window);
  await selectInEditor(workbench);
  await (await chat.ready()).locator('.welcome').waitFor();
  await takeDocumented(workbench, 'chat-empty.png');
  await takeState(workbench, 'empty');

  await takeMemories(workbench, chat, ollama);
  await takeStreaming(workbench, chat, ollama);

  ollama.chat.answers({ text: brokenOff, endAfter: 24, ending: { error: 'llama runner process has terminated: out of memory' } });
  await chat.send('Yes please, and keep it short.');
  await (await chat.ready()).getByRole('alert').waitFor();
  await takeState(workbench, 'error');

  await takeLoading(workbench, chat, ollama);

  await ollama.stop();
  await chat.newChat();
  await chat.send('When do the walks start, and for how many people?');
  await (await chat.ready()).getByText('No model spoke').first().waitFor();
  await takeDocumented(workbench, 'chat-offline.png');
  await takeState(workbench, 'offline');
}

async function takeMemories(workbench: Workbench, chat: ChatPage, ollama: ScriptedOllama): Promise<void> {
  await workbench.window.runCommand('Hearthlink: Talk about the selection');
  ollama.chat.answers(aboutCode.reply);
  await chat.send(aboutCode.question);
  await chat.finished('Use it in the last line');
  await chat.memoriesOfLastReply();
  await takeDocumented(workbench, 'chat-memories.png');
  await settled(workbench);
  await workbench.window.screenshot(path.join(documented, 'chat.png'));
  await takeState(workbench, 'memories');
}

/** A long reply in the middle, and then as a whole. */
async function takeStreaming(workbench: Workbench, chat: ChatPage, ollama: ScriptedOllama): Promise<void> {
  const { promise: pictured, resolve: goOn } = Promise.withResolvers<undefined>();
  ollama.chat.answers({ text: longReply, holdAfter: { tokens: 45, until: pictured } });
  await chat.send('It will be windy tomorrow. What do we change?');
  await (await chat.ready()).locator('.is-streaming', { hasText: 'Fish market' }).waitFor();
  await takeState(workbench, 'streaming');
  goOn(undefined);
  await chat.finished('the note for the groups');
  await takeState(workbench, 'long');
}

/** The model takes as long to load as it takes to picture that. */
async function takeLoading(workbench: Workbench, chat: ChatPage, ollama: ScriptedOllama): Promise<void> {
  ollama.runners.unloadAll();
  ollama.models.splice(0, 1, chatModel(model, { bytes: 2_600_000_000, loadMs: 20_000 }));
  await chat.newChat();
  ollama.chat.answers('Good morning. You wanted to look at the stairs first.');
  await chat.send('Good morning. Where did we stop?');
  await (await chat.ready()).getByText(`Loading ${model}`).waitFor();
  await takeState(workbench, 'loading');
  await chat.finished('look at the stairs');
}

/** A function of the sample workspace, selected in an editor beside the chat. */
async function selectInEditor({ window: { page } }: Workbench): Promise<void> {
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input:focus').waitFor();
  await page.keyboard.type('tour.ts');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'tour.ts' }).first().click();
  await page.locator('.monaco-editor .view-line', { hasText: 'walkingTime' }).click();
  await page.keyboard.press('Home');
  for (let line = 0; line < 8; line++) await page.keyboard.press('Shift+ArrowDown');
}

/** The side bar as it is now, in every theme and width. Ends in the dark theme. */
async function takeState(workbench: Workbench, state: string): Promise<void> {
  for (const width of widths) {
    await workbench.window.resizeSideBar(width);
    for (const theme of themes) {
      await workbench.setTheme(theme);
      await takeSideBar(workbench, path.join(folder, `${state}-${width}-${theme}.png`));
    }
  }
}

async function takeDocumented(workbench: Workbench, name: string): Promise<void> {
  await workbench.window.resizeSideBar(documentedWidth);
  await takeSideBar(workbench, path.join(documented, name));
}

async function takeSideBar(workbench: Workbench, file: string): Promise<void> {
  await settled(workbench);
  await workbench.window.page.locator('.part.sidebar').screenshot({ path: file });
}

/** When nothing hovers, fades or is being laid out any more. */
async function settled({ window: { page } }: Workbench): Promise<void> {
  await page.mouse.move(whole.width - 4, whole.height - 40);
  await page.waitForTimeout(400);
}
