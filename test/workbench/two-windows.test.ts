import assert from 'node:assert/strict';
import type { ScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { poll } from '../support/vscode/poll.ts';
import { ChatPage } from './driver/chat-page.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

/** A model that writes titles when it is asked for one, and replies of its own to people. */
describe('two windows of one person', () => {
  let profile: Profile;
  let ollama: ScriptedOllama;
  let workbench: Workbench;
  let first: ChatPage;
  let second: ChatPage;

  beforeEach(async function () {
    this.timeout(60_000);
    profile = await Profile.make();
    ({ ollama } = profile);
    workbench = await profile.open();
    first = await ChatPage.open(workbench.window);
    second = await ChatPage.open(await workbench.openWindow());
  });

  afterEach(() => profile.close());

  it('show each other’s messages within a second, without a click, also while both write in one chat', async function () {
    this.timeout(60_000);
    ollama.structured.when(() => true).answers({ json: { title: 'Kettles' } });
    ollama.chat.when('kettle').answers('A kettle sings.');
    ollama.chat.when('teapot').answers('A teapot waits.');
    await first.send('Tell me about the kettle.');
    await first.finished('A kettle sings.');
    await second.openChat('kettle');
    await second.sees('A kettle sings.');

    await Promise.all([first.send('And what of the kettle lid?'), second.send('And what of the teapot?')]);
    await Promise.all([first.sees('And what of the kettle lid?'), second.sees('And what of the teapot?')]);
    await Promise.all([first.finished('A kettle sings.'), second.finished('A teapot waits.')]);

    const sent = performance.now();
    ollama.chat.when('saucer').answers('A saucer catches.');
    await first.send('And what of the saucer?');
    await second.sees('And what of the saucer?');
    const seenAfter = performance.now() - sent;
    assert.ok(seenAfter < 1_500, `seen after ${String(Math.round(seenAfter))} ms, typing included`);
    await second.sees('A saucer catches.');

    const all = await everyMessage();
    for (const text of ['kettle lid', 'teapot?', 'saucer?']) {
      assert.equal(all.filter((line) => line.includes(text)).length, 1, `"${text}" is stored once`);
    }
  });

  it('run a job once between them', async function () {
    this.timeout(60_000);
    ollama.structured.when(() => true).answers({ json: { title: 'Singing kettles' } });
    ollama.chat.answers('They sing.');
    await first.send('Do kettles sing?');
    await first.finished('They sing.');
    await poll('the title in the other window', async () => (await second.titles()).includes('Singing kettles'), { timeoutMs: 30_000, everyMs: 500 });
    assert.equal(titleRequests().length, 1);
  });

  it('finish each other’s jobs when one is killed', async function () {
    this.timeout(120_000);
    const never = new Promise(() => undefined);
    ollama.structured.answers({ hold: never });
    ollama.chat.answers('They sing.');
    await first.send('Do kettles sing?');
    await first.finished('They sing.');
    await poll('the job in the first window', () => titleRequests().length === 1, { timeoutMs: 20_000 });
    ollama.structured.when(() => true).answers({ json: { title: 'Singing kettles' } });
    const holder = await profile.inStore(async (store) => (await store.jobs.list({ limit: 10 })).find(({ kind }) => kind === 'title')?.holder);
    const [killed, other] = holder?.includes(`/${String(first.window.hostPid)}/`) === true ? [first, second] : [second, first];
    process.kill(killed.window.hostPid, 'SIGKILL');
    await killed.window.page.close();
    await poll('the title from the other window', async () => (await other.titles()).includes('Singing kettles'), { timeoutMs: 60_000, everyMs: 1_000 });
  });

  function titleRequests(): readonly unknown[] {
    return ollama.requests('/api/chat').filter(({ body }) => JSON.stringify(body).includes('"format"') && JSON.stringify(body).includes('title'));
  }

  /** Every message of every chat, as the store has them. */
  function everyMessage(): Promise<string[]> {
    return profile.inStore(async (store) => {
      const sessions = await store.sessions.list({ limit: 10 });
      const messages = await Promise.all(sessions.map(({ id }) => store.messages.all(id)));
      return messages.flat().filter(({ role }) => role === 'user').map(({ text }) => text);
    });
  }
});
