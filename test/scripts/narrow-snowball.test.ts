import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import vm from 'node:vm';
import snowball from 'snowball-stemmers';
import * as z from 'zod';
import { narrowedStemmers } from '../../scripts/narrow-snowball.ts';
import { languages } from '../../src/store/search/stop-words.ts';

const source = fs.readFileSync(createRequire(import.meta.url).resolve('snowball-stemmers'), 'utf8');

const words = `running connections happily generously nationality lighthouse krankenhäuser aufeinanderfolgenden übersetzungen
  continuellement majestueusement chevaux canciones rápidamente trabajadores abbandonata pronunciamento navegações felicidade
  lichamelijkheden opgevende jaktkarlarna hjärtlighet undersøgelserne bestemmelse opplysningsvesenet talossanikin kirjoittaminen
  важнейшими противоположностями evlerimizdekiler kitapçılardan y apples' ß ı`.split(/\s+/);

/** What a bundle of this source would export. */
function evaluated(code: string) {
  const exports = {};
  Reflect.apply(vm.compileFunction(code, ['exports']), undefined, [exports]);
  return z.object({ newStemmer: z.custom<typeof snowball.newStemmer>((value) => typeof value === 'function') }).parse(exports);
}

describe('narrowed stemmers', () => {
  it('stem as the whole package does', () => {
    const { newStemmer } = evaluated(narrowedStemmers(source, languages));
    for (const language of languages) {
      const [narrowed, whole] = [newStemmer(language), snowball.newStemmer(language)];
      assert.deepEqual(words.map((word) => narrowed.stem(word)), words.map((word) => whole.stem(word)), language);
    }
  });

  it('hold no language that is not stemmed', () => {
    const narrowed = narrowedStemmers(source, languages);
    assert.ok(source.includes('function tamilStemmer'));
    assert.ok(!narrowed.includes('function tamilStemmer'));
    assert.ok(narrowed.includes('function danishStemmer'));
  });

  it('define a language no sooner than it is asked for', () => {
    const defining = narrowedStemmers(source, languages).replaceAll(/return function \(_Snowball/g, "throw 'defined'; $&");
    const { newStemmer } = evaluated(defining);
    assert.throws(() => newStemmer('danish'), (thrown) => thrown === 'defined');
  });

  it('are refused when the package is written in another way', () => {
    assert.throws(() => narrowedStemmers(source.replace('var danishStemmer', 'let danishStemmer'), languages), /danish/);
    assert.throws(() => narrowedStemmers(source.replace('new stemMap', 'Reflect.construct(stemMap'), languages), /another way/);
  });
});
