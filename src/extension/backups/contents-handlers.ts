import type { BackupContents } from '../../operations/backup/backup-contents.ts';
import type { BackupsProtocol } from '../../shared/protocol/backups.ts';
import type { Handlers } from '../view-channel.ts';
import { comparisonView, outcomeView } from './backup-views.ts';

type ContentsMethods = 'preview' | 'restore' | 'lookInto' | 'heldPage' | 'heldMessages' | 'bringBack' | 'undoBringBack' | 'closeInside';

/** The empty answer: it was done. */
const done: Record<string, never> = {};
const thingsAtOnce = 50;
/** The end of a chat is what tells which one it is. */
const messagesShown = 20;

/** What the extension does where the backups view is about what is in a backup. */
export function contentsHandlers(contents: BackupContents): Pick<Handlers<BackupsProtocol>, ContentsMethods> {
  return {
    preview: async ({ target }) => comparisonView(await contents.preview(target)),
    restore: async ({ target, keep }) => outcomeView(await contents.restore(target, keep)),
    lookInto: async ({ target }) => {
      const { at, proved, summary } = await contents.lookInto(target);
      return { at, isProved: proved, memories: summary.tables['slice'] ?? null, chats: summary.tables['session'] ?? null };
    },
    heldPage: async (query) => {
      const { things, next } = await contents.page({ ...query, limit: thingsAtOnce });
      return { things: [...things], next };
    },
    heldMessages: async ({ id }) => {
      const { messages, hasMore } = await contents.messages(id, messagesShown);
      return { messages: messages.map(({ role, text }) => ({ role, text })), hasMore };
    },
    bringBack: async (thing) => ({ undo: await contents.bringBack(thing) }),
    undoBringBack: async ({ undo }) => {
      await contents.undo(undo);
      return done;
    },
    closeInside: async () => {
      await contents.close();
      return done;
    },
  };
}
