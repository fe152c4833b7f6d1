import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * The toolkit takes the colours of the theme, and follows them, from when the page has loaded. Where it comes with the first button, that
 * moment has passed: it takes them as soon as all its tokens are defined.
 */
export const lateToolkit: Plugin = {
  name: 'late-toolkit',
  setup(build) {
    build.onLoad({ filter: /[\\/]webview-ui-toolkit[\\/]dist[\\/]utilities[\\/]theme[\\/]applyTheme\.js$/ }, ({ path: file }) => ({
      contents: takingColoursAtOnce(readFileSync(file, 'utf8')),
    }));
  },
};

/** @throws Error when the source is not written as expected, as another version of it may be */
export function takingColoursAtOnce(source: string): string {
  const onceLoaded = "window.addEventListener('load', () => {";
  if (!source.includes(onceLoaded)) throw new Error('The toolkit does not wait for the page as it did: look at applyTheme.js.');
  return source.replace(onceLoaded, 'queueMicrotask(() => {');
}
