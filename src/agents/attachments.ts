import { fenced } from '../memory/fence.ts';
import type { Attachment } from '../store/records.ts';

/** An attachment as it stands in the prompt: data, fenced and named. Always the same text for the same attachment. */
export function attachmentText(attachment: Omit<Attachment, 'id' | 'tokens'>): string {
  const { kind, label, language, firstLine, lastLine, text } = attachment;
  return fenced('attachment', text, {
    kind,
    label,
    ...(firstLine === null ? {} : { lines: lastLine === null || lastLine === firstLine ? String(firstLine) : `${String(firstLine)}-${String(lastLine)}` }),
    ...(language === null ? {} : { language }),
  });
}

/**
 * Tokens that an attachment takes in the prompt, its fence and the blank line after it included. The text is only measured,
 * not fenced, since it may be long and a fence never changes its length.
 */
export function attachmentTokens(attachment: Omit<Attachment, 'id' | 'tokens'>, estimate: (text: string) => number): number {
  return estimate(attachment.text) + estimate(`${attachmentText({ ...attachment, text: '' })}\n\n`);
}
