import * as z from 'zod';
import { importedId, memoryRecord } from './imported-chat.ts';
import type { ImportPlan } from './import-plan.ts';

/** mem0's JSON: a list of memories, bare or under `results` or `memories`. */

const memory = z.object({
  id: z.union([z.string(), z.number()]).nullish(),
  memory: z.string().optional(),
  text: z.string().optional(),
  created_at: z.string().nullish(),
});

const wrapped = z.union([z.object({ results: z.array(z.unknown()) }), z.object({ memories: z.array(z.unknown()) })]);

/** The memories of such a file; undefined where it is none. */
export function mem0Entries(data: unknown): readonly unknown[] | undefined {
  const entries = Array.isArray(data) ? data : listIn(data);
  return entries?.some((entry) => z.object({ memory: z.string() }).safeParse(entry).success) === true ? entries : undefined;
}

function listIn(data: unknown): readonly unknown[] | undefined {
  const parsed = wrapped.safeParse(data);
  if (!parsed.success) return undefined;
  return 'results' in parsed.data ? parsed.data.results : parsed.data.memories;
}

export function readMem0(entries: readonly unknown[], modifiedAt: number): ImportPlan {
  let unreadable = 0;
  const records = entries.flatMap((entry) => {
    const parsed = memory.safeParse(entry);
    const text = parsed.success ? (parsed.data.memory ?? parsed.data.text ?? '').trim() : '';
    if (!parsed.success || text === '') {
      unreadable++;
      return [];
    }
    const at = Date.parse(parsed.data.created_at ?? '');
    const createdAt = Number.isFinite(at) && at >= 0 ? at : modifiedAt;
    return [memoryRecord({ id: importedId('mem0', `memory ${String(parsed.data.id ?? text)}`, createdAt), text, createdAt, provenance: { type: 'user' } })];
  });
  return { source: 'mem0', records, leftOut: { attachments: 0, messages: 0, unreadable } };
}
