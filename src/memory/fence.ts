/**
 * Data in a prompt (memories, attachments, messages to be read) stands between tags. What is inside can neither close its
 * fence, nor open another, nor speak in the control words that separate the turns of a chat.
 */

export type FenceTag = 'attachment' | 'memories' | 'message';

const ownTag = /<(?=[\s\p{Cf}/]*(?:attachment|notes|memories|messages?)(?![\p{L}\p{N}]))/giu;

/** Control words of the usual chat templates; a server reads them as such wherever they stand in a prompt. */
const controlWord = /<\|[\w .-]{1,40}\|?>|<[\w .-]{1,40}\|>|<\/?(?:start_of_turn|end_of_turn|bos|eos)>|<<\/?SYS>>|\[\/?INST\]/gi;

/** `data` with its look-alikes of fences and control words made harmless; all else stays as it is. */
export function neutralised(data: string): string {
  return data
    .replace(controlWord, (word) => word.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('[', '⁅').replaceAll(']', '⁆'))
    .replace(ownTag, '‹');
}

/** `data` between `<tag …>` and `</tag>`, each on a line of its own. */
export function fenced(tag: FenceTag, data: string, attributes: Readonly<Record<string, string>> = {}): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${attributeText(value)}"`);
  return `<${tag}${written.join('')}>\n${neutralised(data)}\n</${tag}>`;
}

/** On one line, without what ends an attribute or a tag. */
function attributeText(value: string): string {
  return neutralised(onOneLine(value)).replaceAll('"', "'").replaceAll('<', '‹').replaceAll('>', '›');
}

/** Every run of white space and control characters as one space. */
export function onOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
