import path from 'node:path';
import type { Plugin } from 'esbuild';

const kit = path.join(import.meta.dirname, '../src/webview/ui');

/**
 * The toolkit imports the whole of fast-foundation through its barrel; files of ours name the few parts in use. The radios, which
 * come late, have a file of their own.
 */
export const narrowFastFoundation: Plugin = {
  name: 'narrow-fast-foundation',
  setup(build) {
    build.onResolve({ filter: /^@microsoft\/fast-foundation$/ }, ({ importer }) => {
      const name = /[\\/]radio(-group)?[\\/]/.test(importer) ? 'fast-foundation-radios.ts' : 'fast-foundation.ts';
      return { path: path.join(kit, name) };
    });
  },
};
