import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';
import { codiconSheet, subsetIcons } from '../../../scripts/icon-subset.ts';
import { narrowFastFoundation } from '../../../scripts/narrow-fast-foundation.ts';

const root = path.join(import.meta.dirname, '../../..');

/** Builds the backups view and the fake host around it into `folder`, with the bundler's settings of the product. */
export async function buildBackupsStage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const shared: esbuild.BuildOptions = { bundle: true, format: 'esm', target: 'es2023', absWorkingDir: root, logLevel: 'warning' };
  await esbuild.build({
    ...shared,
    entryPoints: [
      { in: 'src/webview/backups/main.ts', out: 'backups' },
      { in: codiconSheet, out: 'codicon' },
    ],
    outdir: path.join(folder, 'backups'),
    minify: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    assetNames: '[name]',
    loader: { '.ttf': 'file' },
    plugins: [narrowFastFoundation, subsetIcons],
  });
  await esbuild.build({ ...shared, entryPoints: ['test/webview/backups/fake-backups-host.ts'], outdir: folder });
  await copyFile(path.join(import.meta.dirname, 'page.html'), path.join(folder, 'page.html'));
  await copyFile(path.join(import.meta.dirname, '../stage/themes.css'), path.join(folder, 'themes.css'));
}
