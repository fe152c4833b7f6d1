import { writeFileSync } from 'node:fs';
import * as z from 'zod';

const testCounts = z.object({ passed: z.int(), failed: z.int(), skipped: z.int() });

/** How the tests of one run ended. */
export type TestCounts = z.infer<typeof testCounts>;

export function parseCounts(text: string): TestCounts {
  return testCounts.parse(JSON.parse(text));
}

/** Leaves the counts of a run where the process that started it looks for them, if one does. */
export function leaveCounts(counts: TestCounts): void {
  const file = process.env['HEARTHLINK_TEST_COUNTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
}
