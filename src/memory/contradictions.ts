import * as z from 'zod';
import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, IdSource, Log, Timers } from '../shared/ports.ts';
import type { JobHandler } from '../models/background-jobs.ts';
import type { ChatModel, Embedder, ModelChoice } from '../models/port.ts';
import { askForShape } from '../models/structured-output.ts';
import type { Store } from '../store/port.ts';
import type { Slice } from '../store/records.ts';
import { contradictionPrompt, contradictionShape } from './capture-prompt.ts';
import { embedQuestion } from './recall.ts';

export const contradictionsKind = 'contradictions';

const payloadShape = z.object({ sliceIds: z.array(z.string()) });

export interface ContradictionParts {
  readonly store: Store;
  readonly chat: ChatModel;
  readonly choice: ModelChoice;
  readonly embedder: Embedder;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly agentId: string;
}

/** Plans to compare new facts with what is known. */
export async function enqueueContradictions(
  { store, clock, ids }: { readonly store: Pick<Store, 'jobs'>; readonly clock: Clock; readonly ids: IdSource },
  sliceIds: readonly string[],
): Promise<void> {
  if (sliceIds.length === 0) return;
  const at = clock.now();
  const payload = JSON.stringify({ sliceIds: [...sliceIds] } satisfies z.infer<typeof payloadShape>);
  await store.jobs.enqueue({ id: ids.next(), kind: contradictionsKind, key: null, payload, runAfter: at, at });
}

/** How many slices that are like a new one it is compared with. */
const compared = 3;
/** Recall also finds turns; those are passed over. */
const candidates = 24;

/**
 * Compares facts with similar ones of the same kind. Where the model is sure that both cannot be true, both stay and each names
 * the other: only the person decides.
 */
export function contradictionsHandler(parts: ContradictionParts): JobHandler {
  return async (job, signal) => {
    const { sliceIds } = payloadShape.parse(JSON.parse(job.payload));
    for (const slice of await parts.store.slices.get(sliceIds)) {
      if (slice.state === 'forgotten') continue;
      for (const other of await similarFacts(parts, slice, signal)) {
        signal.throwIfAborted();
        if (!(await contradict(parts, slice, other, signal))) continue;
        await parts.store.slices.markContradiction({ a: slice.id, b: other.id, at: parts.clock.now() });
        parts.log.info('Two memories do not fit.');
      }
    }
  };
}

async function similarFacts(parts: ContradictionParts, slice: Slice, signal: AbortSignal): Promise<readonly Slice[]> {
  const { agentId, clock, store } = parts;
  const { hits } = await store.recall({
    text: slice.text,
    vector: await embedQuestion(parts, slice.text, signal),
    agentId,
    workspaceId: slice.scope.type === 'workspace' ? slice.scope.workspaceId : null,
    sessionId: null,
    excludeMessageIds: slice.provenance.type === 'message' ? [slice.provenance.messageId] : [],
    limit: candidates,
    tokenBudget: 10_000,
    charactersPerToken: 4,
    at: clock.now(),
  });
  return hits
    .map((hit) => hit.slice)
    .filter((other) => other.id !== slice.id && other.kind === slice.kind && other.supersededBy === null && !slice.contradicts.includes(other.id))
    .slice(0, compared);
}

async function contradict({ chat, choice }: ContradictionParts, slice: Slice, other: Slice, signal: AbortSignal): Promise<boolean> {
  const model = await choice.chatModel(signal);
  if (model === null) throw new HearthlinkError('model-none-chosen');
  const answer = await askForShape(
    chat,
    { model, messages: contradictionPrompt(other.text, slice.text), shape: contradictionShape, maxReplyTokens: 200, background: true },
    signal,
  );
  return answer.b_answer === 'do-not-fit';
}
