import fs from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import * as z from 'zod';
import { runExtensionTests } from '../test/support/vscode/extension-tests.ts';
import { makeLargeStore } from './large-store.ts';
import { say } from './report.ts';
import { benchRow, median, missingRow, type BenchRow } from './rows.ts';
import { newFolder } from './store-rig.ts';

const bench = 'bench:store';
const row = 'host-event-loop-delay-p99-over-idle-ms';
const root = path.resolve(import.meta.dirname, '..');
const memories = 100_000;
const rounds = 3;

const delays = z.object({ idle: z.number(), activating: z.number(), writing: z.number() });

/**
 * How much later than when idle the event loop of a real extension host turns (99th percentile), the worse of two times: the
 * five seconds after activation with the chat open, and while 100,000 memories are loaded and written anew. The built
 * extension is measured, so `dist/` and VS Code's server must be there.
 */
export async function hostRows(): Promise<BenchRow[]> {
  if (process.platform !== 'linux') return [missingRow(bench, row, 'ms', 'the VS Code server of the tests needs Linux')];
  const folder = newFolder();
  try {
    const probe = bundleProbe(folder);
    const store = path.join(folder, 'store');
    await makeLargeStore(store, memories);
    const over: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const { idle, activating, writing } = await measure(probe, store, path.join(folder, `profile-${round}`));
      say(`The host's p99: ${idle.toFixed(1)} ms idle, ${activating.toFixed(1)} activating, ${writing.toFixed(1)} loading and writing.`);
      over.push(Math.max(activating, writing) - idle);
    }
    return [benchRow(bench, row, median(over), 'ms')];
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** One start of an extension host over a copy of the store. */
async function measure(probe: string, store: string, profile: string): Promise<z.infer<typeof delays>> {
  const own = path.join(profile, 'data/User/globalStorage/hearthlink.hearthlink/store');
  fs.cpSync(store, own, { recursive: true });
  const answerFile = path.join(profile, 'delays.json');
  const { problem } = await runExtensionTests({
    extensionPath: root,
    testsPath: probe,
    workspace: path.join(root, 'test/support/sample-workspace'),
    dataDir: profile,
    env: { HEARTHLINK_PROBE: answerFile, HEARTHLINK_STORE: own },
  });
  if (!fs.existsSync(answerFile)) throw new Error(`The extension host was not measured: ${problem ?? 'it left no figures'}.`);
  return delays.parse(JSON.parse(fs.readFileSync(answerFile, 'utf8')));
}

/** As an extension host loads tests. */
function bundleProbe(outdir: string): string {
  const outfile = path.join(outdir, 'host-probe.cjs');
  buildSync({
    absWorkingDir: root, entryPoints: ['bench/host-probe.ts'], outfile, bundle: true, platform: 'node', target: 'node22', format: 'cjs',
    external: ['vscode'], logLevel: 'error',
  });
  return outfile;
}
