import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import * as z from 'zod';

const packageManifest = z.object({ name: z.string(), version: z.string(), license: z.string() });
const packageFolder = /^node_modules\/(?:@[^/]+\/)?[^/]+/;

/** The folders under node_modules whose code stands in the outputs of these builds, each once, in order. */
export function bundledPackages(metafiles: readonly Metafile[]): string[] {
  const folders = new Set<string>();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = packageFolder.exec(file)?.[0];
        if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
      }
    }
  }
  return [...folders].sort();
}

/**
 * The notices that the licences of bundled packages ask for: name, version, licence, and the licence's own text.
 *
 * @param root the project's folder
 * @param folders as `bundledPackages` gives them
 */
export function thirdPartyNotices(root: string, folders: readonly string[]): string {
  const sections = folders.map((folder) => {
    const manifest = readFileSync(path.join(root, folder, 'package.json'), 'utf8');
    const { name, version, license } = packageManifest.parse(JSON.parse(manifest));
    return `${name} ${version} (${license})\n\n${licenceText(path.join(root, folder))}`;
  });
  return ['Hearthlink contains the following software.', ...sections].join(`\n\n${'-'.repeat(80)}\n\n`);
}

function licenceText(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.|$)/i.test(name));
  if (file === undefined) return 'The package carries no licence text of its own.';
  return readFileSync(path.join(folder, file), 'utf8').trim();
}
