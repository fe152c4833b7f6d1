/** A text in which capitals, normal forms and white space make no difference: two that are read the same are the same. */
export function foldedText(text: string): string {
  // Capitals first, so that ß and SS, or the two small sigmas, become the same.
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFC').replace(/\s+/gu, ' ');
}
