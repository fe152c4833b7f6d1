import fs from 'node:fs';
import type { Plugin } from 'esbuild';
import { languages } from '../src/store/search/stop-words.ts';

/**
 * The stemmers' package is one file that defines two dozen languages when it is loaded, which a worker that is about to answer
 * would wait for. Bundled, it holds the languages that are stemmed, and defines each when it is first asked for.
 */
export const narrowSnowball: Plugin = {
  name: 'narrow-snowball',
  setup(build) {
    build.onLoad({ filter: /[\\/]snowball-stemmers\.js$/ }, ({ path: file }) => ({
      contents: narrowedStemmers(fs.readFileSync(file, 'utf8'), languages),
    }));
  },
};

/** `var danishStemmer = function (_SnowballStemmer6) { ... }(SnowballStemmer);` */
const definition = /^ {4}var (\w+)Stemmer = (function \(_SnowballStemmer\d*\) \{$[^]*?^ {4}\})\(SnowballStemmer\);$/gm;
const construction = 'new stemMap[lng.toLowerCase()]()';

/**
 * The package's source with nothing but these languages, each of them defined by `newStemmer`.
 * @throws Error when the source is not written as expected, as another version of it may be
 */
export function narrowedStemmers(source: string, kept: readonly string[]): string {
  const found = new Set<string>();
  const defined = source.replaceAll(definition, (_, language: string, body: string) => {
    found.add(language);
    const stemmer = kept.includes(language) ? `return ${body}(SnowballStemmer);` : '';
    return `    var ${language}Stemmer = function () { ${stemmer} };`;
  });
  const missing = kept.filter((language) => !found.has(language));
  if (missing.length > 0) throw new Error(`The package snowball-stemmers defines ${missing.join(', ')} in another way than expected.`);
  if (!defined.includes(construction)) throw new Error('The package snowball-stemmers makes its stemmers in another way than expected.');
  return defined.replace(construction, 'new (stemMap[lng.toLowerCase()]())()');
}
