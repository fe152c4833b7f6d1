import { parseCommand, runCommand, type CommandParts } from '../../agents/commands.ts';
import { rememberLines, rememberMessage, type Remembered } from '../../memory/remembering.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { MemoryView, MessageView } from '../../shared/protocol/chat-views.ts';
import type { Store } from '../../store/port.ts';
import type { AttachmentDraft } from './attachment-sources.ts';
import { commandAnswer } from './command-answer.ts';
import { memoryView } from './message-views.ts';
import type { OpenChat } from './open-chat.ts';

export interface SlashCommandParts extends CommandParts {
  readonly store: Store;
  readonly agentId: string;
  readonly undoMs: number;
}

/** What a person asks of memory in so many words, in the chat, at a message or in an editor. */
export class SlashCommands {
  readonly #parts: SlashCommandParts;

  constructor(parts: SlashCommandParts) {
    this.#parts = parts;
  }

  /**
   * Does what a message like `/recall releases` asks, and shows the answer in the chat; neither is stored.
   * False when the text is a message for the agent.
   */
  async run(text: string, chat: OpenChat): Promise<boolean> {
    const command = parseCommand(text);
    if (command === null) return false;
    const result = await runCommand(this.#parts, command, { sessionId: chat.sessionId, isPrivate: chat.isPrivate }, AbortSignal.timeout(10_000));
    const answer = commandAnswer(result, this.#parts.undoMs);
    const at = this.#parts.clock.now();
    chat.showAside([
      { ...this.#aside(at), role: 'user', origin: 'user', text: text.trim() },
      { ...this.#aside(at), ...answer },
    ]);
    return true;
  }

  /** Keeps a message, or the part of it that is selected. */
  async rememberMessage(messageId: string, text: string | null): Promise<{ memory: MemoryView }> {
    const message = await this.#parts.store.messages.get(messageId);
    if (message === null) throw new HearthlinkError('not-found');
    return { memory: this.#kept(await rememberMessage(this.#parts, message, this.#parts.agentId, text)) };
  }

  async rememberSelection({ text, uri, firstLine, lastLine }: AttachmentDraft): Promise<MemoryView> {
    return this.#kept(await rememberLines(this.#parts, { text, uri: uri ?? '', firstLine: firstLine ?? 1, lastLine: lastLine ?? 1 }));
  }

  #kept(remembered: Remembered): MemoryView {
    switch (remembered.outcome) {
      case 'remembered':
      case 'already-known':
        return memoryView(remembered.slice, this.#parts.undoMs);
      case 'forgotten-before':
        throw new HearthlinkError('forgotten-before');
      case 'secret':
        throw new HearthlinkError('secret-not-kept');
    }
  }

  /** A message that is shown and not stored. */
  #aside(at: number): MessageView {
    return {
      id: this.#parts.ids.next(),
      role: 'assistant',
      origin: 'command',
      status: 'complete',
      text: '',
      thinking: '',
      thinkingMs: null,
      model: null,
      at,
      attachments: [],
      error: null,
      memories: [],
      captured: [],
      secrets: [],
      siblings: [],
      tokensPerSecond: null,
      omitted: { messages: 0, attachments: 0, memories: 0 },
    };
  }
}
