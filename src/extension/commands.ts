import { ThemeIcon, Uri, commands, env, l10n, window, type QuickPickItem } from 'vscode';
import { captureQuestion } from './capture-question.ts';
import type { HandlerParts } from './chat/chat-handlers.ts';
import { activeUri, askForFile, fileOf, problemsOf, selectionOf } from './chat/attachment-sources.ts';
import type { Commands } from './command-names.ts';
import { errorSentence } from './error-sentence.ts';
import type { ComposedBackups } from './compose-backups.ts';
import type { Hearth } from './hearth.ts';
import { askForModel, askWhichToPull } from './model-questions.ts';
import { showJobs } from './job-list.ts';
import { recallInPicker } from './recall-picker.ts';

export interface CommandParts extends HandlerParts {
  readonly hearth: Hearth;
  readonly dataFolder: Uri;
  /** Brings the chat view to the front, and into being. */
  readonly revealChat: () => Promise<void>;
  readonly care: Pick<Commands, 'tidyMemory' | 'verifyForgotten'>;
  /** Brings the memory browser to the front, and into being. */
  readonly showMemory: () => void;
  wipeForgotten(): Promise<{ readonly bytesFreed: number }>;
  readonly backups: ComposedBackups['commands'];
  /** What was done with the data, and whether it is as it was written. */
  readonly record: Pick<Commands, 'showActivity' | 'exportActivity' | 'verifyActivity' | 'checkData' | 'exportUnsaved'>;
  readonly transfer: Pick<Commands, 'exportEverything' | 'importMemory' | 'undoImport' | 'eraseEverything'>;
}

/** Every command of the palette. None needs a model to answer; those about models say what they found. */
export function createCommands(parts: CommandParts): Commands {
  return { ...parts.backups, ...parts.record, ...parts.transfer, ...chatCommands(parts), ...attachCommands(parts), ...memoryCommands(parts), ...modelCommands(parts), ...dataCommands(parts) };
}

type Part<Name extends keyof Commands> = Pick<Commands, Name>;

function chatCommands(parts: CommandParts): Part<'openChat' | 'newChat' | 'newPrivateChat' | 'newTemporaryChat' | 'showChats' | 'exportChat' | 'pauseChat' | 'closeChat' | 'archiveChat' | 'reopenChat' | 'stopReply'> {
  const { chat } = parts;
  const showNew = async (kind: { private: boolean; temporary: boolean }): Promise<void> => {
    await parts.revealChat();
    await chat.show({ sessionId: null, ...kind });
    chat.send('focusComposer', {});
  };
  const change = async (to: 'active' | 'paused' | 'closed' | 'archived'): Promise<void> => {
    const id = chat.sessionId;
    if (id === null) return void window.showInformationMessage(l10n.t('This chat is not kept yet. Open another, or write something first.'));
    await parts.sessions.changeStatus(id, to);
    await parts.revealChat();
  };
  return {
    openChat: async () => {
      await parts.revealChat();
      chat.send('focusComposer', {});
    },
    newChat: () => showNew({ private: false, temporary: false }),
    newPrivateChat: () => showNew({ private: true, temporary: false }),
    newTemporaryChat: () => showNew({ private: false, temporary: true }),
    showChats: async () => {
      await parts.revealChat();
      chat.send('showSessions', {});
    },
    exportChat: async () => {
      const id = chat.sessionId;
      if (id === null) void window.showInformationMessage(l10n.t('There is nothing to export yet. Open a chat first.'));
      else await parts.sessions.export(id);
    },
    pauseChat: () => change('paused'),
    closeChat: () => change('closed'),
    archiveChat: () => change('archived'),
    reopenChat: () => change('active'),
    stopReply: () => {
      chat.conversation.stop();
      return Promise.resolve();
    },
  };
}

function attachCommands(parts: CommandParts): Part<'attachSelection' | 'attachFile' | 'attachProblems'> {
  const toChat = async (): Promise<void> => {
    await parts.revealChat();
    parts.chat.send('focusComposer', {});
  };
  return {
    attachSelection: async () => {
      const draft = window.activeTextEditor === undefined ? null : selectionOf(window.activeTextEditor);
      if (draft === null) void window.showInformationMessage(l10n.t('Select something in an editor first.'));
      else parts.composer.attach(draft);
      await toChat();
    },
    attachFile: async () => {
      const choice = await askWhatToAttach();
      if (choice === 'selection') return commands.executeCommand('hearthlink.attachSelection');
      if (choice === 'problems') return commands.executeCommand('hearthlink.attachProblems');
      const uri = choice === 'file' ? activeUri() : choice === 'other' ? await askForFile() : null;
      if (uri !== null) parts.composer.attach(await fileOf(uri));
      await toChat();
    },
    attachProblems: async () => {
      const uri = activeUri();
      const draft = uri === null ? null : problemsOf(uri);
      if (draft === null) void window.showInformationMessage(l10n.t('This file has no problems to attach.'));
      else parts.composer.attach(draft);
      await toChat();
    },
  };
}

function memoryCommands(parts: CommandParts): Part<'rememberSelection' | 'recall' | 'openMemory' | 'chooseCapture' | 'wipeForgotten' | 'tidyMemory' | 'verifyForgotten'> {
  return {
    ...parts.care,
    rememberSelection: async () => {
      const draft = window.activeTextEditor === undefined ? null : selectionOf(window.activeTextEditor);
      if (draft === null) return void window.showInformationMessage(l10n.t('Select something in an editor first.'));
      const { id } = await parts.slash.rememberSelection(draft);
      const undo = l10n.t('Undo');
      if ((await window.showInformationMessage(l10n.t('Remembered: {0}', draft.label), undo)) === undo) await parts.memories.forget(id);
    },
    recall: async () => {
      const message = await recallInPicker(parts);
      if (message === null) return;
      await parts.revealChat();
      await parts.chat.open(message.sessionId, message.messageId);
    },
    openMemory: () => {
      parts.showMemory();
      return Promise.resolve();
    },
    chooseCapture: async () => {
      const { captureMode } = await parts.store.agents.settings(parts.agent.id);
      const mode = await captureQuestion(captureMode);
      if (mode === null) return;
      await parts.store.agents.setCaptureMode({ agentId: parts.agent.id, mode, at: parts.clock.now() });
      parts.chat.send('captureMode', { mode });
    },
    wipeForgotten: async () => {
      const { bytesFreed } = await parts.wipeForgotten();
      void window.showInformationMessage(
        l10n.t('What you have forgotten is wiped from the files of the store. {0} KB were freed.', Math.max(0, Math.round(bytesFreed / 1024))),
      );
    },
  };
}

function modelCommands({ connection, pull, revealChat }: CommandParts): Part<'chooseModel' | 'pullModel' | 'checkOllama' | 'startOllama'> {
  return {
    chooseModel: async () => {
      const name = await askForModel(await connection.models());
      if (name !== null) await connection.choose(name);
    },
    pullModel: async () => {
      const view = await connection.check();
      if (view.state === 'offline') {
        await offerStart(view.error);
        return;
      }
      const name = await askWhichToPull(view.state === 'no-model' ? view.suggestion : '');
      if (name === null) return;
      await revealChat();
      if (await pull.run(name)) await connection.choose(name);
    },
    checkOllama: async () => {
      const view = await connection.check();
      if (view.state === 'offline') {
        await offerStart(view.error);
        return;
      }
      const text =
        view.state === 'ready' ? l10n.t('Ollama answers. Alden talks with {0}.', view.model) : l10n.t('Ollama answers, but has no model to talk with yet.');
      const pullOne = l10n.t('Pull a model');
      const choice = await window.showInformationMessage(text, ...(view.state === 'ready' ? [] : [pullOne]));
      if (choice === pullOne) await commands.executeCommand('hearthlink.pullModel');
    },
    startOllama: async () => {
      // In a terminal, so that its words can be read and it can be ended.
      const terminal = window.createTerminal({ name: 'Ollama', iconPath: new ThemeIcon('flame') });
      terminal.show(true);
      terminal.sendText('ollama serve');
      await connection.check();
    },
  };
}

function dataCommands({ hearth, dataFolder, store, clock }: CommandParts): Part<'showJobs' | 'openDataFolder' | 'showLog' | 'openSettings' | 'openWalkthrough'> {
  return {
    showJobs: () => showJobs(store, clock),
    openDataFolder: async () => {
      const { folder } = await store.status();
      await env.openExternal(folder === '' ? dataFolder : Uri.file(folder));
    },
    showLog: () => {
      hearth.channel.show();
      return Promise.resolve();
    },
    openSettings: () => run('workbench.action.openSettings', '@ext:hearthlink.hearthlink'),
    openWalkthrough: () => run('workbench.action.openWalkthrough', 'hearthlink.hearthlink#firstSteps', false),
  };
}

async function run(command: string, ...rest: readonly (string | boolean)[]): Promise<void> {
  await commands.executeCommand(command, ...rest);
}

async function offerStart(error: Parameters<typeof errorSentence>[0]): Promise<void> {
  const start = l10n.t('Start Ollama');
  const settings = l10n.t('Open settings');
  const choice = await window.showWarningMessage(errorSentence(error), start, settings);
  if (choice === start) await commands.executeCommand('hearthlink.startOllama');
  if (choice === settings) await commands.executeCommand('hearthlink.openSettings');
}

type AttachChoice = 'selection' | 'file' | 'problems' | 'other';

async function askWhatToAttach(): Promise<AttachChoice | null> {
  const editor = window.activeTextEditor;
  const items: (QuickPickItem & { choice: AttachChoice })[] = [];
  if (editor?.selection.isEmpty === false) {
    items.push({ choice: 'selection', label: l10n.t('Selection'), iconPath: new ThemeIcon('selection'), description: selectionOf(editor)?.label ?? '' });
  }
  const uri = activeUri();
  if (uri !== null) {
    const name = uri.path.split('/').at(-1) ?? '';
    items.push({ choice: 'file', label: l10n.t('This file'), iconPath: new ThemeIcon('file'), description: name });
    if (problemsOf(uri) !== null) items.push({ choice: 'problems', label: l10n.t('Its problems'), iconPath: new ThemeIcon('warning'), description: name });
  }
  items.push({ choice: 'other', label: l10n.t('Another file…'), iconPath: new ThemeIcon('folder-opened') });
  if (items.length === 1) return 'other';
  const picked = await window.showQuickPick(items, { title: l10n.t('Attach to your message') });
  return picked?.choice ?? null;
}

