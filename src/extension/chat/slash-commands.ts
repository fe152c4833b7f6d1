import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock, IdSource } from '../../shared/ports.ts';
import type { MemoryView } from '../../shared/protocol/chat-views.ts';
import type { Store } from '../../store/port.ts';
import type { Provenance, Slice } from '../../store/records.ts';
import type { AttachmentDraft } from './attachment-sources.ts';
import { memoryView } from './message-views.ts';

export interface SlashCommandParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly undoMs: number;
}

/** What a person asks of memory in so many words, in the chat or at a message. */
export class SlashCommands {
  readonly #parts: SlashCommandParts;

  constructor(parts: SlashCommandParts) {
    this.#parts = parts;
  }

  /** True when the text was a command and is done; false when it is a message for the agent. */
  run(text: string): Promise<boolean> {
    return Promise.resolve(text === '/help');
  }

  /** Keeps a message, or a part of it, as something to remember. */
  async rememberMessage(messageId: string, text: string | null): Promise<{ memory: MemoryView }> {
    const message = await this.#parts.store.messages.get(messageId);
    if (message === null) throw new HearthlinkError('not-found');
    const slice = await this.#keep(text ?? message.text, { type: 'message', sessionId: message.sessionId, messageId, quote: text });
    return { memory: memoryView(slice, this.#parts.undoMs) };
  }

  async rememberSelection(draft: AttachmentDraft): Promise<MemoryView> {
    const provenance: Provenance =
      draft.uri === null ? { type: 'user' } : { type: 'editor', uri: draft.uri, firstLine: draft.firstLine ?? 1, lastLine: draft.lastLine ?? 1 };
    return memoryView(await this.#keep(draft.text, provenance), this.#parts.undoMs);
  }

  async #keep(text: string, provenance: Provenance): Promise<Slice> {
    const at = this.#parts.clock.now();
    const [added] = await this.#parts.store.slices.add([
      {
        id: this.#parts.ids.next(),
        kind: 'semantic',
        state: 'held',
        text: text.trim(),
        speaker: 'user',
        scope: { type: 'shared' },
        importance: 0.8,
        confidence: 1,
        provenance,
        validFrom: at,
        expiresAt: null,
        at,
      },
    ]);
    if (added === undefined || added.outcome === 'forgotten-before') throw new HearthlinkError('forgotten-before');
    return added.slice;
  }
}
