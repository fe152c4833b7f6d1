import * as z from 'zod';
import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, IdSource, Log } from '../shared/ports.ts';
import type { JobHandler } from '../models/background-jobs.ts';
import type { ChatModel, ModelChoice } from '../models/port.ts';
import { askForShape } from '../models/structured-output.ts';
import type { SliceKind } from '../store/effects.ts';
import type { Store } from '../store/port.ts';
import type { NewSlice } from '../store/slice-port.ts';
import type { CaptureMode, Message } from '../store/records.ts';
import { capturedShape, capturePrompt, type CapturedItem } from './capture-prompt.ts';
import { admissibleQuote, factText, ownWords } from './capture-rules.ts';
import { enqueueContradictions } from './contradictions.ts';
import { writeDay } from './memory-notes.ts';
import { findSecrets, maskSecrets } from './secrets.ts';

export const captureKind = 'capture';

/** How long the person must have been quiet, so that a few turns are read at once and nobody waits for it. */
const quietMs = 20_000;

const payloadShape = z.object({ sessionId: z.string(), fromMessageId: z.string() });

export interface CaptureParts {
  readonly store: Store;
  readonly chat: ChatModel;
  readonly choice: ModelChoice;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** For the date in the prompt; the machine's own when left out. */
  readonly timeZone?: string;
}

/**
 * Plans to read a message for facts once the person is quiet. While a job for the chat waits, it stands for this message too:
 * it reads everything from its own message on.
 */
export async function enqueueCapture(
  { store, clock, ids }: Pick<CaptureParts, 'store' | 'clock' | 'ids'>,
  from: { readonly sessionId: string; readonly messageId: string },
): Promise<void> {
  const at = clock.now();
  const payload = JSON.stringify({ sessionId: from.sessionId, fromMessageId: from.messageId } satisfies z.infer<typeof payloadShape>);
  await store.jobs.enqueue({ id: ids.next(), kind: captureKind, key: from.sessionId, payload, runAfter: at + quietMs, at });
}

/** Finds facts in what the person said, and keeps or proposes them. May be run again: what it found before is a duplicate then. */
export function captureHandler(parts: CaptureParts): JobHandler {
  return async (job, signal) => {
    const { sessionId, fromMessageId } = payloadShape.parse(JSON.parse(job.payload));
    const session = await parts.store.sessions.get(sessionId);
    if (session?.activeLeafId === undefined || session.activeLeafId === null || session.temporary) return;
    const { captureMode } = await parts.store.agents.settings(session.agentId);
    if (captureMode === 'off') return;
    const branch = await parts.store.messages.path({ leafId: session.activeLeafId, limit: longestBranch });
    const from = branch.findIndex(({ id }) => id === fromMessageId);
    // Edited away since: what is on another branch was taken back.
    if (from < 0) return;
    for (const group of groupsOf(branch, withUnread(branch, from))) {
      signal.throwIfAborted();
      await captureFrom(parts, group, captureMode, signal);
    }
  };
}

/** Enough for what is said while one job waits. */
const longestBranch = 100;
const messagesAtOnce = 6;
const charactersAtOnce = 6_000;
const longestMessage = 3_000;

/** A message as the model reads it, with what is needed to check what it says. */
interface Material {
  readonly message: Message;
  /** Without secrets, of the same length as the message. */
  readonly text: string;
  readonly own: string;
  readonly earlierReplies: readonly string[];
}

/** What was said while no model could be reached was not planned to be read, and is read along with what came next. */
function withUnread(branch: readonly Message[], from: number): number {
  let first = from;
  while (branch[first - 1]?.origin === 'recall') first -= 2;
  return first;
}

function groupsOf(branch: readonly Message[], first: number): readonly (readonly Material[])[] {
  const groups: Material[][] = [];
  let characters = 0;
  for (const [index, message] of branch.entries()) {
    if (index < first || message.role !== 'user') continue;
    const text = maskSecrets(message.text);
    const own = ownWords(text).slice(0, longestMessage);
    if (!/[\p{L}]{2}/u.test(own)) continue;
    const earlierReplies = branch.slice(0, index).flatMap((other) => (other.role === 'assistant' ? [other.text] : []));
    const last = groups.at(-1);
    if (last === undefined || last.length === messagesAtOnce || characters + own.length > charactersAtOnce) {
      groups.push([{ message, text, own, earlierReplies }]);
      characters = own.length;
    } else {
      last.push({ message, text, own, earlierReplies });
      characters += own.length;
    }
  }
  return groups;
}

async function captureFrom(parts: CaptureParts, group: readonly Material[], mode: CaptureMode, signal: AbortSignal): Promise<void> {
  const { chat, choice, clock, ids, store, timeZone } = parts;
  const model = await choice.chatModel(signal);
  if (model === null) throw new HearthlinkError('model-none-chosen');
  const today = writeDay({ now: clock.now(), ...(timeZone === undefined ? {} : { timeZone }) });
  const messages = capturePrompt(group.map(({ own }) => own), today);
  const { facts } = await askForShape(chat, { model, messages, shape: capturedShape, maxReplyTokens: 800, background: true }, signal);
  const state = mode === 'automatic' ? 'held' : 'proposed';
  const proposed = facts.flatMap((item) => toSlice(item, group, { id: ids.next(), at: clock.now(), state }) ?? []);
  parts.log.info('Messages were read for facts.', { messages: group.length, found: facts.length, kept: proposed.length });
  if (proposed.length === 0) return;
  const answers = await store.slices.add(proposed);
  const added = answers.flatMap((answer) => (answer.outcome === 'added' ? [answer.slice] : []));
  await enqueueContradictions(parts, added.map(({ id }) => id));
}

const dayMs = 24 * 60 * 60 * 1000;
const kinds = { 'fact': 'semantic', 'preference': 'procedural', 'for-now': 'working' } as const satisfies Record<CapturedItem['c_kind'], SliceKind>;
const importances = { 'fact': 0.6, 'preference': 0.7, 'for-now': 0.5 } as const;
const confidences = { yes: 0.9, fairly: 0.7 } as const;
const daysWithoutNumber = 7;

/** The slice that an item becomes; null when a rule refuses it. */
function toSlice(item: CapturedItem, group: readonly Material[], made: Pick<NewSlice, 'id' | 'at' | 'state'>): NewSlice | null {
  const material = group[item.a_message - 1];
  if (material === undefined || item.e_sure === 'no') return null;
  const { message, text, earlierReplies } = material;
  const span = admissibleQuote(text, item.b_quote, earlierReplies);
  if (span === null) return null;
  const quote = text.slice(span.start, span.end);
  const fact = factText(item.d_text, { message: text, span, earlierReplies });
  if (fact === null || `${quote}${fact}`.includes('•') || findSecrets(fact).length > 0) return null;
  const expiresAt = item.c_kind === 'for-now' ? message.createdAt + (item.f_days || daysWithoutNumber) * dayMs : null;
  if (expiresAt !== null && expiresAt <= made.at) return null;
  return {
    ...made,
    kind: kinds[item.c_kind],
    text: fact,
    speaker: 'user',
    scope: { type: 'shared' },
    importance: importances[item.c_kind],
    confidence: confidences[item.e_sure],
    provenance: { type: 'message', sessionId: message.sessionId, messageId: message.id, quote },
    validFrom: message.createdAt,
    expiresAt,
  };
}
