/** Every command of the palette, by its name after `hearthlink.`; the manifest holds the same ones, which a test compares. */
export const commandNames = [
  'openChat',
  'newChat',
  'newPrivateChat',
  'newTemporaryChat',
  'showChats',
  'exportChat',
  'pauseChat',
  'closeChat',
  'archiveChat',
  'reopenChat',
  'stopReply',
  'attachSelection',
  'attachFile',
  'attachProblems',
  'rememberSelection',
  'recall',
  'openMemory',
  'chooseCapture',
  'wipeForgotten',
  'tidyMemory',
  'verifyForgotten',
  'chooseModel',
  'pullModel',
  'checkOllama',
  'startOllama',
  'exportEverything',
  'importMemory',
  'undoImport',
  'eraseEverything',
  'showJobs',
  'openDataFolder',
  'showLog',
  'openSettings',
  'openWalkthrough',
] as const;

export type CommandName = (typeof commandNames)[number];

/** What each command does. Each works or explains itself when no model answers. */
export type Commands = Readonly<Record<CommandName, () => Promise<void>>>;
