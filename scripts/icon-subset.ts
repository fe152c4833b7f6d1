import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { subsetFont } from './subset-font.ts';

const root = path.join(import.meta.dirname, '..');

/** The style sheet of the codicons, an entry of its own beside the views. */
export const codiconSheet = 'node_modules/@vscode/codicons/dist/codicon.css';

/** A rule that gives an icon its character. */
const iconRule = /^\.codicon-([a-z0-9-]+):before \{ content: "\\([0-9a-f]+)" \}\n/gm;
/** A string that may be the name of an icon. Names are never put together from parts, or they would not be found. */
const literal = /(?<quote>['"`])(?<name>[a-z][a-z0-9-]*)\k<quote>/g;

export interface IconSubset {
  readonly names: readonly string[];
  /** The style sheet with the rules of these icons alone. */
  readonly css: string;
  /** Their characters in the font. */
  readonly characters: readonly number[];
}

/**
 * The icons that the sources may draw: every one whose name stands in them as a string. A word that is a name by chance costs a few bytes;
 * one that is forgotten would be a hole in the page.
 *
 * @param css the style sheet of all codicons
 */
export function iconsIn(sources: readonly string[], css: string): IconSubset {
  const words = new Set(sources.flatMap((source) => [...source.matchAll(literal)].map(({ groups }) => groups?.['name'] ?? '')));
  const used = [...css.matchAll(iconRule)].filter(([, name = '']) => words.has(name));
  return {
    names: used.map(([, name = '']) => name).sort(),
    css: css.replaceAll(iconRule, (rule, name: string) => (words.has(name) ? rule : '')),
    characters: used.map(([, , character = '']) => Number.parseInt(character, 16)),
  };
}

/** All that a view could name an icon in. */
export function viewSources(): string[] {
  return globSync('src/webview/**/*.ts', { cwd: root }).map((file) => path.join(root, file)).sort();
}

/** Bundles `codiconSheet` and its font with no more than the icons that the views use: some 6 of 155 KB. */
export const subsetIcons: Plugin = {
  name: 'subset-icons',
  setup(build) {
    const subset = (sheet: string): IconSubset & { readonly watchFiles: string[] } => {
      const watchFiles = viewSources();
      return { ...iconsIn(watchFiles.map((file) => readFileSync(file, 'utf8')), readFileSync(sheet, 'utf8')), watchFiles };
    };
    build.onLoad({ filter: /[\\/]codicon\.css$/ }, ({ path: file }) => {
      const { css, watchFiles } = subset(file);
      return { contents: css, loader: 'css', watchFiles };
    });
    build.onLoad({ filter: /[\\/]codicon\.ttf$/ }, ({ path: file }) => {
      const { characters, watchFiles } = subset(path.join(path.dirname(file), 'codicon.css'));
      return { contents: subsetFont(readFileSync(file), characters), loader: 'file', watchFiles };
    });
  },
};
