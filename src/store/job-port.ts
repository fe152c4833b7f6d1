import type { ErrorData } from '../shared/errors.ts';
import type { Job } from './records.ts';

export interface JobRepository {
  /** `key` keeps one waiting job of a kind and key; a second is answered with the first. */
  enqueue(job: { id: string; kind: string; key: string | null; payload: string; runAfter: number; at: number }): Promise<Job>;
  /** The next waiting job that is due, or a running one whose lease ran out, taken for `holder` by compare-and-set. */
  claim(query: { readonly kinds: readonly string[]; readonly holder: string; readonly leaseUntil: number; readonly at: number }): Promise<Job | null>;
  renew(change: { id: string; holder: string; leaseUntil: number; at: number }): Promise<boolean>;
  succeed(change: { id: string; holder: string; at: number }): Promise<void>;
  /** Counts a try, and waits until `retryAt`; null: it has failed for good. */
  fail(change: { id: string; holder: string; error: ErrorData; retryAt: number | null; at: number }): Promise<void>;
  /** Gives the job back without counting a try: something more urgent came. */
  release(change: { id: string; holder: string; at: number }): Promise<void>;
  cancel(change: { id: string; at: number }): Promise<void>;
  /** A failed or cancelled job waits again, with fresh tries. */
  retry(change: { id: string; at: number }): Promise<Job>;
  list(query: { readonly limit: number; readonly statuses?: readonly Job['status'][] }): Promise<readonly Job[]>;
}
