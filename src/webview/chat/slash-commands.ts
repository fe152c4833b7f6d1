import * as l10n from '@vscode/l10n';

/** What can be written instead of a message. The names are words of the product and are not translated. */
export interface SlashCommand {
  readonly name: string;
  /** Whether words follow the name. */
  readonly takesWords: boolean;
  readonly does: () => string;
}

const slashCommands: readonly SlashCommand[] = [
  { name: '/remember', takesWords: true, does: () => l10n.t('Keep what follows') },
  { name: '/forget', takesWords: true, does: () => l10n.t('Find and forget what fits') },
  { name: '/recall', takesWords: true, does: () => l10n.t('Look something up, without a model') },
  { name: '/help', takesWords: false, does: () => l10n.t('What can be done here') },
];

/** The commands that the text may become. None once a name is complete or a word follows it. */
export function completionsOf(text: string): readonly SlashCommand[] {
  if (!/^\/\w*$/.test(text)) return [];
  const typed = text.toLowerCase();
  return slashCommands.filter(({ name }) => name.startsWith(typed) && name !== typed);
}

/** The text when a command was chosen, ready for the words that follow. */
export function completed({ name, takesWords }: SlashCommand): string {
  return takesWords ? `${name} ` : name;
}
