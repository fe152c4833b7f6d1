/**
 * The store beside SQLite, sql.js, FTS5 and Redis: `npm run bench:store`, with `-- --json` for rows. `-- --only commit,large`
 * measures some groups alone.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { narrowSnowball } from '../scripts/narrow-snowball.ts';
import { report, say } from './report.ts';
import { type BenchRow } from './rows.ts';
import { commitRows, groupCommitRow, replayRow, saveRow, stalenessRow } from './store-commit.ts';
import { hostRows } from './store-host.ts';
import { largeRows, type BundledWorkers } from './store-large.ts';
import { processRows } from './store-processes.ts';
import { newFolder } from './store-rig.ts';
import { searchRows } from './store-search.ts';
import { sessionRows } from './store-sessions.ts';

const folder = newFolder();
const workers = await bundleWorkers(folder);

const groups: Record<string, () => BenchRow[] | Promise<BenchRow[]>> = {
  commit: () => commitRows(workers.store),
  group: async () => [await groupCommitRow()],
  processes: processRows,
  staleness: async () => [await stalenessRow()],
  save: async () => [await saveRow()],
  replay: async () => [await replayRow()],
  search: searchRows,
  large: () => largeRows(workers),
  host: hostRows,
  sessions: () => sessionRows(workers.store),
};

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const wanted = values.only?.split(',') ?? Object.keys(groups);
const rows: BenchRow[] = [];
for (const [name, measure] of Object.entries(groups)) {
  if (!wanted.includes(name)) continue;
  say(`Measuring ${name} ...`);
  rows.push(...await measure());
}
fs.rmSync(folder, { recursive: true });
report('The store', rows);

/** As they ship: one file each, minified. */
async function bundleWorkers(outdir: string): Promise<BundledWorkers> {
  const root = path.resolve(import.meta.dirname, '..');
  await build({
    absWorkingDir: root, outdir, bundle: true, minify: true, platform: 'node', target: 'node22', format: 'cjs', outExtension: { '.js': '.cjs' },
    entryPoints: { 'store-worker': 'src/worker/store-worker.ts', 'empty-worker': 'bench/empty-worker.ts' },
    logLevel: 'error', supported: { 'dynamic-import': false }, plugins: [narrowSnowball],
  });
  return { store: path.join(outdir, 'store-worker.cjs'), empty: path.join(outdir, 'empty-worker.cjs') };
}
