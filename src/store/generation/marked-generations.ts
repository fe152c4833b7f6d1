import type { StoreFiles } from '../files/store-files.ts';
import { generationsIn, markFile, type NumberedName } from './names.ts';

/** The generations that count, because a mark was written last of all into each; newest first. */
export function marked(files: StoreFiles): NumberedName[] {
  return generationsIn(files.list()).filter(({ name }) => files.size(`${name}/${markFile}`) !== null);
}
