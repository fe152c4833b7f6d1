import type { Attachment, Message } from '../store/records.ts';
import { attachmentText } from './attachments.ts';

/** A question and its answer, as the model is told of them. */
export interface Exchange {
  /** Of the first message in it. */
  readonly id: string;
  readonly messageIds: readonly string[];
  readonly attachments: readonly Attachment[];
  /** The person's words. */
  readonly words: string;
  readonly answer: string;
}

/** A question that waits for its answer: the new message, after whatever was never answered before it. */
export type Question = Omit<Exchange, 'answer'>;

export interface AskedBranch {
  readonly history: readonly Exchange[];
  readonly question: Question;
  /** Messages of exchanges whose answer is still being written. */
  readonly unfinishedIds: readonly string[];
}

/**
 * A branch as question and answer in turn, whatever happened on it: several chat templates refuse anything else.
 * A question without an answer (the model failed, or memory alone answered) is asked along with the next one; an exchange
 * whose answer is still being written, in another window, is left out until it is whole.
 * @param branch oldest first; what stands before its first question is left out.
 */
export function toExchanges(branch: readonly Message[], message: QuestionMessage): AskedBranch {
  const history: Exchange[] = [];
  const unfinishedIds: string[] = [];
  let open: Question | null = null;
  for (const entry of branch) {
    if (entry.role === 'user') {
      open = asked(open, entry);
    } else if (open !== null) {
      if (entry.status === 'streaming') {
        unfinishedIds.push(...open.messageIds, entry.id);
        open = null;
      } else if (isAnswer(entry)) {
        history.push({ ...open, messageIds: [...open.messageIds, entry.id], answer: entry.text });
        open = null;
      }
    }
  }
  return { history, question: asked(open, message), unfinishedIds };
}

export type QuestionMessage = Pick<Message, 'id' | 'text' | 'attachments'>;

/** The text of a question in the history: attachments, then words. The newest one begins the same way. */
export function questionText({ attachments, words }: Pick<Question, 'attachments' | 'words'>): string {
  return [...attachments.map(attachmentText), words].join('\n\n');
}

function isAnswer(message: Message): boolean {
  return message.origin === 'model' && message.text.trim() !== '';
}

function asked(open: Question | null, message: QuestionMessage): Question {
  const { id, text, attachments } = message;
  if (open === null) return { id, messageIds: [id], attachments, words: text };
  return {
    id: open.id,
    messageIds: [...open.messageIds, id],
    attachments: [...open.attachments, ...attachments],
    words: open.words === text ? text : `${open.words}\n\n${text}`,
  };
}
