import assert from 'node:assert/strict';
import type { ScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { chatModel, embeddingModel, type ScriptedModel } from '../support/ollama/scripted-model.ts';
import type { Store } from '../../src/store/port.ts';
import { fillStore } from '../support/store/fill-store.ts';
import { filesWith } from '../support/store/files-with.ts';
import { poll } from '../support/vscode/poll.ts';
import { ChatPage } from './driver/chat-page.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

const otherMemories = 10_000;

/** A fact no other memory is near, a question that shares a word stem with it, and one that shares none. */
const fact = 'Our hydrangeas only bloom when Wilhelmina waters them with rain.';
const sameStem = 'Which of our plants was blooming thanks to rain?';
const otherWords = 'Who tends to those shrubs, and how?';

describe('a fact told once, among ten thousand other memories', () => {
  let profile: Profile;

  afterEach(() => profile.close());

  /** VS Code over a store that holds all the others. */
  async function open(models: readonly ScriptedModel[]): Promise<{ workbench: Workbench; ollama: ScriptedOllama }> {
    profile = await Profile.make({ models });
    await profile.inStore((store) => fillStore(store, { messages: otherMemories, turnsPerChat: 50 }));
    return { workbench: await profile.open(), ollama: profile.ollama };
  }

  it('survives a killed extension host, is recalled by a word stem, and is gone from every file once forgotten', async function () {
    this.timeout(300_000);
    const { workbench, ollama } = await open([chatModel('hearth-chat')]);
    const chat = await tell(workbench, ollama);
    await workbench.window.killExtensionHost();
    await chat.newChat();
    await askAndSee(chat, ollama, sameStem);

    await chat.forgetFirstMemory();
    await chat.newChat();
    ollama.chat.answers('I do not know.');
    await chat.send(sameStem);
    await chat.finished('I do not know.');
    assert.doesNotMatch(lastPrompt(ollama), /hydrangeas/, 'forgotten is in no prompt, before anything is wiped');
    await workbench.close();

    await profile.inStore(purgeAfterUndo);
    assert.deepEqual(filesWith(profile.storeFolder, 'hydrangeas'), []);
    assert.deepEqual(filesWith(profile.storeFolder, 'Wilhelmina'), []);
  });

  it('is recalled in quite other words when there is an embedding model', async function () {
    this.timeout(300_000);
    const { workbench, ollama } = await open([chatModel('hearth-chat'), embeddingModel('hearth-embed')]);
    ollama.embeddings.table({ hydrangeas: [1, 0.1], shrubs: [1, 0.12] });
    const chat = await tell(workbench, ollama);
    await poll('the vector of the fact', () => ollama.requests('/api/embed').some(({ body }) => JSON.stringify(body).includes('hydrangeas') && isMany(body)));
    await workbench.window.killExtensionHost();
    await chat.newChat();
    await askAndSee(chat, ollama, otherWords);
  });
});

async function tell(workbench: Workbench, ollama: ScriptedOllama): Promise<ChatPage> {
  const chat = await ChatPage.open(workbench.window);
  ollama.chat.answers('Good to know.');
  await chat.send(fact);
  await chat.finished('Good to know.');
  return chat;
}

/** The fact is in the prompt that reaches the server, and is listed under the reply. */
async function askAndSee(chat: ChatPage, ollama: ScriptedOllama, question: string): Promise<void> {
  ollama.chat.answers('With rain, of course.');
  await chat.send(question);
  await chat.finished('With rain, of course.');
  assert.ok(lastPrompt(ollama).includes(fact), 'the fact is not in the prompt');
  const memories = await chat.memoriesOfLastReply();
  assert.ok(memories.some((text) => text.includes(fact)), `not among the memories used: ${memories.join(' | ')}`);
}

/** What was last asked for a person; background work asks in between, always with a format. */
function lastPrompt(ollama: ScriptedOllama): string {
  const prompt = ollama.requests('/api/chat').map(({ body }) => JSON.stringify(body)).findLast((body) => !body.includes('"format"'));
  assert.ok(prompt, 'the model was not asked');
  return prompt;
}

/** Background embedding sends several texts at once; a question is one. */
function isMany(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'input' in body && Array.isArray(body.input) && body.input.length > 1;
}

/** What the product does by itself within the hour: past the undo, wipe and make the files anew. */
async function purgeAfterUndo(store: Store): Promise<void> {
  const later = Date.now() + 2 * 60_000;
  await store.slices.wipeForgotten(later);
  await store.purge(later);
}
