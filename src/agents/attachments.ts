import { fenced } from '../memory/fence.ts';
import type { Attachment } from '../store/records.ts';

/** An attachment as it stands in the prompt: data, fenced and named. Always the same text for the same attachment. */
export function attachmentText(attachment: Omit<Attachment, 'id' | 'tokens'>): string {
  const { kind, label, language, text } = attachment;
  const lines = linesOf(attachment);
  return fenced('attachment', text, {
    kind,
    label,
    ...(lines === null ? {} : { lines }),
    ...(language === null ? {} : { language }),
  });
}

/** `3`, or `3-9` */
function linesOf({ firstLine, lastLine }: Pick<Attachment, 'firstLine' | 'lastLine'>): string | null {
  if (firstLine === null) return null;
  return lastLine === null || lastLine === firstLine ? String(firstLine) : `${firstLine}-${lastLine}`;
}

/**
 * Tokens that an attachment takes in the prompt, its fence and the blank line after it included. The text is only measured,
 * not fenced, since it may be long and a fence never changes its length.
 */
export function attachmentTokens(attachment: Omit<Attachment, 'id' | 'tokens'>, estimate: (text: string) => number): number {
  return estimate(attachment.text) + estimate(`${attachmentText({ ...attachment, text: '' })}\n\n`);
}
