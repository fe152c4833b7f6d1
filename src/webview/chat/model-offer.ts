import { HearthlinkError } from '../../shared/errors.ts';
import type { ChatProtocol } from '../../shared/protocol/chat.ts';
import type { Channel } from '../ui/channel.ts';
import type { ChatState } from './chat-state.ts';
import { errorText } from '../ui/error-text.ts';
import { otherModel } from './other-model.ts';

/** Finds out, when the last reply failed at its model, which other one could be offered. */
export class ModelOffer {
  readonly #channel: Channel<ChatProtocol>;
  readonly #onChange: () => void;
  #lookedFor: string | undefined;
  #model: string | null = null;

  constructor(channel: Channel<ChatProtocol>, onChange: () => void) {
    this.#channel = channel;
    this.#onChange = onChange;
  }

  /** Null while there is none. */
  get model(): string | null {
    return this.#model;
  }

  async look({ messages, connection }: ChatState): Promise<void> {
    const last = messages.at(-1);
    const error = last?.error ?? null;
    if (last === undefined || error === null || last.id === this.#lookedFor || !errorText(error).remedies.includes('other-model')) return;
    this.#lookedFor = last.id;
    const failed = last.model ?? (connection.state === 'ready' ? connection.model : null);
    this.#model = await this.#other(failed);
    this.#onChange();
  }

  /** The reader asked for nothing here, so a list that cannot be had is no problem to show: there is just no offer. */
  async #other(failed: string | null): Promise<string | null> {
    try {
      const { models } = await this.#channel.request('listModels', {});
      return otherModel(models, failed);
    } catch (error) {
      if (HearthlinkError.is(error)) return null;
      throw error;
    }
  }
}
