import type { Commands } from '../command-names.ts';
import { tidyMemory, type TidyCommandParts } from './tidy-command.ts';
import { verifyForgottenMemory, type VerifyCommandParts } from './verify-command.ts';

/** What keeps memory in order, and proves that what is forgotten is gone. */
export function careCommands(parts: TidyCommandParts & VerifyCommandParts): Pick<Commands, 'tidyMemory' | 'verifyForgotten'> {
  return {
    tidyMemory: () => tidyMemory(parts),
    verifyForgotten: () => verifyForgottenMemory(parts),
  };
}
