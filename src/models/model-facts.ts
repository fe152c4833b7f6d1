import { HearthlinkError } from '../shared/errors.ts';
import { fullName, isCloudName } from './model-name.ts';
import type { OllamaClient } from './ollama-client.ts';
import type { ShownModel } from './ollama-wire.ts';
import type { ModelAbility } from './port.ts';

/** What does not change about a model while it is installed. */
export interface ModelFacts {
  readonly abilities: readonly ModelAbility[];
  /** The context window it was trained with, in tokens; null where the server does not tell. */
  readonly contextLength: number | null;
  /** True where it runs on someone else's machine. */
  readonly remote: boolean;
}

const abilityNames: Readonly<Record<string, ModelAbility>> = {
  completion: 'chat',
  thinking: 'thinking',
  tools: 'tools',
  vision: 'pictures',
  embedding: 'embedding',
};

/** The facts of an `/api/show` answer. Servers before 0.6.4 do not list abilities: there they are guessed from the family. */
export function factsOf(model: string, shown: ShownModel): ModelFacts {
  const architecture = shown.model_info?.['general.architecture'];
  const contextLength = typeof architecture === 'string' ? shown.model_info?.[`${architecture}.context_length`] : undefined;
  const abilities = shown.capabilities?.flatMap((name) => abilityNames[name] ?? []);
  return {
    abilities: abilities ?? guessedAbilities(model, shown.details?.family),
    contextLength: typeof contextLength === 'number' && contextLength > 0 ? contextLength : null,
    remote: isCloudName(model) || (shown.remote_host ?? '') !== '',
  };
}

export function guessedAbilities(model: string, family = ''): readonly ModelAbility[] {
  return /bert/i.test(family) || /embed|minilm|\bbge\b|\be5\b/i.test(model) ? ['embedding'] : ['chat'];
}

/** Asks once per model and endpoint, before anything is said to it. */
export class KnownModels {
  readonly #client: OllamaClient;
  readonly #endpoint: () => string;
  readonly #facts = new Map<string, ModelFacts>();

  constructor(client: OllamaClient, endpoint: () => string) {
    this.#client = client;
    this.#endpoint = endpoint;
  }

  /**
   * Facts of a model that runs on this machine. Throws `model-missing` when it is not installed, and `model-unsupported` when
   * it runs elsewhere: nothing may be said to it.
   */
  async localFacts(model: string, signal: AbortSignal): Promise<ModelFacts> {
    const key = `${this.#endpoint()} ${fullName(model)}`;
    const facts = this.#facts.get(key) ?? factsOf(model, await this.#client.show(model, signal));
    if (facts.remote) throw new HearthlinkError('model-unsupported', { model, detail: 'this model does not run on your machine' });
    this.#facts.set(key, facts);
    return facts;
  }

  /** After a pull or an error that says the model has gone or changed. */
  forget(): void {
    this.#facts.clear();
  }
}
