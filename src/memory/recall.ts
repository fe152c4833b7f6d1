import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, Log, Timers } from '../shared/ports.ts';
import type { Embedder } from '../models/port.ts';
import type { Store } from '../store/port.ts';
import type { RecallQuery, RecallResult } from '../store/recall-port.ts';
import { questionTime } from './question-time.ts';

/** What a turn wants back once it knows its prompt. */
export interface RecallRequest {
  /** Messages that already stand in the prompt. */
  readonly excludeMessageIds: readonly string[];
  readonly limit: number;
  readonly tokenBudget: number;
  readonly charactersPerToken: number;
}

/** A search whose question is being embedded; `find` may be called more than once. */
export interface PendingRecall {
  /** Best first. Never throws: a chat goes on without memories when the store cannot be searched. */
  find(request: RecallRequest): Promise<RecallResult>;
}

export interface Recall {
  /** Begins at once with what takes longest, the embedding, so that it overlaps with the storing of the message. */
  begin(question: RecallQuestion, signal: AbortSignal): PendingRecall;
}

export interface RecallQuestion {
  readonly text: string;
  readonly sessionId: string | null;
}

const nothing: RecallResult = { hits: [], omitted: 0 };

/** For private chats. */
export const recallNothing: Recall = {
  begin: () => ({ find: async () => Promise.resolve(nothing) }),
};

export interface RecallParts {
  readonly store: Pick<Store, 'recall'>;
  readonly embedder: Embedder;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly agentId: string;
  readonly workspaceId: string | null;
}

/** How long a reply waits for its question's embedding; a model that still loads takes longer, and words alone are used. */
export const embeddingPatienceMs = 2_000;

export function createRecall(parts: RecallParts): Recall {
  return {
    begin({ text, sessionId }, signal) {
      const embedding = text.trim() === '' ? Promise.resolve(null) : embedQuestion(parts, text, signal);
      return {
        async find(request) {
          const { agentId, workspaceId, clock, log, store } = parts;
          try {
            const at = clock.now();
            const during = questionTime(text, at);
            return await store.recall({ ...request, text, vector: await embedding, agentId, workspaceId, sessionId, during, at });
          } catch (error) {
            log.warn('Nothing could be recalled.', { code: HearthlinkError.from(error).code });
            return nothing;
          }
        },
      };
    },
  };
}

/** Null when there is no embedding model, or it fails, or it takes too long. */
export async function embedQuestion(parts: Pick<RecallParts, 'embedder' | 'timers' | 'log'>, text: string, signal: AbortSignal): Promise<RecallQuery['vector']> {
  const patience = new AbortController();
  const cancelTimer = parts.timers.after(embeddingPatienceMs, () => {
    patience.abort();
  });
  const outOfPatience = new Promise<null>((resolve) => {
    patience.signal.addEventListener('abort', () => {
      resolve(null);
    });
  });
  try {
    return await Promise.race([embed(parts.embedder, text, AbortSignal.any([signal, patience.signal])), outOfPatience]);
  } catch (error) {
    parts.log.info('A question is searched by its words alone.', { code: HearthlinkError.from(error).code });
    return null;
  } finally {
    cancelTimer();
  }
}

async function embed(embedder: Embedder, text: string, signal: AbortSignal): Promise<RecallQuery['vector']> {
  const model = await embedder.model();
  if (model === null) return null;
  const [values] = await embedder.embed([text], 'query', signal);
  return values === undefined ? null : { model, values };
}

/** Below this many characters a message says too little by itself ("and then?") and is searched with the one before it. */
const shortMessage = 40;
const longestQuestion = 2_000;

/** The text to search memory with: the person's words, and where they are short, those of their message before. */
export function recallText(message: string, before: string | null): string {
  const text = message.trim().length < shortMessage && before !== null ? `${before.trim()}\n${message.trim()}` : message.trim();
  return text.slice(-longestQuestion);
}
