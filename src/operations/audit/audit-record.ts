import { hash } from 'node:crypto';
import * as z from 'zod';
import { auditActions, type AuditEvent } from './audit.ts';

/** One line of the record; docs/audit-format.md describes it. */
const recordSchema = z.strictObject({
  sequence: z.int().positive(),
  at: z.iso.datetime(),
  /** Which window noted it: random, the same for all that it notes. */
  window: z.string(),
  action: z.enum(auditActions),
  outcome: z.enum(['done', 'refused', 'failed']),
  ids: z.array(z.string()).optional(),
  /** How many it was about, where that is not the number of ids. */
  count: z.int().nonnegative().optional(),
  what: z.string().optional(),
  /** SHA-256 of the line before, without its line feed, in hexadecimal digits. */
  previous: z.string().regex(/^[0-9a-f]{64}$/),
});

export type AuditRecord = z.infer<typeof recordSchema>;

/** An event with when and where it happened. */
export interface NotedEvent extends AuditEvent {
  /** In milliseconds. */
  readonly at: number;
  readonly window: string;
}

/** The end of a chain of lines: what the next one continues. */
export interface ChainEnd {
  /** Of the last line; 0: there is none. */
  readonly sequence: number;
  readonly hash: string;
}

export const chainStart: ChainEnd = { sequence: 0, hash: '0'.repeat(64) };

/** More say nothing to a reader, and a line stays far below what is read at once to find the last one. */
const mostIds = 50;

/** Ids and names of ours are made of these; anything else could be somebody's words. */
const plainName = /^[\w./:-]{1,100}$/;

/** The line, without a line feed, and where the chain is after it. */
export function encodeAuditLine(event: NotedEvent, { sequence, hash: previous }: ChainEnd): { readonly line: string; readonly end: ChainEnd } {
  const { at, window, action, outcome = 'done', ids = [], what } = event;
  const named = ids.filter((id) => plainName.test(id));
  const written = named.slice(0, mostIds);
  const count = event.count ?? ids.length;
  const record: AuditRecord = {
    sequence: sequence + 1,
    at: new Date(at).toISOString(),
    window,
    action,
    outcome,
    ...(written.length === 0 ? {} : { ids: written }),
    ...(count === written.length ? {} : { count }),
    ...(what === undefined || !plainName.test(what) ? {} : { what }),
    previous,
  };
  const line = JSON.stringify(record);
  return { line, end: { sequence: record.sequence, hash: hashOfLine(line) } };
}

/** Null for what is no line of a record. */
export function decodeAuditLine(line: string): AuditRecord | null {
  try {
    return recordSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

export function hashOfLine(line: string): string {
  return hash('sha256', line);
}
