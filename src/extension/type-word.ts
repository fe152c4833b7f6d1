import { InputBoxValidationSeverity, l10n } from 'vscode';
import { isTypedWord, mayBecomeTypedWord } from '../shared/typed-word.ts';
import { askInBox } from './box-question.ts';

/**
 * Asks for a word before something that is not easily undone. Says which as soon as something else is typed. False when it was turned away.
 * @param question.prompt says what will happen, and has the word in it
 */
export function typeWord({ title, prompt, word }: { readonly title: string; readonly prompt: string; readonly word: string }): Promise<boolean> {
  const message = l10n.t('Type {0}, or press Escape.', word);
  return askInBox({
    title,
    prompt,
    isHidden: false,
    onType: (typed, say) => { if (!mayBecomeTypedWord(typed, word)) say({ message, severity: InputBoxValidationSeverity.Error }); },
    take: (typed) => Promise.resolve(isTypedWord(typed, word) ? null : message),
  });
}
