import * as z from 'zod';
import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, IdSource } from '../shared/ports.ts';
import { ownWords } from '../memory/capture-rules.ts';
import { onOneLine } from '../memory/fence.ts';
import { maskSecrets } from '../memory/secrets.ts';
import type { JobHandler } from '../models/background-jobs.ts';
import type { ChatModel, ModelChoice } from '../models/port.ts';
import { askForShape } from '../models/structured-output.ts';
import type { Store } from '../store/port.ts';
import { titlePrompt, titleShape } from './title-prompt.ts';

export const titleKind = 'title';

const payloadShape = z.object({ sessionId: z.string(), replyId: z.string() });

export interface TitleParts {
  readonly store: Store;
  readonly chat: ChatModel;
  readonly choice: ModelChoice;
  readonly clock: Clock;
}

/** Plans to name a chat after its first exchange; until then, and if no model can, it is called by its first words. */
export async function enqueueTitle(
  { store, clock, ids }: { readonly store: Pick<Store, 'jobs'>; readonly clock: Clock; readonly ids: IdSource },
  exchange: z.infer<typeof payloadShape>,
): Promise<void> {
  const at = clock.now();
  await store.jobs.enqueue({ id: ids.next(), kind: titleKind, key: exchange.sessionId, payload: JSON.stringify(exchange), runAfter: at, at });
}

const longestPart = 600;

/** Names a chat that nobody has named yet. */
export function titleHandler({ store, chat, choice, clock }: TitleParts): JobHandler {
  return async (job, signal) => {
    const { sessionId, replyId } = payloadShape.parse(JSON.parse(job.payload));
    const session = await store.sessions.get(sessionId);
    if (session?.titleBy !== 'none') return;
    const [question, reply] = await store.messages.path({ leafId: replyId, limit: 2 });
    if (question === undefined || reply === undefined) return;
    const model = await choice.chatModel(signal);
    if (model === null) throw new HearthlinkError('model-none-chosen');
    const messages = titlePrompt(excerpt(question.text), excerpt(reply.text));
    const { title } = await askForShape(chat, { model, messages, shape: titleShape, maxReplyTokens: 60, background: true }, signal);
    const cleaned = cleanTitle(title);
    if (cleaned !== '') await store.sessions.rename({ id: sessionId, title: cleaned, by: 'agent', at: clock.now() });
  };
}

function excerpt(text: string): string {
  return ownWords(maskSecrets(text)).slice(0, longestPart);
}

/** One line without quotation marks around it or a full stop after it. */
function cleanTitle(title: string): string {
  return onOneLine(title)
    .replace(/^["'“”„«»‘’]+|["'“”„«»‘’.]+$/gu, '')
    .trim();
}
