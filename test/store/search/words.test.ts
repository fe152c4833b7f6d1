import assert from 'node:assert/strict';
import fc from 'fast-check';

import { asciiForms, fold, isAscii, splitWords } from '../../../src/store/search/words.ts';

function forms(text: string): string[] {
  return splitWords(text).map((word) => word.form);
}

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());

describe('splitWords', () => {
  it('takes any string', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const { form, surface } of splitWords(text)) assert.ok(form.length > 0 && surface.length > 0);
      }),
    );
  });

  it('sees no difference between compatibility forms', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        assert.deepEqual(forms(text.normalize('NFKC')), forms(text));
        assert.deepEqual(forms(text.normalize('NFD')), forms(text.normalize('NFC')));
      }),
    );
    assert.deepEqual(forms('Ｆｕｌｌ ﬁne ①'), ['full', 'fine', '1']);
  });

  it('sees no difference between upper and lower case', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'z', 'Ä', 'Ö', 'é', 'À', 'ñ', 'ç', 'ø', 'å', 'Я', 'ж', 'Ё', 'й', 'Ω', 'Σ', 'σ', ' ', '0', '-', '_', "'") });
    fc.assert(
      fc.property(letters, (text) => {
        const folded = forms(text).map(fold);
        assert.deepEqual(forms(text.toUpperCase()).map(fold), folded);
        assert.deepEqual(forms(text.toLowerCase()).map(fold), folded);
      }),
    );
  });

  it('finds in ASCII text the same words on its fast way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 200 }), (text) => {
        const beside = splitWords(`${text} é`);
        assert.equal(beside.pop()?.form, 'é');
        assert.deepEqual(
          asciiForms(text),
          beside.map((word) => word.form),
        );
        assert.deepEqual(forms(text), asciiForms(text));
      }),
      { numRuns: 500 },
    );
  });

  it('splits at everything that is neither letter nor digit', () => {
    assert.deepEqual(forms('parse_config(src/store/a.ts): 3.14 u-turn'), ['parse', 'config', 'src', 'store', 'a', 'ts', '3', '14', 'u', 'turn']);
  });

  it('leaves the grammar around an apostrophe out', () => {
    assert.deepEqual(forms("Caroline's dog, I don’t, we'll"), ['caroline', 'dog', 'i', 'don', 'we']);
    assert.deepEqual(forms("L'école qu'il aime, dell’arte"), ['école', 'il', 'aime', 'arte']);
    assert.deepEqual(forms("O'Brien"), ['o', 'brien']);
  });

  it('keeps a word as it was written beside its form', () => {
    assert.deepEqual(splitWords('Zoë PAINTS')[0], { surface: 'Zoë', form: 'zoë', isCjk: false });
  });

  it('makes pairs of Chinese, Japanese and Korean, and single Han characters', () => {
    assert.deepEqual(forms('東京に行く'), ['東', '東京', '京', '京に', 'に行', '行', '行く']);
    assert.deepEqual(forms('학교에서'), ['학교', '교에', '에서']);
    assert.deepEqual(forms('VSCodeで編集'), ['vscode', 'で編', '編', '編集', '集']);
  });

  it('splits Thai by its dictionary', () => {
    assert.deepEqual(forms('ฉันชอบกินข้าว'), ['ฉัน', 'ชอบ', 'กิน', 'ข้าว']);
  });

  it('cuts what is too long to be a word', () => {
    assert.deepEqual(forms('x'.repeat(500)), ['x'.repeat(64)]);
  });
});

describe('fold', () => {
  it('takes diacritics off and spells ligatures out', () => {
    assert.deepEqual(['müller', 'straße', 'œuvre', 'ærlig', 'łódź', 'ёлка', 'ίσως'].map(fold), [
      'muller',
      'strasse',
      'oeuvre',
      'aerlig',
      'lodz',
      'елка',
      'ισωσ',
    ]);
  });

  it('keeps the marks that are vowels, and the voicing of kana', () => {
    assert.deepEqual(['हिन्दी', 'ข้าว', 'が'].map(fold), ['हिन्दी', 'ข้าว', 'が']);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        assert.equal(fold(fold(text)), fold(text));
      }),
    );
  });
});

describe('isAscii', () => {
  it('says whether every character is', () => {
    assert.equal(isAscii('plain ~\0\x7f'), true);
    assert.equal(isAscii('pl\u0080in'), false);
  });
});
