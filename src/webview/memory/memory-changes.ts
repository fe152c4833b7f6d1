import * as l10n from '@vscode/l10n';
import type { BeforeChange, Replacing, SliceRow } from '../../shared/protocol/memory-views.ts';
import type { Ask } from './ask.ts';
import { isChangedBy, type BulkChange } from './bulk-change.ts';
import { memoriesWords } from './slice-words.ts';

/** Something that was done, in words, and how to take it back. */
export interface Done {
  readonly words: string;
  readonly undo?: () => Promise<void>;
}

export interface ChangeListener {
  /** These are so now. */
  onChanged(slices: readonly SliceRow[]): void;
  /** Some came or went: lists have to be asked for again. */
  onReplaced(slices: readonly SliceRow[]): void;
  onDone(done: Done): void;
}

/** All that changes memories from the browser: asks for it, says what was done, and keeps the way back. */
export class MemoryChanges {
  readonly #ask: Ask;
  readonly #listener: ChangeListener;

  constructor(ask: Ask, listener: ChangeListener) {
    this.#ask = ask;
    this.#listener = listener;
  }

  async forget(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const answer = await this.#ask('forget', { ids: [...ids] });
    if (answer === undefined) return;
    this.#listener.onChanged(answer.slices);
    this.#listener.onDone({ words: ids.length === 1 ? l10n.t('Forgotten.') : l10n.t('{0} forgotten.', memoriesWords(ids.length)), undo: () => this.undoForget(ids) });
  }

  async undoForget(ids: readonly string[]): Promise<void> {
    const answer = await this.#ask('undoForget', { ids: [...ids] });
    if (answer === undefined) return;
    this.#listener.onChanged(answer.slices);
    this.#listener.onDone({ words: l10n.t('Kept.') });
  }

  /** Does to all of these what was decided; those that are so already are left alone. */
  async changeAll(slices: readonly SliceRow[], change: Exclude<BulkChange, { type: 'merge' }>): Promise<void> {
    const differing = slices.filter((slice) => isChangedBy(slice, change));
    if (differing.length === 0) return;
    if (change.type === 'forget') {
      await this.forget(differing.map(({ id }) => id));
      return;
    }
    const answer = await this.#ask('change', { slices: seen(differing), ...fieldsOf(change) });
    if (answer === undefined) return;
    this.#listener.onChanged(answer.slices);
    this.#listener.onDone({ words: l10n.t('{0} changed.', memoriesWords(differing.length)), undo: () => this.#undoChange(answer.undo) });
  }

  async merge(slices: readonly SliceRow[], text: string): Promise<boolean> {
    const answer = await this.#ask('merge', { slices: seen(slices), text });
    if (answer !== undefined) this.#replaced(answer.slices, answer.undo, l10n.t('{0} merged.', memoriesWords(slices.length)));
    return answer !== undefined;
  }

  async split(slice: SliceRow, texts: readonly string[]): Promise<boolean> {
    const [one] = seen([slice]);
    const answer = one === undefined ? undefined : await this.#ask('split', { slice: one, texts: [...texts] });
    if (answer !== undefined) this.#replaced(answer.slices, answer.undo, l10n.t('Split into {0}.', memoriesWords(texts.length)));
    return answer !== undefined;
  }

  async settle(id: string, otherId: string, holds: 'this' | 'other' | 'both'): Promise<void> {
    if ((await this.#ask('settle', { id, otherId, holds })) === undefined) return;
    this.#listener.onReplaced([]);
    this.#listener.onDone({ words: holds === 'both' ? l10n.t('Both hold.') : l10n.t('The other stays in the history.') });
  }

  #replaced(slices: readonly SliceRow[], undo: Replacing, words: string): void {
    this.#listener.onReplaced(slices);
    this.#listener.onDone({ words, undo: () => this.#undoReplace(undo) });
  }

  async #undoChange(before: BeforeChange): Promise<void> {
    const answer = await this.#ask('undoChange', { before });
    if (answer === undefined) return;
    this.#listener.onChanged(answer.slices);
    this.#listener.onDone({ words: l10n.t('As it was.') });
  }

  async #undoReplace(undo: Replacing): Promise<void> {
    if ((await this.#ask('undoReplace', undo)) === undefined) return;
    this.#listener.onReplaced([]);
    this.#listener.onDone({ words: l10n.t('As it was.') });
  }
}

function seen(slices: readonly SliceRow[]): { id: string; version: number }[] {
  return slices.map(({ id, version }) => ({ id, version }));
}

function fieldsOf(change: Exclude<BulkChange, { type: 'merge' | 'forget' }>): Partial<Pick<SliceRow, 'pinned' | 'importance' | 'scope'>> {
  switch (change.type) {
    case 'pin':
      return { pinned: change.pinned };
    case 'rate':
      return { importance: change.importance };
    case 'move':
      return { scope: change.scope };
  }
}
