import { HearthlinkError } from '../../shared/errors.ts';
import type { BatchBody, KeptCall } from '../journal/batch-body.ts';
import { ChangeCollector } from '../journal/changes.ts';
import { keptResultBytes, type MethodContext, type StoreMethod } from '../methods-contract.ts';
import { IndexNotLoaded } from './lazy-index.ts';
import { Capture, type ReplicaContent } from './replica-content.ts';

/** A method of the table, as the engine sees it: what goes in and comes out is between the caller and the method. */
export type AnyMethod<Schema, Search> = StoreMethod<MethodContext<Schema, Search>, unknown, unknown>;

export interface Call<Schema, Search> {
  /** Made by the caller; the same for a call that is repeated. */
  readonly id: string;
  readonly method: AnyMethod<Schema, Search>;
  readonly argument: unknown;
}

export type Answer = { readonly result: unknown } | { readonly error: HearthlinkError };

export interface BatchRun {
  /** One for each call, in their order. */
  readonly answers: readonly Answer[];
  /** What must be in the journal before the answers are given; null when nothing was written. */
  readonly body: BatchBody | null;
}

/**
 * Runs calls in the open transaction, each in a savepoint of its own, so that one that fails leaves no trace and the others
 * go on. A single call needs none: when it fails there is nothing to commit. Throws `IndexNotLoaded` for the whole batch.
 */
export async function runBatch<Schema, Search>(
  content: ReplicaContent<Schema, Search>,
  calls: readonly Call<Schema, Search>[],
  at: number,
): Promise<BatchRun> {
  const answers: Answer[] = [];
  const written: { kept: KeptCall; capture: Capture }[] = [];
  const { database } = content;
  const several = calls.length > 1;
  try {
    for (const call of calls) {
      const capture = new Capture();
      if (several) database.savepoint();
      try {
        const result = await call.method.run(content.writingContext(capture), call.argument);
        const kept = { id: call.id, result: keptResult(call.method, result) };
        if (several) database.releaseSavepoint();
        answers.push({ result });
        if (!capture.isEmpty) written.push({ kept, capture });
      } catch (error) {
        if (error instanceof IndexNotLoaded) throw error;
        if (several) database.rollbackToSavepoint();
        answers.push({ error: HearthlinkError.from(error) });
      }
    }
  } finally {
    content.stopCapturing();
  }
  if (written.length === 0) return { answers, body: null };
  const changes = new ChangeCollector();
  for (const { capture } of written) changes.add(capture.changes.changes());
  return {
    answers,
    body: {
      at,
      calls: written.map(({ kept }) => kept),
      statements: written.flatMap(({ capture }) => capture.statements),
      effects: written.flatMap(({ capture }) => capture.effects),
      changes: changes.changes(),
    },
  };
}

function keptResult<Schema, Search>(method: AnyMethod<Schema, Search>, result: unknown): string | null {
  if (method.answerAgain !== undefined) return null;
  const text = JSON.stringify(result ?? null);
  return Buffer.byteLength(text) <= keptResultBytes ? text : null;
}

/** Answers a call whose record is in the journal already. */
export async function answerAgain<Schema, Search>(
  content: ReplicaContent<Schema, Search>,
  call: Call<Schema, Search>,
  keptResultText: string | null,
): Promise<Answer> {
  try {
    if (call.method.answerAgain !== undefined) return { result: await call.method.answerAgain(content.readingContext(), call.argument) };
    if (keptResultText !== null) return { result: JSON.parse(keptResultText) };
    throw new HearthlinkError('conflict', { detail: 'This was done already, and its answer is no longer kept.' });
  } catch (error) {
    if (error instanceof IndexNotLoaded) throw error;
    return { error: HearthlinkError.from(error) };
  }
}
