import type { ImportanceLevel, ScopeChoice, SliceRow } from '../../shared/protocol/memory-views.ts';

/** What may be done with several memories at once. */
export type BulkChange =
  | { readonly type: 'forget' }
  | { readonly type: 'pin'; readonly pinned: boolean }
  | { readonly type: 'rate'; readonly importance: ImportanceLevel }
  | { readonly type: 'move'; readonly scope: ScopeChoice }
  | { readonly type: 'merge'; readonly text: string };

/** Whether a memory would be another one afterwards. */
export function isChangedBy(slice: SliceRow, change: BulkChange): boolean {
  switch (change.type) {
    case 'forget':
      return slice.undoUntil === null;
    case 'pin':
      return slice.pinned !== change.pinned;
    case 'rate':
      return slice.importance !== change.importance;
    case 'move':
      return slice.scope !== change.scope;
    case 'merge':
      return true;
  }
}
