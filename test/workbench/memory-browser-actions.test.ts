import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import type { Slice } from '../../src/store/records.ts';
import type { Store } from '../../src/store/port.ts';
import type { NewSlice } from '../../src/store/slice-port.ts';
import { memoryBrowser, searchMemory } from './driver/memory-page.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

const dayMs = 86_400_000;

/** Told by hand; each test has some of its own, found by a word that no other has. */
const facts = {
  ferryAtSeven: 'The ferry leaves the north pier at seven.',
  ferryOnSundays: 'On Sundays no ferry sails before nine.',
  boathouse: 'The boathouse key hangs by the door. The spare one lies in a tin.',
  ink: 'Letters to the authority are signed in blue ink.',
  redLantern: 'The red lantern needs a new wick.',
  greenLantern: 'Oil is missing in the green lantern.',
  oldLantern: 'A crack runs through the oldest lantern.',
  feeForty: 'A berth costs forty crowns.',
  feeFifty: 'Since May the harbour asks fifty for each berth.',
  tarInSpring: 'Tar goes onto the hull in spring.',
  tarInAutumn: 'It is autumn when the tar is put on.',
  metHenrike: 'Yesterday we met Henrike at the lock.',
  askHenrike: 'About the old lock one should ask Henrike and Jorun.',
  jorunTold: 'It was Jorun who told Henrike about the paint.',
} as const;

const longAgo = { buoy: 'The buoy was painted yellow.', chain: 'Its chain was made anew.' } as const;
const proposed = ['Prefers short answers.', 'Sails with a brown jib.', 'Likes tea without sugar.', 'Drives a grey van.', 'Reads charts on paper.'] as const;
const over = 'Guests sleep in the cabin this week.';

function fact(id: string, text: string, rest: Partial<NewSlice> = {}): NewSlice {
  return { id, kind: 'semantic', state: 'held', text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 1, provenance: { type: 'user' }, validFrom: 0, expiresAt: null, at: 0, ...rest };
}

async function seed(store: Store): Promise<void> {
  const now = Date.now();
  await store.slices.add([
    ...Object.entries(longAgo).map(([id, text]) => fact(id, text, { at: now - 21 * dayMs })),
    ...Object.entries(facts).map(([id, text], i) => fact(id, text, { at: now + i })),
    ...proposed.map((text, i) => fact(`proposed-${String(i)}`, text, { state: 'proposed', at: now - i })),
    fact('over', over, { kind: 'working', at: now - dayMs, expiresAt: now - dayMs / 2 }),
  ]);
  await store.slices.markContradiction({ a: 'feeForty', b: 'feeFifty', at: now });
  await store.slices.markContradiction({ a: 'tarInSpring', b: 'tarInAutumn', at: now });
  const rules = { plannedAt: now, likeness: 1, unusedForMs: dayMs, importanceAtMost: 0, keepExpiredForMs: 0, examples: 1 };
  await store.slices.tidy({ rules, steps: ['expire'], limit: 10 });
}

describe('what one does in the memory browser', function () {
  let profile: Profile;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    profile = await Profile.make({ models: null });
    await profile.inStore(seed);
    workbench = await profile.open();
  });

  after(() => profile.close());

  beforeEach(() => workbench.window.runCommand('Hearthlink: Open memory'));

  /** The next test opens a view without search, filters or marks. */
  afterEach(() => workbench.window.runCommand('View: Close All Editors'));

  const browser = (): Promise<Frame> => memoryBrowser(workbench);
  const search = (text: string): Promise<Frame> => searchMemory(workbench, text);

  async function choose(query: string, text: string): Promise<{ frame: Frame; detail: Locator }> {
    const frame = await search(query);
    await row(frame, text).click();
    const detail = frame.locator('hearth-slice-detail');
    await detail.getByRole('heading', { name: text }).waitFor();
    return { frame, detail };
  }

  async function mark(query: string, texts: readonly string[]): Promise<{ frame: Frame; bar: Locator }> {
    const frame = await search(query);
    for (const text of texts) await row(frame, text).click({ modifiers: ['ControlOrMeta'] });
    const bar = frame.getByRole('group', { name: 'Chosen memories' });
    await bar.getByText(`${String(texts.length)} chosen`).waitFor();
    return { frame, bar };
  }

  async function slices(...ids: string[]): Promise<readonly Slice[]> {
    return profile.inStore(async (store) => {
      const found = await store.slices.get(ids);
      return ids.map((id) => {
        const slice = found.find((one) => one.id === id);
        assert.ok(slice, id);
        return slice;
      });
    });
  }

  /** In force, by the words that it holds. */
  async function inForce(word: string): Promise<string[]> {
    const found = await profile.inStore((store) => store.browsing.page({ filter: { about: word, superseded: false, archived: false }, limit: 50, offset: 0 }));
    return found.map(({ text }) => text).toSorted();
  }

  it('merges two in the reader’s words, and takes it back', async () => {
    const { frame, bar } = await mark('ferry', [facts.ferryAtSeven, facts.ferryOnSundays]);
    await bar.getByText('Merge').click();
    const box = bar.getByRole('textbox', { name: 'Merged memory' });
    await box.fill('The ferry sails at seven, on Sundays at nine.');
    await box.press('Enter');
    await frame.locator('.done-line').getByText('2 memories merged.').waitFor();
    assert.deepEqual(await inForce('ferry'), ['The ferry sails at seven, on Sundays at nine.']);

    await frame.locator('.done-line').getByText('Undo').click();
    await frame.locator('.done-line').getByText('As it was.').waitFor();
    assert.deepEqual(await inForce('ferry'), [facts.ferryOnSundays, facts.ferryAtSeven]);
  });

  it('splits one into its sentences, and takes it back', async () => {
    const { frame, detail } = await choose('boathouse', facts.boathouse);
    await detail.getByRole('button', { name: 'Split' }).click();
    const box = detail.getByRole('textbox', { name: 'One memory a line' });
    assert.deepEqual((await box.inputValue()).split('\n'), ['The boathouse key hangs by the door.', 'The spare one lies in a tin.']);
    await box.press('Enter');
    await frame.locator('.done-line').getByText('Split into 2 memories.').waitFor();
    const [old] = await slices('boathouse');
    assert.notEqual(old?.supersededBy, null);
    assert.deepEqual([...(await inForce('boathouse')), ...(await inForce('in a tin'))], ['The boathouse key hangs by the door.', 'The spare one lies in a tin.']);

    await frame.locator('.done-line').getByText('Undo').click();
    await frame.locator('.done-line').getByText('As it was.').waitFor();
    assert.deepEqual(await inForce('boathouse'), [facts.boathouse]);
  });

  it('moves one to this workspace', async () => {
    const { frame, detail } = await choose('blue ink', facts.ink);
    await detail.getByRole('button', { name: 'Scope: Shared by all agents' }).click();
    await detail.getByRole('menuitemradio', { name: 'This workspace' }).click();
    await detail.getByRole('button', { name: 'Scope: This workspace' }).waitFor();
    const [moved] = await slices('ink');
    assert.equal(moved?.scope.type, 'workspace');

    await frame.getByRole('searchbox').fill('');
    await filter(frame, 'Scope').click();
    await frame.getByRole('menuitemcheckbox', { name: 'This workspace' }).click();
    await frame.locator('.filter-status', { hasText: /^1 of \d+ memories$/ }).waitFor();
    await row(frame, facts.ink).waitFor();
  });

  it('changes several only after it has shown what that would do', async () => {
    const { frame, bar } = await mark('lantern', [facts.redLantern, facts.greenLantern]);
    await bar.getByRole('button', { name: 'Importance' }).click();
    await bar.getByRole('menuitem', { name: 'High' }).click();
    await bar.getByText('2 memories will have this importance: High.').waitFor();
    await bar.getByText(facts.greenLantern).waitFor();
    assert.deepEqual((await slices('redLantern', 'greenLantern')).map(({ importance }) => importance), [0.5, 0.5], 'nothing is done before the answer');

    await bar.getByText('Change', { exact: true }).click();
    await frame.locator('.done-line').getByText('2 memories changed.').waitFor();
    assert.deepEqual((await slices('redLantern', 'greenLantern', 'oldLantern')).map(({ importance }) => importance), [0.8, 0.8, 0.5]);

    await frame.locator('.done-line').getByText('Undo').click();
    await frame.locator('.done-line').getByText('As it was.').waitFor();
    assert.deepEqual((await slices('redLantern', 'greenLantern')).map(({ importance }) => importance), [0.5, 0.5]);
  });

  it('forgets several after a preview, and brings them back', async () => {
    const { frame, bar } = await mark('lantern', [facts.redLantern, facts.oldLantern]);
    await bar.getByText('Forget').click();
    await bar.getByText('2 memories will be forgotten.').waitFor();
    await bar.getByText('Cancel').click();
    await bar.getByText('Forget').click();
    await bar.locator('.bulk-preview').getByText('Forget', { exact: true }).click();
    await frame.locator('.done-line').getByText('2 memories forgotten.').waitFor();
    assert.deepEqual(await inForce('lantern'), [facts.greenLantern]);

    await frame.locator('.done-line').getByText('Undo').click();
    await frame.locator('.done-line').getByText('Kept.').waitFor();
    assert.equal((await inForce('lantern')).length, 3);
  });

  it('settles that the other of two holds, and shows the replaced one under its filter', async () => {
    const { frame, detail } = await choose('forty crowns', facts.feeForty);
    await detail.getByText('The other holds').click();
    await frame.locator('.done-line').getByText('The other stays in the history.').waitFor();
    await detail.getByRole('heading', { name: 'Does not fit with' }).waitFor({ state: 'detached' });
    assert.deepEqual((await slices('feeForty', 'feeFifty')).map(({ supersededBy }) => supersededBy), ['feeFifty', null]);

    await frame.getByRole('searchbox').fill('');
    await filter(frame, 'Replaced').click();
    await row(frame, facts.feeForty).waitFor();
    await row(frame, facts.feeFifty).waitFor({ state: 'detached' });
  });

  it('settles that both of two hold', async () => {
    const { frame, detail } = await choose('tar spring', facts.tarInSpring);
    await detail.getByText('Both', { exact: true }).click();
    await frame.locator('.done-line').getByText('Both hold.').waitFor();
    await detail.getByRole('heading', { name: 'Does not fit with' }).waitFor({ state: 'detached' });
    assert.deepEqual((await slices('tarInSpring', 'tarInAutumn')).map(({ supersededBy, contradicts }) => [supersededBy, contradicts]), [[null, []], [null, []]]);
  });

  it('shows what is archived under its filter alone', async () => {
    const frame = await browser();
    await row(frame, over).waitFor({ state: 'detached' });
    await filter(frame, 'Archived').click();
    await row(frame, over).waitFor();
    await row(frame, facts.ink).waitFor({ state: 'detached' });
    assert.equal(await frame.locator('.slice').count(), 1);
  });

  it('reviews what was noted by keyboard: accepts, rejects with a way back, edits, and accepts the rest', async () => {
    const frame = await browser();
    await frame.getByRole('button', { name: 'Review' }).click();
    await frame.getByRole('heading', { name: '5 to review' }).waitFor();
    const candidate = (text: string): Locator => frame.locator('.candidate:focus', { hasText: text });
    await candidate(proposed[0]).press('a');
    await candidate(proposed[1]).press('r');
    await frame.getByText(`Rejected: ${proposed[1]}`).getByText('Undo').click();
    await candidate(proposed[1]).press('r');
    await candidate(proposed[2]).press('e');
    const box = frame.getByRole('textbox', { name: 'Memory' });
    await box.fill('Likes tea without milk.');
    await box.press('Enter');
    await frame.getByRole('heading', { name: '2 to review' }).waitFor();
    const decided = await slices('proposed-0', 'proposed-1', 'proposed-2', 'proposed-3');
    assert.deepEqual(decided.map(({ state }) => state), ['held', 'forgotten', 'held', 'proposed']);
    assert.equal(decided[2]?.text, 'Likes tea without milk.');

    await frame.getByText('Accept all').click();
    await frame.getByRole('heading', { name: 'Nothing to review' }).waitFor();
    assert.deepEqual((await slices('proposed-3', 'proposed-4')).map(({ state }) => state), ['held', 'held']);
  });

  it('chooses a week in the timeline, and takes it away again', async () => {
    const frame = await browser();
    await frame.getByRole('button', { name: 'Timeline' }).click();
    const weeks = frame.getByRole('listbox', { name: 'Memories by week, as a filter' });
    await weeks.press('Home');
    await weeks.press('Enter');
    await frame.locator('.filter-status', { hasText: /^2 of \d+ memories$/ }).waitFor();
    for (const text of [longAgo.buoy, longAgo.chain]) await frame.locator('.stop', { hasText: text }).waitFor();
    assert.equal(await frame.locator('.stop').count(), 2);
    await weeks.press('Escape');
    await frame.locator('.stop', { hasText: facts.ink }).waitFor();
  });

  it('chooses a person in the graph by keyboard, says the same in a table, and leads to the memories', async () => {
    const frame = await browser();
    await frame.getByRole('button', { name: 'Graph' }).click();
    const graph = frame.getByRole('listbox', { name: 'People, places' });
    await graph.press('Home');
    const names = await graph.getByRole('option').evaluateAll((options) => options.map((option) => option.getAttribute('aria-label') ?? ''));
    const place = names.findIndex((name) => name.startsWith('Jorun,'));
    assert.ok(place > 0, names.join(' | '));
    for (let i = 0; i < place; i++) await graph.press('ArrowRight');
    await frame.getByRole('heading', { name: 'Jorun' }).waitFor();
    await frame.locator('.entity.is-near', { hasText: 'Henrike' }).waitFor();

    await frame.getByRole('button', { name: 'Show as a list' }).click();
    const cells = frame.locator('tbody tr', { hasText: /^\s*Jorun/ }).locator('th, td');
    const [name, , count, tied] = await cells.allInnerTexts();
    assert.deepEqual([name, count], ['Jorun', '2']);
    assert.match(tied ?? '', /Henrike/);

    await frame.getByText('Show all').click();
    await frame.getByText('With “Jorun”').waitFor();
    await frame.locator('.filter-status', { hasText: /^2 of \d+ memories$/ }).waitFor();
    for (const text of [facts.askHenrike, facts.jorunTold]) await row(frame, text).waitFor();
  });

  it('counts in its statistics what the store holds', async () => {
    const frame = await browser();
    await frame.getByRole('button', { name: 'More' }).click();
    await frame.getByRole('menuitem', { name: 'Statistics' }).click();
    const count = async (name: string): Promise<number> => Number(await frame.getByRole('row', { name }).getByRole('cell').innerText());
    await frame.getByRole('row', { name: 'Archived' }).waitFor();
    const held = await profile.inStore((store) => store.slices.list({ states: ['held'], limit: 100, offset: 0 }));
    const of = (holds: (slice: Slice) => boolean): number => held.slices.filter(holds).length;
    assert.deepEqual(
      { facts: await count('Fact'), replaced: await count('Replaced'), archived: await count('Archived') },
      { facts: of(({ kind }) => kind === 'semantic'), replaced: of(({ supersededBy }) => supersededBy !== null), archived: of(({ archivedAt }) => archivedAt !== null) },
    );
  });

  it('logs no error and breaks no rule of its page', () => {
    assert.deepEqual(workbench.window.webviewProblems(), []);
  });
});

function row(frame: Frame, text: string): Locator {
  return frame.locator('.slice', { hasText: text });
}

function filter(frame: Frame, name: string): Locator {
  return frame.getByRole('toolbar', { name: 'Filters' }).getByRole('button', { name, exact: true });
}
