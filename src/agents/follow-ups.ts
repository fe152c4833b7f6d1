import type { Clock, IdSource } from '../shared/ports.ts';
import { enqueueCapture } from '../memory/capture.ts';
import { enqueueEmbedding } from '../memory/embedding-job.ts';
import type { Store } from '../store/port.ts';
import type { Session } from '../store/records.ts';
import type { FinishedTurn } from './conversation.ts';
import { enqueueTitle } from './title-job.ts';

export interface FollowUpParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** A chat that has no title of its own after so many messages keeps its first words. */
const messagesUntilNamed = 8;

/** What follows a stored reply, none of it on its path: recalled slices are counted; facts, vectors and a title are planned. */
export async function planFollowUps(parts: FollowUpParts, turn: FinishedTurn): Promise<void> {
  const { clock, store } = parts;
  const { reply, sessionId } = turn;
  const session = await store.sessions.get(sessionId);
  // Deleted meanwhile: nothing more is to be made of it.
  if (session === null) return;
  const plans: Promise<unknown>[] = [enqueueEmbedding(parts)];
  if (reply.memoriesUsed.length > 0) plans.push(store.slices.recordRecall({ ids: reply.memoriesUsed, at: clock.now() }));
  if (isToBeNamed(session, turn)) plans.push(enqueueTitle(parts, { sessionId, replyId: reply.id }));
  if (await isToBeRead(store, session, turn)) plans.push(enqueueCapture(parts, { sessionId, messageId: turn.userMessageId }));
  await Promise.all(plans);
}

function isToBeNamed(session: Session, { reply }: FinishedTurn): boolean {
  return session.titleBy === 'none' && session.messageCount <= messagesUntilNamed && reply.origin === 'model' && reply.status === 'complete';
}

/** Not while no model can be reached: the job could only fail. The next message that is answered brings this one along. */
async function isToBeRead(store: Store, session: Session, { isNewMessage, reply }: FinishedTurn): Promise<boolean> {
  if (!isNewMessage || session.temporary || reply.origin !== 'model') return false;
  return (await store.agents.settings(session.agentId)).captureMode !== 'off';
}
