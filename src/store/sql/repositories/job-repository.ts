import { HearthlinkError, type ErrorData } from '../../../shared/errors.ts';
import type { Job } from '../../records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { errorFromColumn, errorToColumn } from '../json-columns.ts';
import { keptQuery } from '../kept-query.ts';
import type { JobRow } from '../schema.ts';

/** Jobs that are done stay in the list this long. */
const keptWhenDone = 7 * 24 * 60 * 60 * 1000;

const insertJob = keptQuery<JobRow, unknown>((db, { value, text }) =>
  db.insertInto('job').values({
    id: value('id'),
    kind: value('kind'),
    key: value('key'),
    payload: text('payload'),
    status: value('status'),
    tries: value('tries'),
    run_after: value('run_after'),
    holder: value('holder'),
    lease_until: value('lease_until'),
    error: value('error'),
    created_at: value('created_at'),
    updated_at: value('updated_at'),
    version: value('version'),
  }),
);

const jobById = keptQuery<{ id: string }, JobRow>((db, { value }) => db.selectFrom('job').selectAll().where('id', '=', value('id')));

/** A job of the same kind and key that already waits stands for both; a repeated id answers the job that has it. */
export async function enqueueJob(
  { db, changed }: StoreContext,
  job: { id: string; kind: string; key: string | null; payload: string; runAfter: number; at: number },
): Promise<Job> {
  const existing = (await findJob(db, job.id)) ?? (await waitingTwin(db, job));
  if (existing !== undefined) return toJob(existing);
  const row: JobRow = {
    id: job.id,
    kind: job.kind,
    key: job.key,
    payload: job.payload,
    status: 'waiting',
    tries: 0,
    run_after: job.runAfter,
    holder: null,
    lease_until: null,
    error: null,
    created_at: job.at,
    updated_at: job.at,
    version: 1,
  };
  await insertJob.run(db, row);
  changed({ jobs: true });
  return toJob(row);
}

/** The job that an earlier call with the same argument answered. */
export async function enqueuedJob({ db }: StoreContext, job: { readonly id: string; readonly kind: string; readonly key: string | null }): Promise<Job> {
  const row = (await findJob(db, job.id)) ?? (await waitingTwin(db, job));
  if (row === undefined) throw new HearthlinkError('not-found', { kind: 'job', id: job.id });
  return toJob(row);
}

export async function getJob({ db }: StoreContext, id: string): Promise<Job> {
  return toJob(await requireJob(db, id));
}

/** The one that has been due for longest. Writes nothing when none is. */
export async function claimJob(
  context: StoreContext,
  query: { readonly kinds: readonly string[]; readonly holder: string; readonly leaseUntil: number; readonly at: number },
): Promise<Job | null> {
  if (query.kinds.length === 0) return null;
  const due = await context.db
    .selectFrom('job')
    .selectAll()
    .where('kind', 'in', query.kinds)
    .where((is) =>
      is.or([
        is.and([is('status', '=', 'waiting'), is('run_after', '<=', query.at)]),
        is.and([is('status', '=', 'running'), is('lease_until', '<=', query.at)]),
      ]),
    )
    .orderBy('run_after')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (due === undefined) return null;
  return update(context, due, { status: 'running', holder: query.holder, lease_until: query.leaseUntil }, query.at);
}

/** A claim's answer, for a caller that did not hear it. */
export async function claimedJob({ db }: StoreContext, query: { readonly holder: string; readonly leaseUntil: number }): Promise<Job | null> {
  const row = await db
    .selectFrom('job')
    .selectAll()
    .where('status', '=', 'running')
    .where('holder', '=', query.holder)
    .where('lease_until', '=', query.leaseUntil)
    .executeTakeFirst();
  return row === undefined ? null : toJob(row);
}

/** False when the job is no longer `holder`'s: it must stop. */
export async function renewJob(
  context: StoreContext,
  change: { id: string; holder: string; leaseUntil: number; at: number },
): Promise<boolean> {
  const row = await findJob(context.db, change.id);
  if (row === undefined || !isRunBy(row, change.holder)) return false;
  await update(context, row, { lease_until: change.leaseUntil }, change.at);
  return true;
}

/** @throws HearthlinkError `conflict` when the job is no longer `holder`'s. The same holds for `fail` and `release`. */
export async function succeedJob(context: StoreContext, change: { id: string; holder: string; at: number }): Promise<void> {
  const row = await requireRunningJob(context.db, change);
  await update(context, row, { status: 'done', holder: null, lease_until: null, error: null }, change.at);
  await context.db
    .deleteFrom('job')
    .where('status', '=', 'done')
    .where('updated_at', '<', change.at - keptWhenDone)
    .execute();
}

export async function failJob(
  context: StoreContext,
  change: { id: string; holder: string; error: ErrorData; retryAt: number | null; at: number },
): Promise<void> {
  const row = await requireRunningJob(context.db, change);
  const failed = { tries: row.tries + 1, error: errorToColumn(change.error), holder: null, lease_until: null };
  if (change.retryAt === null) await update(context, row, { ...failed, status: 'failed' }, change.at);
  else await waitAgain(context, row, { ...failed, run_after: change.retryAt }, change.at);
}

export async function releaseJob(context: StoreContext, change: { id: string; holder: string; at: number }): Promise<void> {
  const row = await requireRunningJob(context.db, change);
  await waitAgain(context, row, { holder: null, lease_until: null }, change.at);
}

/** Its runner hears of it when it renews the lease or ends. What has ended stays as it is. */
export async function cancelJob(context: StoreContext, change: { id: string; at: number }): Promise<void> {
  const row = await requireJob(context.db, change.id);
  if (row.status !== 'waiting' && row.status !== 'running') return;
  await update(context, row, { status: 'cancelled', holder: null, lease_until: null }, change.at);
}

/** @throws HearthlinkError `invalid-transition` when it has neither failed nor been cancelled. */
export async function retryJob(context: StoreContext, change: { id: string; at: number }): Promise<Job> {
  const row = await requireJob(context.db, change.id);
  if (row.status === 'waiting') return toJob(row);
  if (row.status !== 'failed' && row.status !== 'cancelled') {
    throw new HearthlinkError('invalid-transition', { from: row.status, to: 'waiting' });
  }
  const twin = await waitingTwin(context.db, row);
  if (twin !== undefined) return toJob(twin);
  return update(context, row, { status: 'waiting', tries: 0, error: null, run_after: change.at }, change.at);
}

/** Newest first. */
export async function listJobs(
  { db }: StoreContext,
  query: { readonly limit: number; readonly statuses?: readonly Job['status'][] },
): Promise<readonly Job[]> {
  let rows = db.selectFrom('job').selectAll();
  if (query.statuses !== undefined) rows = rows.where('status', 'in', query.statuses);
  return (await rows.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(query.limit).execute()).map(toJob);
}

/** Where another job of its kind and key waits by now, that one does the work and this one is over. */
async function waitAgain(context: StoreContext, row: JobRow, fields: Partial<JobRow>, at: number): Promise<void> {
  const twin = await waitingTwin(context.db, row);
  await update(context, row, { ...fields, status: twin === undefined ? 'waiting' : 'cancelled' }, at);
}

function waitingTwin(db: StoreDatabase, job: { readonly kind: string; readonly key: string | null }): Promise<JobRow | undefined> {
  if (job.key === null) return Promise.resolve(undefined);
  return db
    .selectFrom('job')
    .selectAll()
    .where('status', '=', 'waiting')
    .where('kind', '=', job.kind)
    .where('key', '=', job.key)
    .executeTakeFirst();
}

async function findJob(db: StoreDatabase, id: string): Promise<JobRow | undefined> {
  return (await jobById.run(db, { id })).rows[0];
}

async function requireJob(db: StoreDatabase, id: string): Promise<JobRow> {
  const row = await findJob(db, id);
  if (row === undefined) throw new HearthlinkError('not-found', { kind: 'job', id });
  return row;
}

async function requireRunningJob(db: StoreDatabase, change: { readonly id: string; readonly holder: string }): Promise<JobRow> {
  const row = await requireJob(db, change.id);
  if (!isRunBy(row, change.holder)) throw new HearthlinkError('conflict', { kind: 'job', id: row.id, status: row.status });
  return row;
}

/** A lease that has passed but that nobody has taken yet is still its holder's. */
function isRunBy(row: JobRow, holder: string): boolean {
  return row.status === 'running' && row.holder === holder;
}

async function update({ db, changed }: StoreContext, row: JobRow, fields: Partial<JobRow>, at: number): Promise<Job> {
  const next = { ...row, ...fields, updated_at: at, version: row.version + 1 };
  const { numUpdatedRows } = await db
    .updateTable('job')
    .set({ ...fields, updated_at: at, version: next.version })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new HearthlinkError('conflict', { kind: 'job', id: row.id, expected: row.version });
  changed({ jobs: true });
  return toJob(next);
}

function toJob(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind,
    payload: row.payload,
    status: row.status,
    tries: row.tries,
    runAfter: row.run_after,
    holder: row.holder,
    leaseUntil: row.lease_until,
    error: errorFromColumn(row.error),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  };
}
