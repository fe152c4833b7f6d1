/** Whether somebody typed the word that was asked for, in whichever letters, with or without white space around it. */
export function isTypedWord(typed: string, word: string): boolean {
  return plain(typed) === plain(word);
}

/** Whether what is typed so far may still become the word. */
export function mayBecomeTypedWord(typed: string, word: string): boolean {
  return plain(word).startsWith(plain(typed));
}

/** A letter and its accent may be one sign or two, as the keyboard has it. */
function plain(text: string): string {
  return text.normalize('NFC').trim().toLowerCase();
}
