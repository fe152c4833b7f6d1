import { HearthlinkError } from '../../../shared/errors.ts';
import type { Message, Slice } from '../../records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { blank, blanked, factSpan, type Span, turnSpan } from '../spans.ts';
import type { NewSliceRow } from '../schema.ts';
import { mergedInto } from './slice-merging.ts';
import { oneSlice, updateSlice } from './slice-repository.ts';
import { isVisible, requireSlice, selectWholeSlices, textOf, type WholeSliceRow } from './slice-rows.ts';

/** A slice that is forgotten already is answered as it is; the time for undo does not begin again. */
export async function forgetSlice(context: StoreContext, change: { id: string; undoUntil: number; at: number }): Promise<Slice> {
  const row = await requireSlice(context.db, change.id);
  if (row.state === 'forgotten') return oneSlice(context.db, row);
  return oneSlice(context.db, await markForgotten(context, row, change));
}

/**
 * @throws HearthlinkError `not-found` when it is wiped; `invalid-transition` when the time for undo has passed, or when it was
 * forgotten with its chat, which is brought back whole or not at all.
 */
export async function undoForget(context: StoreContext, change: { id: string; at: number }): Promise<Slice> {
  const row = await requireSlice(context.db, change.id);
  if (row.state !== 'forgotten') return oneSlice(context.db, row);
  if (row.forgotten_with !== null || change.at > (row.undo_until ?? 0)) {
    throw new HearthlinkError('invalid-transition', { from: 'forgotten', to: row.state_before ?? 'held' });
  }
  return oneSlice(context.db, await bringBack(context, row));
}

export async function markForgotten(
  context: StoreContext,
  row: WholeSliceRow,
  change: { readonly undoUntil: number; readonly at: number; readonly withSession?: string; readonly rejected?: boolean },
): Promise<WholeSliceRow> {
  // What says the same and was merged into it would say it still.
  for (const merged of await mergedInto(context.db, row.id)) if (merged.state !== 'forgotten') await markOne(context, merged, change);
  return markOne(context, row, change);
}

type Forgetting = Parameters<typeof markForgotten>[2];

function markOne(context: StoreContext, row: WholeSliceRow, change: Forgetting): Promise<WholeSliceRow> {
  context.emit({ type: 'set-visible', ids: [row.id], visible: false });
  return updateSlice(context, row, {
    state: 'forgotten',
    state_before: row.state,
    forgotten_at: change.at,
    undo_until: change.undoUntil,
    forgotten_with: change.withSession ?? null,
    rejected: change.rejected === true ? 1 : 0,
  });
}

/** With what was merged into it and forgotten along with it. */
export async function bringBack(context: StoreContext, row: WholeSliceRow): Promise<WholeSliceRow> {
  const merged = await mergedInto(context.db, row.id);
  for (const other of merged) if (other.forgotten_at === row.forgotten_at && other.forgotten_with === row.forgotten_with) await bringOneBack(context, other);
  return bringOneBack(context, row);
}

async function bringOneBack(context: StoreContext, row: WholeSliceRow): Promise<WholeSliceRow> {
  const fields: Partial<NewSliceRow> = {
    state: row.state_before ?? 'held',
    state_before: null,
    forgotten_at: null,
    undo_until: null,
    forgotten_with: null,
    rejected: 0,
  };
  const held = await updateSlice(context, row, fields);
  if (isVisible(held)) context.emit({ type: 'set-visible', ids: [row.id], visible: true });
  return held;
}

/** What a forgotten slice said, until it is wiped: kept out of prompts wherever else it stands. */
export interface ForgottenWords {
  /** The message it comes from: there even a commonplace is meant. */
  readonly messageId: string | null;
  /** The whole message was forgotten, not a part of it. */
  readonly isWholeMessage: boolean;
  readonly spans: readonly Span[];
}

export async function forgottenWords(db: StoreDatabase): Promise<ForgottenWords[]> {
  const rows = await selectWholeSlices(db).where('slice.forgotten_at', 'is not', null).where('slice.rejected', '=', 0).execute();
  return rows.map(wordsOf);
}

export function wordsOf(row: WholeSliceRow): ForgottenWords {
  const isWholeMessage = row.text === null;
  const spans = isWholeMessage ? [turnSpan(textOf(row))] : [factSpan(textOf(row)), row.quote === null ? null : factSpan(row.quote)];
  return { messageId: row.message_id, isWholeMessage, spans: spans.filter((span) => span !== null) };
}

/** A text without what is forgotten. `messageId` tells where it stands, null when in no message. */
export function withoutForgotten(text: string, messageId: string | null, forgotten: readonly ForgottenWords[]): string {
  let rest = text;
  for (const words of forgotten) {
    const isSource = messageId !== null && words.messageId === messageId;
    if (isSource && words.isWholeMessage) return blank;
    rest = blanked(rest, isSource ? words.spans : words.spans.filter((span) => span.isTelling));
  }
  return rest;
}

/** A message as a prompt may hold it while something in it is forgotten but not wiped yet. */
export function messageWithoutForgotten(message: Message, forgotten: readonly ForgottenWords[]): Message {
  if (forgotten.length === 0) return message;
  const isForgotten = forgotten.some((words) => words.isWholeMessage && words.messageId === message.id);
  const clean = (text: string): string => withoutForgotten(text, message.id, forgotten);
  return {
    ...message,
    text: clean(message.text),
    thinking: message.thinking === '' ? '' : clean(message.thinking),
    attachments: isForgotten
      ? []
      : message.attachments.map((attachment) => ({ ...attachment, label: clean(attachment.label), text: clean(attachment.text) })),
  };
}
