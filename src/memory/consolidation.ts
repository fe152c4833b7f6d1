import * as z from 'zod';
import type { JobHandler } from '../models/background-jobs.ts';
import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, IdSource, Log } from '../shared/ports.ts';
import type { Store } from '../store/port.ts';
import type { Job, Slice } from '../store/records.ts';
import type { TidyPlan, TidyRules, TidyStep } from '../store/tidy-plan.ts';

/**
 * Tidying up what is remembered: exact duplicates are merged, unused messages and what is over leave recall. Nothing is deleted,
 * nothing is done that was not shown first, and all of it can be undone.
 */
export const tidyingKind = 'tidying';

/** The person's settings; what is out of range is refused. */
export const tidySettingsShape = z.object({
  /** Percent of their words that two facts share to be alike. */
  likeness: z.int().min(50).max(100),
  unusedDays: z.int().min(30).max(3650),
  /** Of 100. */
  importanceAtMost: z.int().min(0).max(100),
  keepExpiredDays: z.int().min(0).max(365),
});

export type TidySettings = z.infer<typeof tidySettingsShape>;

export interface TidyingParts {
  readonly store: Pick<Store, 'slices' | 'jobs' | 'onDidChange'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

const dayMs = 24 * 60 * 60 * 1000;
/** How many of each kind are shown before it is done. */
const examples = 20;
/** So that a step is a small record in the journal, and other calls go in between. */
const atOnce = 200;

/** What a tidying would do now. Reads only. */
export function planTidying({ store, clock }: Pick<TidyingParts, 'store' | 'clock'>, settings: TidySettings): Promise<TidyPlan> {
  const { likeness, unusedDays, importanceAtMost, keepExpiredDays } = tidySettingsShape.parse(settings);
  return store.slices.planTidying({
    plannedAt: clock.now(),
    likeness: likeness / 100,
    unusedForMs: unusedDays * dayMs,
    importanceAtMost: importanceAtMost / 100,
    keepExpiredForMs: keepExpiredDays * dayMs,
    examples,
  });
}

const rulesShape: z.ZodType<TidyRules> = z.object({
  plannedAt: z.number(),
  likeness: z.number(),
  unusedForMs: z.number(),
  importanceAtMost: z.number(),
  keepExpiredForMs: z.number(),
  examples: z.number(),
});
const payloadShape = z.object({ rules: rulesShape, steps: z.array(z.enum(['merge', 'archive', 'expire'])) });

/** Plans these steps of a plan as a background job, which one window runs. A tidying that already waits stands for both. */
export function enqueueTidying({ store, clock, ids }: TidyingParts, plan: TidyPlan, steps: readonly TidyStep[]): Promise<Job> {
  const at = clock.now();
  const payload = JSON.stringify({ rules: plan.rules, steps: [...steps] } satisfies z.infer<typeof payloadShape>);
  return store.jobs.enqueue({ id: ids.next(), kind: tidyingKind, key: tidyingKind, payload, runAfter: at, at });
}

/** Tidies step by step. May be stopped anywhere and run again from the start: what is done is not done twice. */
export function tidyingHandler({ store, log }: { readonly store: Pick<Store, 'slices'>; readonly log: Log }): JobHandler {
  return async (job, signal) => {
    const { rules, steps } = payloadShape.parse(JSON.parse(job.payload));
    for (let more = true; more; ) {
      signal.throwIfAborted();
      ({ more } = await store.slices.tidy({ rules, steps, limit: atOnce }));
    }
    log.info('Memory was tidied up.', await store.slices.tidied(rules));
  };
}

/** What a tidying did; `plannedAt` of its plan names it. */
export interface Tidied {
  readonly plannedAt: number;
  readonly merged: number;
  readonly archived: number;
}

/**
 * Resolves when the job is over, whichever window ran it, with what was done by the tidying.
 * @throws HearthlinkError what the job failed with; `cancelled` when somebody cancelled it.
 */
export async function tidyingDone({ store }: Pick<TidyingParts, 'store'>, job: Job): Promise<Tidied> {
  const ended = await jobEnd(store, job.id);
  if (ended.status === 'cancelled') throw new HearthlinkError('cancelled', { reason: 'job' });
  if (ended.error !== null) throw HearthlinkError.fromData(ended.error);
  const { plannedAt } = payloadShape.parse(JSON.parse(job.payload)).rules;
  return { plannedAt, ...(await store.slices.tidied({ plannedAt })) };
}

/** Enough to find a job among those that came after it. */
const jobsLookedThrough = 200;

function jobEnd(store: TidyingParts['store'], id: string): Promise<Job> {
  return new Promise((resolve, reject) => {
    const look = async (): Promise<void> => {
      try {
        const job = (await store.jobs.list({ limit: jobsLookedThrough })).find((one) => one.id === id);
        if (job === undefined) throw new HearthlinkError('not-found', { kind: 'job', id });
        if (job.status === 'waiting' || job.status === 'running') return;
        following.dispose();
        resolve(job);
      } catch (error) {
        following.dispose();
        reject(HearthlinkError.from(error));
      }
    };
    const following = store.onDidChange((change) => {
      if (change.jobs || change.everything) void look();
    });
    void look();
  });
}

/** Takes all of it back that was not changed since. */
export async function undoTidying({ store }: Pick<TidyingParts, 'store'>, { plannedAt }: Pick<Tidied, 'plannedAt'>): Promise<void> {
  for (let more = true; more; ) ({ more } = await store.slices.undoTidying({ plannedAt, limit: atOnce }));
}

/**
 * Merges two that say nearly the same, because the person said so: the longer one is kept, for it says more; of equally long ones the
 * older. Answers the one that was kept, and the one to name to `store.slices.unmerge`.
 */
export async function mergeAlike({ store, clock }: Pick<TidyingParts, 'store' | 'clock'>, pair: readonly Slice[]): Promise<{ readonly kept: Slice; readonly mergedId: string }> {
  const [keep, merged] = pair.toSorted((a, b) => b.text.length - a.text.length || a.createdAt - b.createdAt);
  if (keep === undefined || merged === undefined) throw new HearthlinkError('invalid-input', { field: 'pair', detail: 'two are needed' });
  const kept = await store.slices.merge({ keepId: keep.id, mergedIds: [merged.id], at: clock.now() });
  return { kept, mergedId: merged.id };
}
