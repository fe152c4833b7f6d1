import type { Recall } from '../memory/recall.ts';
import { rememberWords, type Remembered, type RememberingParts } from '../memory/remembering.ts';
import type { RecallHit } from '../store/recall-port.ts';

export const commandNames = ['remember', 'forget', 'recall', 'help'] as const;

export type CommandName = (typeof commandNames)[number];

export interface Command {
  readonly name: CommandName;
  /** What stands after the name; may be empty. */
  readonly text: string;
}

/** The command that a message is; null for a message to the agent, also one that begins with a path (`/usr/bin`). */
export function parseCommand(message: string): Command | null {
  const match = /^\/([a-z]+)(?:\s+([\s\S]*))?$/i.exec(message.trim());
  const name = commandNames.find((known) => known === match?.[1]?.toLowerCase());
  return name === undefined ? null : { name, text: match?.[2]?.trim() ?? '' };
}

/** What a command answers. The words are made where it is shown. */
export type CommandResult =
  | Remembered
  /** Best first; `omitted` more would match. */
  | { readonly outcome: 'recalled'; readonly hits: readonly RecallHit[]; readonly omitted: number }
  /** What could be meant, best first: the person says which, and `Forgetting.forget` forgets it. */
  | { readonly outcome: 'which-to-forget'; readonly hits: readonly RecallHit[] }
  | { readonly outcome: 'nothing-found'; readonly command: 'forget' | 'recall' }
  | { readonly outcome: 'needs-text'; readonly command: CommandName }
  /** A private chat has no memory to ask or to add to. */
  | { readonly outcome: 'not-in-private'; readonly command: CommandName }
  | { readonly outcome: 'help'; readonly commands: readonly CommandName[] };

export interface CommandParts extends RememberingParts {
  readonly recall: Recall;
}

export interface CommandPlace {
  /** The chat that the command was written in; null when it is not stored yet. */
  readonly sessionId: string | null;
  readonly isPrivate: boolean;
}

const mostHits = 8;
const tokenBudget = 3_000;

/** @throws HearthlinkError of the store. */
export async function runCommand(parts: CommandParts, command: Command, place: CommandPlace, signal: AbortSignal): Promise<CommandResult> {
  const { name, text } = command;
  if (name === 'help') return { outcome: 'help', commands: commandNames };
  if (place.isPrivate) return { outcome: 'not-in-private', command: name };
  if (text === '') return { outcome: 'needs-text', command: name };
  if (name === 'remember') return rememberWords(parts, text);
  const searching = parts.recall.begin({ text, sessionId: place.sessionId }, signal);
  const { hits, omitted } = await searching.find({ excludeMessageIds: [], limit: mostHits, tokenBudget, charactersPerToken: 4 });
  if (hits.length === 0) return { outcome: 'nothing-found', command: name };
  return name === 'recall' ? { outcome: 'recalled', hits, omitted } : { outcome: 'which-to-forget', hits };
}
