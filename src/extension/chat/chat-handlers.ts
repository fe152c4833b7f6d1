import { commands, env, window } from 'vscode';
import { HearthlinkError } from '../../shared/errors.ts';
import type { ChatProtocol } from '../../shared/protocol/chat.ts';
import type { Handlers } from '../view-channel.ts';
import type { ChatParts } from './chat-parts.ts';
import { chatSnapshot } from './chat-snapshot.ts';
import { openLink } from './memory-actions.ts';
import type { SlashCommands } from './slash-commands.ts';

export interface HandlerParts extends ChatParts {
  readonly slash: SlashCommands;
}

/** The empty answer: it was done. */
type Nothing = Record<string, never>;

/**
 * What the extension does for each request of the chat view.
 * @param searchMemory brings the memory browser to the front, with what comes close to a text
 */
export function chatHandlers(parts: HandlerParts, searchMemory: (text: string) => void): Handlers<ChatProtocol> {
  const done: Nothing = {};
  const run = async (command: string): Promise<Nothing> => {
    await commands.executeCommand(command);
    return done;
  };
  return {
    ready: () => chatSnapshot(parts),
    older: ({ beforeId }) => parts.chat.older(beforeId),
    ...turnHandlers(parts),
    ...sessionHandlers(parts),
    ...memoryHandlers(parts),
    lookFurther: async ({ messageId }) => {
      searchMemory(await questionOf(messageId, parts));
      return done;
    },
    ...modelHandlers(parts),
    attach: () => run('hearthlink.attachFile'),
    attachSelection: () => run('hearthlink.attachSelection'),
    detach: ({ id }) => {
      parts.composer.detach(id);
      return Promise.resolve(done);
    },
    copy: async ({ text }) => {
      await env.clipboard.writeText(text);
      return done;
    },
    insertAtCursor: async ({ text }) => {
      const editor = window.activeTextEditor ?? window.visibleTextEditors[0];
      if (editor === undefined) throw new HearthlinkError('not-found');
      await editor.edit((edit) => {
        for (const selection of editor.selections) edit.replace(selection, text);
      });
      return done;
    },
    openLink: async ({ href }) => {
      await openLink(href);
      return done;
    },
    openDataFolder: () => run('hearthlink.openDataFolder'),
    openLog: () => run('hearthlink.showLog'),
    reloadWindow: () => run('workbench.action.reloadWindow'),
    exportUnsaved: () => run('hearthlink.exportUnsaved'),
    saveAgain: async () => {
      await parts.unsaved.tryNow();
      return done;
    },
    openBackups: () => run('hearthlink.restoreBackup'),
    unlock: () => run('hearthlink.unlock'),
    continueAfterDamage: async () => {
      await parts.store.continueAfterDamage(parts.clock.now());
      await parts.chat.show({ sessionId: parts.chat.sessionId, private: false, temporary: false });
      return done;
    },
  };
}

type Part<Name extends keyof Handlers<ChatProtocol>> = Pick<Handlers<ChatProtocol>, Name>;

function turnHandlers({ chat, composer, slash, store, clock, connection }: HandlerParts): Part<'send' | 'stop' | 'answerAgain' | 'showBranch' | 'remember' | 'blankSecret'> {
  return {
    send: async ({ text, editOf }) => {
      if (editOf === null && (await slash.run(text, chat))) return {};
      if (connection.view.state === 'unknown') await connection.check();
      const attachments = editOf === null ? composer.take() : ((await chat.conversation.get(editOf))?.attachments ?? []);
      try {
        await chat.conversation.send({ text, attachments, editOf });
      } catch (error) {
        if (editOf === null) composer.putBack(attachments);
        throw error;
      }
      return {};
    },
    stop: () => {
      chat.conversation.stop();
      return Promise.resolve({});
    },
    answerAgain: async ({ messageId, model }) => {
      if (connection.view.state !== 'ready') await connection.check();
      await chat.conversation.answerAgain(messageId, model);
      return {};
    },
    showBranch: async ({ messageId }) => {
      await chat.conversation.showBranch(messageId);
      await chat.refresh();
      return {};
    },
    remember: ({ messageId, text }) => slash.rememberMessage(messageId, text),
    blankSecret: async ({ messageId, start, end }) => {
      await store.messages.blankText({ messageId, start, end, at: clock.now() });
      await chat.refresh();
      return {};
    },
  };
}

function sessionHandlers({
  chat,
  sessions,
}: HandlerParts): Part<
  | 'newChat'
  | 'endPrivate'
  | 'listSessions'
  | 'searchSessions'
  | 'openSession'
  | 'renameSession'
  | 'changeSessionStatus'
  | 'deleteSession'
  | 'undoDeleteSession'
  | 'exportSession'
> {
  const showNew = async (kind: { private: boolean; temporary: boolean }): Promise<Nothing> => {
    await chat.show({ sessionId: null, ...kind });
    return {};
  };
  return {
    newChat: showNew,
    endPrivate: () => showNew({ private: false, temporary: false }),
    listSessions: async ({ archived }) => ({ sessions: await sessions.list(archived) }),
    searchSessions: async ({ text }) => ({ hits: await sessions.search(text) }),
    openSession: async ({ id, messageId }) => {
      await chat.open(id, messageId);
      return {};
    },
    renameSession: async ({ id, title }) => ({ session: await sessions.rename(id, title) }),
    changeSessionStatus: async ({ id, to }) => ({ session: await sessions.changeStatus(id, to) }),
    deleteSession: async ({ id, alsoFacts }) => {
      const { facts } = await sessions.delete(id, alsoFacts);
      if (chat.sessionId === id) await showNew({ private: false, temporary: false });
      return { facts };
    },
    undoDeleteSession: async ({ id }) => {
      await sessions.undoDelete(id);
      return {};
    },
    exportSession: async ({ id }) => {
      await sessions.export(id);
      return {};
    },
  };
}

/** Empty where it is no longer there. */
async function questionOf(replyId: string, { store }: HandlerParts): Promise<string> {
  const reply = await store.messages.get(replyId);
  const question = reply === null || reply.parentId === null ? null : await store.messages.get(reply.parentId);
  return question?.text ?? '';
}

function memoryHandlers({
  chat,
  memories,
}: HandlerParts): Part<'editMemory' | 'forgetMemory' | 'undoForgetMemory' | 'openSource' | 'decideCaptured' | 'undoCaptured'> {
  return {
    editMemory: async ({ id, text }) => {
      const memory = await memories.edit(id, text);
      if (memory.id !== id) await chat.refresh();
      return { memory };
    },
    forgetMemory: async ({ id }) => ({ memory: await memories.forget(id) }),
    undoForgetMemory: async ({ id }) => ({ memory: await memories.undoForget(id) }),
    openSource: async ({ id }) => {
      const message = await memories.source(id);
      if (message !== null) await chat.open(message.sessionId, message.messageId);
      return {};
    },
    decideCaptured: async ({ sliceId, remember, mode }) => {
      await memories.decide(sliceId, remember, mode);
      if (mode !== null) chat.send('captureMode', { mode });
      return {};
    },
    undoCaptured: async ({ sliceId }) => {
      await memories.takeBack(sliceId);
      return {};
    },
  };
}

function modelHandlers({ connection, pull }: HandlerParts): Part<'listModels' | 'chooseModel' | 'pullModel' | 'cancelPull' | 'probe' | 'startOllama'> {
  return {
    listModels: async () => ({ models: await connection.models() }),
    chooseModel: async ({ name }) => {
      await connection.choose(name);
      return {};
    },
    pullModel: async ({ model }) => {
      if (model === null) await commands.executeCommand('hearthlink.pullModel');
      else void pull.run(model).then((pulled) => (pulled ? connection.choose(model) : undefined));
      return {};
    },
    cancelPull: () => {
      pull.cancel();
      return Promise.resolve({});
    },
    probe: async () => {
      await connection.check();
      return {};
    },
    startOllama: async () => {
      await commands.executeCommand('hearthlink.startOllama');
      return {};
    },
  };
}
