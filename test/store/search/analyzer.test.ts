import assert from 'node:assert/strict';
import fc from 'fast-check';

import { languageAnalyzer, plainAnalyzer } from '../../../src/store/search/analyzer.ts';
import { Bm25Index } from '../../../src/store/search/bm25-index.ts';
import { detectLanguage } from '../../../src/store/search/language-detection.ts';
import { fold, splitWords } from '../../../src/store/search/words.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.lorem());

/** A question in each language with its answer, which shares with it only inflected words, and another sentence. */
const questions: readonly (readonly [language: string, question: string, answer: string, other: string])[] = [
  ['English', 'Which universities did she visit?', 'She was visiting a university in Leeds.', 'She likes to cook with her neighbours.'],
  ['German', 'Welche Häuser hat er gekauft?', 'Er wollte sich schon lange ein Haus kaufen.', 'Er geht mit seinem Hund in den Wald.'],
  ['French', 'Quelles chansons a-t-elle chantées ?', 'Elle chante une chanson de son enfance.', 'Il est allé à la mer avec ses parents.'],
  ['Spanish', '¿Qué canciones escuchaba mi hermana?', 'A mi hermana le gusta escuchar esa canción.', 'El coche está en el taller desde el lunes.'],
  ['Italian', 'Quali libri leggeva tuo fratello?', 'Mio fratello legge un libro ogni settimana.', 'Domani andiamo al mare con gli amici.'],
  ['Portuguese', 'Quais cidades visitaste?', 'Quero visitar uma cidade no norte.', 'O gato dorme em cima da mesa.'],
  ['Dutch', 'Welke fietsen heb je gekocht?', 'Ik heb een fiets gekocht voor mijn dochter.', 'Het regent al de hele dag.'],
  ['Swedish', 'Vilka böcker har du läst?', 'Boken som jag läste var spännande.', 'Hunden har sovit under bordet hela dagen.'],
  ['Russian', 'Какие книги читала моя сестра?', 'Сестра прочла интересную книгу о море.', 'Завтра мы поедем на дачу к друзьям.'],
  ['Japanese', '猫の名前は何ですか', 'うちの猫の名前はタマです。', '昨日は雨が降っていました。'],
  ['Chinese', '我的猫叫什么名字？', '我有一只猫，名字叫小白。', '他昨天去了北京出差。'],
  ['Korean', '학교는 어디에 있어요?', '우리 학교가 부산에 있습니다.', '어제 비가 많이 왔습니다.'],
  ['Thai', 'แมวของฉันชื่ออะไร', 'แมวชื่อมะลิ', 'วันนี้ฝนตกหนัก'],
];

describe('languageAnalyzer', () => {
  it('takes any string', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { terms, length } = languageAnalyzer.documentTerms(text);
        assert.ok(terms.length >= length);
        for (const word of languageAnalyzer.queryWords(text, new Set(['german']))) assert.ok(word.terms.length > 0);
      }),
    );
  });

  it('finds a document by every word of itself that counts', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { terms, language } = languageAnalyzer.documentTerms(text);
        const known = new Set(terms);
        for (const word of languageAnalyzer.queryWords(text, new Set(language === null ? [] : [language]))) {
          assert.ok(
            word.terms.some((term) => known.has(term)),
            `${word.text} of ${text}`,
          );
        }
      }),
    );
  });

  for (const [language, question, answer, other] of questions) {
    it(`finds a sentence in ${language} by the stems of a question`, () => {
      const index = new Bm25Index({ analyzer: languageAnalyzer });
      for (const [id, text] of [['other', other], ['answer', answer]] as const) {
        index.add({ id, group: 'facts', order: 0, text, speaker: 'user', at: 0, kind: 'semantic', factOf: null, scope: 'shared', visible: true });
      }
      assert.equal(index.search(question, 1)[0]?.id, 'answer');
    });
  }

  it('finds in another language than the question what both write alike', () => {
    const index = new Bm25Index({ analyzer: languageAnalyzer });
    for (const [id, text] of [['house', 'Er hat in Nürnberg zwei Häuser gekauft.'], ['dog', 'The dogs were barking all night.']] as const) {
      index.add({ id, group: 'facts', order: 0, text, speaker: 'user', at: 0, kind: 'semantic', factOf: null, scope: 'shared', visible: true });
    }
    assert.equal(index.search('Did somebody buy Häuser there?', 1)[0]?.id, 'house');
    assert.equal(index.search('Where is Nurnberg?', 1)[0]?.id, 'house');
  });

  it('finds words written without their accents', () => {
    const spanish = new Set(['spanish'] as const);
    const written = new Set(languageAnalyzer.documentTerms('Me gustan las canciones que cantaría mi corazón.').terms);
    for (const word of languageAnalyzer.queryWords('que cantaria el corazon', spanish)) {
      assert.ok(
        word.terms.some((term) => written.has(term)),
        word.text,
      );
    }
  });

  it('leaves function words out of documents and questions', () => {
    assert.deepEqual(languageAnalyzer.documentTerms('What did she do with the kettle?'), { terms: ['kettl'], length: 1, language: 'english' });
    assert.deepEqual(languageAnalyzer.queryWords('What did she do with it?', new Set(['english'])), []);
  });

  it('names a word once, as it was written first', () => {
    assert.deepEqual(
      languageAnalyzer.queryWords('Camping, camp, CAMPS!', new Set(['english'])).map((word) => word.text),
      ['Camping'],
    );
  });

  it('gives a month of any language the same word as the date of a document', () => {
    const english = languageAnalyzer.queryWords('What happened in May?', new Set(['english'])).flatMap((word) => word.terms);
    const german = languageAnalyzer.queryWords('Was war im März mit dem Auto?', new Set(['german'])).flatMap((word) => word.terms);
    const russian = languageAnalyzer.queryWords('Что было 8 мая?', new Set(['russian'])).flatMap((word) => word.terms);
    assert.ok(english.includes('month5') && german.includes('month3') && russian.includes('month5'));
  });
});

describe('detectLanguage', () => {
  for (const [language, ...sentences] of questions.filter(([name]) => !['Japanese', 'Chinese', 'Korean', 'Thai'].includes(name))) {
    it(`recognises ${language}`, () => {
      for (const sentence of sentences) {
        const forms = splitWords(sentence).map((word) => word.form);
        assert.equal(detectLanguage(forms.map(fold), forms.join(' ')), language.toLowerCase(), sentence);
      }
    });
  }

  it('takes short text without function words for English, and other scripts for none', () => {
    assert.equal(detectLanguage(['camping', 'yosemite'], ''), 'english');
    assert.equal(detectLanguage(['γατα'], 'γάτα'), null);
  });
});

describe('plainAnalyzer', () => {
  it('has words in lower case without diacritics, each as it is', () => {
    assert.deepEqual(plainAnalyzer.documentTerms("The Cafés don't_close").terms, ['the', 'cafes', 'don', 't', 'close']);
  });
});
