import type { MessageView } from '../../shared/protocol/chat-views.ts';

/** Metrics of the chat at 13 px, for rows that have not been drawn yet; a drawn row is measured instead. */
const lineHeight = 20;
const characterWidth = 6.6;
const bubbleShare = 0.88;
const requestFrame = 34;
const replyFrame = 74;

/**
 * About how many pixels a turn will take. Only the scroll bar depends on it being right.
 *
 * @param width pixels of the transcript
 */
export function estimatedHeight(message: MessageView, width: number): number {
  const isRequest = message.role === 'user';
  const perLine = Math.max(10, (width * (isRequest ? bubbleShare : 1)) / characterWidth);
  const lines = Math.ceil(message.text.length / perLine) + 0.5;
  return Math.round(lines * lineHeight) + (isRequest ? requestFrame : replyFrame);
}
