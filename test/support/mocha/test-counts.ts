import { writeFileSync } from 'node:fs';
import type Mocha from 'mocha';
import * as z from 'zod';

const testCounts = z.object({
  passed: z.int(),
  failed: z.int(),
  skipped: z.int(),
  /** What failed and why, so that it can be said again at the end of a long run. */
  failures: z.array(z.string()),
});

/** How the tests of one run ended. */
export type TestCounts = z.infer<typeof testCounts>;

export function parseCounts(text: string): TestCounts {
  return testCounts.parse(JSON.parse(text));
}

/** Counts a run of mocha from when it is called, and leaves the counts where the process that started it looks for them. */
export function countTests(runner: Mocha.Runner): void {
  const failures: string[] = [];
  runner.on('fail', (test, error: unknown) => {
    failures.push(`${test.fullTitle()}\n  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  });
  runner.once('end', () => {
    const { passes = 0, failures: failed = 0, pending = 0 } = runner.stats ?? {};
    leaveCounts({ passed: passes, failed, skipped: pending, failures });
  });
}

function leaveCounts(counts: TestCounts): void {
  const file = process.env['HEARTHLINK_TEST_COUNTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
}
