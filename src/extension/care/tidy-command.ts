import { ProgressLocation, l10n, window, type QuickPickItem } from 'vscode';
import { enqueueTidying, mergeAlike, planTidying, tidyingDone, undoTidying, type Tidied, type TidyingParts, type TidySettings } from '../../memory/consolidation.ts';
import { maskSecrets } from '../../memory/secrets.ts';
import type { Store } from '../../store/port.ts';
import type { Slice } from '../../store/records.ts';
import type { TidyPlan, TidyStep } from '../../store/tidy-plan.ts';

export interface TidyCommandParts extends TidyingParts {
  readonly store: Store;
  readonly settings: () => TidySettings;
  /** Has the job looked for that was just planned. */
  readonly startJobs: () => void;
}

/** Shows what a tidying would do, does what is chosen of it as a background job, and offers to undo it. */
export async function tidyMemory(parts: TidyCommandParts): Promise<void> {
  const looking = l10n.t('Looking for what can be tidied up…');
  const plan = await window.withProgress({ location: ProgressLocation.Window, title: looking }, async () => planTidying(parts, parts.settings()));
  const choices = choicesOf(plan);
  if (choices.length === 0) {
    void window.showInformationMessage(l10n.t('There is nothing to tidy up.'));
    return;
  }
  const picked = await window.showQuickPick(choices, {
    canPickMany: true,
    ignoreFocusOut: true,
    title: l10n.t('Tidy up memory'),
    placeHolder: l10n.t('Nothing is deleted, and all of it can be undone. Choose what to do.'),
  });
  if (picked === undefined) return;
  const steps = picked.flatMap(({ step }) => (step === 'look-at-pairs' ? [] : [step]));
  if (steps.length > 0) await run(parts, plan, steps);
  if (picked.some(({ step }) => step === 'look-at-pairs')) await mergePairs(parts, plan);
}

type Choice = QuickPickItem & { readonly step: TidyStep | 'look-at-pairs' };

function choicesOf({ duplicates, unused, expired, alike }: TidyPlan): Choice[] {
  const choices: (Choice & { count: number })[] = [
    {
      step: 'merge',
      count: duplicates.count,
      label: l10n.t('Merge duplicates: {0}', duplicates.count),
      description: l10n.t('the older one is kept, and where each comes from'),
      detail: examples(duplicates.examples.flatMap(([first]) => first ?? [])),
      picked: true,
    },
    {
      step: 'archive',
      count: unused.count,
      label: l10n.t('Archive messages that were never recalled: {0}', unused.count),
      description: l10n.t('out of recall, still in their chats'),
      detail: examples(unused.examples),
      picked: true,
    },
    {
      step: 'expire',
      count: expired.count,
      label: l10n.t('Archive what held for now and is over: {0}', expired.count),
      detail: examples(expired.examples),
      picked: true,
    },
    {
      step: 'look-at-pairs',
      count: alike.count,
      label: l10n.t('Look at pairs that say nearly the same: {0}', alike.count),
      description: l10n.t('you choose which are merged'),
      detail: examples(alike.pairs.flatMap(({ slices: [first] }) => first ?? [])),
    },
  ];
  return choices.filter(({ count }) => count > 0);
}

const examplesShown = 3;
const longestExample = 60;

function examples(slices: readonly Slice[]): string {
  return slices.slice(0, examplesShown).map((slice) => l10n.t('“{0}”', wordsOf(slice, longestExample))).join(' · ');
}

function wordsOf(slice: Slice, longest: number): string {
  const words = maskSecrets(slice.text).replaceAll(/\s+/g, ' ').trim();
  return words.length <= longest ? words : `${words.slice(0, longest - 1)}…`;
}

async function run(parts: TidyCommandParts, plan: TidyPlan, steps: readonly TidyStep[]): Promise<void> {
  const job = await enqueueTidying(parts, plan, steps);
  parts.startJobs();
  const done = await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Memory is being tidied up…') }, async () => tidyingDone(parts, job));
  await offerUndo(sentenceOf(done), () => undoTidying(parts, done));
}

function sentenceOf({ merged, archived }: Tidied): string {
  if (merged === 0) return l10n.t('Archived: {0}.', archived);
  return archived === 0 ? l10n.t('Merged: {0}.', merged) : l10n.t('Merged: {0}. Archived: {1}.', merged, archived);
}

async function mergePairs(parts: TidyCommandParts, { alike }: TidyPlan): Promise<void> {
  const items = alike.pairs.flatMap(({ slices, share }) => {
    const [first, second] = slices.map((slice) => wordsOf(slice, longestPairText));
    if (first === undefined || second === undefined) return [];
    return [{ slices, label: first, detail: second, description: l10n.t('{0} % of their words are the same', Math.round(share * 100)) }];
  });
  const picked = await window.showQuickPick(items, {
    canPickMany: true,
    ignoreFocusOut: true,
    title: l10n.t('Which of these say the same?'),
    placeHolder: l10n.t('The longer one of each pair is kept. The other stays in its history.'),
  });
  if (picked === undefined || picked.length === 0) return;
  const mergedIds: string[] = [];
  for (const { slices } of withoutOverlaps(picked)) mergedIds.push((await mergeAlike(parts, slices)).mergedId);
  await offerUndo(l10n.t('Merged: {0}.', mergedIds.length), async () => {
    for (const id of mergedIds.toReversed()) await parts.store.slices.unmerge({ id, at: parts.clock.now() });
  });
}

const longestPairText = 200;

/** One slice is merged once: of pairs that share one, the first that was chosen. The next tidying shows the rest. */
function withoutOverlaps<Pair extends { readonly slices: readonly Slice[] }>(pairs: readonly Pair[]): Pair[] {
  const taken = new Set<string>();
  return pairs.filter(({ slices }) => {
    if (slices.some(({ id }) => taken.has(id))) return false;
    for (const { id } of slices) taken.add(id);
    return true;
  });
}

async function offerUndo(sentence: string, undo: () => Promise<void>): Promise<void> {
  const label = l10n.t('Undo');
  if ((await window.showInformationMessage(sentence, label)) !== label) return;
  await undo();
  void window.showInformationMessage(l10n.t('All is as it was before.'));
}
