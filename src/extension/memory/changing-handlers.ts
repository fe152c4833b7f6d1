import { correctMemory, mergeMemories, settleContradiction, splitMemory, undoReplacing, type Replaced } from '../../memory/curating.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { BeforeChange, Replacing, ScopeChoice, SliceRow } from '../../shared/protocol/memory-views.ts';
import type { Scope, Slice } from '../../store/records.ts';
import { placeOf, type MemoryParts, type Part } from './memory-parts.ts';
import { importanceOf, sliceRow, type Place } from './slice-views.ts';

/** Everything that changes memories that are held. */
export function changingHandlers(parts: MemoryParts): Part<'edit' | 'change' | 'undoChange' | 'forget' | 'undoForget' | 'merge' | 'split' | 'undoReplace' | 'settle'> {
  const { store, clock, forgetting } = parts;
  return {
    edit: async ({ id, version, text }) => ({ slice: sliceRow(await correctMemory(parts, { id, version }, text), placeOf(parts)) }),
    change: async ({ slices, importance, pinned, scope, kind }) => {
      const place = placeOf(parts);
      const fields = {
        ...(importance === undefined ? {} : { importance: importanceOf[importance] }),
        ...(pinned === undefined ? {} : { pinned }),
        ...(scope === undefined ? {} : { scope: scopeOf(scope, place) }),
        ...(kind === undefined ? {} : { kind }),
      };
      const before = new Map((await store.slices.get(slices.map(({ id }) => id))).map((slice) => [slice.id, slice]));
      // Calls that are made together are one write.
      const changed = await Promise.all(slices.map(({ id, version }) => store.slices.edit({ id, version, ...fields, at: clock.now() })));
      return { slices: changed.map((slice) => sliceRow(slice, place)), undo: changed.flatMap(({ id, version }) => wayBack(before.get(id), version)) };
    },
    undoChange: async ({ before }) => {
      const changed = await Promise.all(before.map((slice) => store.slices.edit({ ...slice, at: clock.now() })));
      return { slices: changed.map((slice) => sliceRow(slice, placeOf(parts))) };
    },
    forget: async ({ ids }) => ({ slices: (await Promise.all(ids.map((id) => forgetting.forget(id)))).map((slice) => sliceRow(slice, placeOf(parts))) }),
    undoForget: async ({ ids }) => ({ slices: (await Promise.all(ids.map((id) => forgetting.undo(id)))).map((slice) => sliceRow(slice, placeOf(parts))) }),
    merge: async ({ slices, text }) => replacedView(await mergeMemories(parts, slices, text), placeOf(parts)),
    split: async ({ slice, texts }) => replacedView(await splitMemory(parts, slice, texts), placeOf(parts)),
    undoReplace: async (undo) => {
      await undoReplacing(parts, undo);
      return {};
    },
    settle: async (pair) => {
      await settleContradiction(parts, pair);
      return {};
    },
  };
}

function wayBack(before: Slice | undefined, version: number): BeforeChange {
  if (before === undefined) return [];
  const { id, kind, importance, pinned, scope } = before;
  return [{ id, version, kind, importance, pinned, scope }];
}

function replacedView({ slices, undo }: Replaced, place: Place): { slices: SliceRow[]; undo: Replacing } {
  return { slices: slices.map((slice) => sliceRow(slice, place)), undo: { ids: [...undo.ids], by: [...undo.by] } };
}

/** @throws HearthlinkError `invalid-input` for a workspace where none is open. */
function scopeOf(choice: ScopeChoice, { agentId, workspaceId }: Place): Scope {
  switch (choice) {
    case 'shared':
      return { type: 'shared' };
    case 'agent':
      return { type: 'agent', agentId };
    case 'workspace':
      if (workspaceId !== null) return { type: 'workspace', workspaceId };
      throw new HearthlinkError('invalid-input', { field: 'scope' });
    case 'other-workspace':
      throw new HearthlinkError('invalid-input', { field: 'scope' });
  }
}
