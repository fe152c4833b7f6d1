import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';
import { codiconSheet, subsetIcons } from '../../../scripts/icon-subset.ts';
import { narrowFastFoundation } from '../../../scripts/narrow-fast-foundation.ts';

const root = path.join(import.meta.dirname, '../../..');

/** Builds the chat view and the fake host around it into `folder`, with the bundler's settings of the product. */
export async function buildStage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const shared: esbuild.BuildOptions = { bundle: true, format: 'esm', target: 'es2023', absWorkingDir: root, logLevel: 'warning' };
  await esbuild.build({
    ...shared,
    entryPoints: [
      { in: 'src/webview/chat/main.ts', out: 'chat' },
      { in: codiconSheet, out: 'codicon' },
    ],
    outdir: path.join(folder, 'chat'),
    minify: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    assetNames: '[name]',
    loader: { '.ttf': 'file' },
    plugins: [narrowFastFoundation, subsetIcons],
  });
  await esbuild.build({ ...shared, entryPoints: ['test/webview/stage/fake-host.ts'], outdir: folder });
  for (const name of ['page.html', 'themes.css']) await copyFile(path.join(import.meta.dirname, name), path.join(folder, name));
}
