import { HearthlinkError } from '../../../shared/errors.ts';
import type { Message } from '../../records.ts';
import type { StoreContext } from '../context.ts';
import { blank, factSpan } from '../spans.ts';
import { blankEverywhere, writeMessageTexts } from './blanking.ts';
import { requireMessage, wholeMessage } from './message-reading.ts';
import { planPurge } from './wiping.ts';

/**
 * Blanks characters `start` to `end` of a message, and the same words wherever else they stand.
 *
 * @throws HearthlinkError `not-found`; `invalid-input` when the span is not in the text; `conflict` while the reply is written.
 */
export async function blankText(
  context: StoreContext,
  change: { messageId: string; start: number; end: number; at: number },
): Promise<Message> {
  const row = await requireMessage(context.db, change.messageId);
  if (row.status === 'streaming') throw new HearthlinkError('conflict', { kind: 'reply', id: row.id, status: row.status });
  if (!(0 <= change.start && change.start < change.end && change.end <= row.text.length)) {
    throw new HearthlinkError('invalid-input', { field: 'start', detail: 'not a span of the text' });
  }
  const span = factSpan(row.text.slice(change.start, change.end));
  const text = row.text.slice(0, change.start) + blank + row.text.slice(change.end);
  await writeMessageTexts(context, row, { text, thinking: row.thinking });
  if (span !== null) await blankEverywhere(context, [span]);
  await planPurge(context, change.at);
  return wholeMessage(context.db, await requireMessage(context.db, row.id));
}
