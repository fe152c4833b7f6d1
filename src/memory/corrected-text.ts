import { HearthlinkError } from '../shared/errors.ts';
import { findSecrets, maskSecrets } from './secrets.ts';

/**
 * What is kept when somebody words a memory anew. A memory is shown with its secrets masked, so the dots of a mask come back in what was
 * typed: they are left out, for they are nobody's words, and what they hid belongs into no memory.
 *
 * @param said the memory as it is stored
 * @param typed its new words, as they came out of the editor
 * @throws HearthlinkError `invalid-input` when nothing is left, `secret-not-kept` when a secret was typed
 */
export function correctedText(said: string, typed: string): string {
  const isMasked = maskSecrets(said) !== said;
  const text = (isMasked ? typed.replaceAll(/•+/g, '…') : typed).trim();
  if (text === '' || text === '…') throw new HearthlinkError('invalid-input');
  if (findSecrets(text).length > 0) throw new HearthlinkError('secret-not-kept');
  return text;
}
