import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';
import { codiconSheet, subsetIcons } from '../../../scripts/icon-subset.ts';
import { lateToolkit } from '../../../scripts/late-toolkit.ts';
import { narrowFastFoundation } from '../../../scripts/narrow-fast-foundation.ts';
import { stagedViews, type StagedName } from './staged-views.ts';

const root = path.join(import.meta.dirname, '../../..');

/** Builds a view and the fake host around it into `folder`, with the bundler's settings of the product. */
export async function buildStage(folder: string, view: StagedName): Promise<void> {
  const { host, title } = stagedViews[view];
  await mkdir(folder, { recursive: true });
  const shared: esbuild.BuildOptions = { bundle: true, format: 'esm', target: 'es2023', absWorkingDir: root, logLevel: 'warning' };
  await esbuild.build({
    ...shared,
    entryPoints: [
      { in: `src/webview/${view}/main.ts`, out: view },
      { in: codiconSheet, out: 'codicon' },
    ],
    outdir: path.join(folder, view),
    minify: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    assetNames: '[name]',
    loader: { '.ttf': 'file' },
    plugins: [narrowFastFoundation, lateToolkit, subsetIcons],
  });
  await esbuild.build({ ...shared, entryPoints: [{ in: host, out: 'host' }], outdir: folder });
  await copyFile(path.join(import.meta.dirname, 'themes.css'), path.join(folder, 'themes.css'));
  const page = await readFile(path.join(import.meta.dirname, 'page.html'), 'utf8');
  await writeFile(path.join(folder, 'page.html'), page.replaceAll('{{view}}', view).replaceAll('{{title}}', title));
}
