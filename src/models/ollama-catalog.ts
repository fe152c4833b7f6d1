import { HearthlinkError } from '../shared/errors.ts';
import type { Log } from '../shared/ports.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { factsOf, guessedAbilities, type ModelFacts } from './model-facts.ts';
import { isCloudName, isSameModel } from './model-name.ts';
import type { OllamaClient } from './ollama-client.ts';
import type { ListedModel, PullFrame } from './ollama-wire.ts';
import type { ModelCatalog, ModelInfo, PullProgress, ServerStatus } from './port.ts';

/** Before this, some thinking models ignored a reply's schema; everything else works. */
const wantedVersion = [0, 31, 2] as const;

export interface OllamaCatalogParts {
  readonly client: OllamaClient;
  readonly breaker: CircuitBreaker;
  readonly log: Log;
  /** Told when models may have come or gone. */
  readonly onDidPull: () => void;
}

export class OllamaCatalog implements ModelCatalog {
  readonly #parts: OllamaCatalogParts;
  /** By digest: what the server says of a model changes only with its weights. */
  readonly #facts = new Map<string, ModelFacts>();

  constructor(parts: OllamaCatalogParts) {
    this.#parts = parts;
  }

  list(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    return this.#parts.breaker.run('person', () => this.#list(signal));
  }

  /** As `list`, but refused while the server rests after failures. */
  listInBackground(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    return this.#parts.breaker.run('background', () => this.#list(signal));
  }

  async probe(signal: AbortSignal): Promise<ServerStatus> {
    const { breaker, client } = this.#parts;
    try {
      const version = await breaker.run('person', () => client.version(signal));
      return { reachable: true, version, outdated: isOutdated(version) };
    } catch (error) {
      if (signal.aborted) throw new HearthlinkError('cancelled', {}, error);
      return { reachable: false, error: HearthlinkError.from(error) };
    }
  }

  async *pull(model: string, signal: AbortSignal): AsyncGenerator<PullProgress> {
    if (isCloudName(model)) throw new HearthlinkError('model-unsupported', { model, detail: 'this model does not run on your machine' });
    const layers = new Map<string, { completed: number; total: number }>();
    try {
      for await (const frame of this.#parts.client.pull(model, signal)) yield progressOf(frame, layers);
    } catch (error) {
      throw signal.aborted ? new HearthlinkError('cancelled', {}, error) : error;
    } finally {
      this.#parts.onDidPull();
    }
  }

  async #list(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    const { client } = this.#parts;
    try {
      const [listed, running] = await Promise.all([client.tags(signal), client.running(signal)]);
      const local = listed.filter((model) => !isRemote(model));
      const infos = await Promise.all(
        local.map(async (model) => {
          const facts = await this.#factsOf(model, signal);
          const loaded = running.find(({ name }) => isSameModel(name, model.name));
          return { facts, info: infoOf(model, facts, loaded?.context_length ?? null, loaded !== undefined) };
        }),
      );
      return infos.filter(({ facts }) => !facts.remote).map(({ info }) => info).sort(chatModelsFirst);
    } catch (error) {
      throw signal.aborted ? new HearthlinkError('cancelled', {}, error) : error;
    }
  }

  /** One model that cannot be looked into (a damaged file) does not hide the others. */
  async #factsOf(model: ListedModel, signal: AbortSignal): Promise<ModelFacts> {
    const known = this.#facts.get(model.digest);
    if (known !== undefined) return known;
    try {
      const facts = factsOf(model.name, await this.#parts.client.show(model.name, signal));
      this.#facts.set(model.digest, facts);
      return facts;
    } catch (error) {
      if (signal.aborted) throw error;
      this.#parts.log.warn('a model could not be looked into', { model: model.name, code: HearthlinkError.from(error).code });
      return { abilities: guessedAbilities(model.name, model.details?.family), contextLength: null, remote: false };
    }
  }
}

function isRemote({ name, remote_host, remote_model }: ListedModel): boolean {
  return isCloudName(name) || (remote_host ?? '') !== '' || (remote_model ?? '') !== '';
}

function infoOf(model: ListedModel, facts: ModelFacts, loadedContext: number | null, loaded: boolean): ModelInfo {
  return {
    name: model.name,
    digest: model.digest,
    bytes: model.size,
    contextLength: facts.contextLength,
    parameterSize: model.details?.parameter_size ?? null,
    abilities: facts.abilities,
    loaded,
    loadedContext,
  };
}

function chatModelsFirst(a: ModelInfo, b: ModelInfo): number {
  const rank = ({ abilities }: ModelInfo): number => (abilities.includes('chat') ? 0 : 1);
  return rank(a) - rank(b) || a.name.localeCompare(b.name);
}

/** Development builds call themselves 0.0.0; they, and what is no version, are not called old. */
function isOutdated(version: string): boolean {
  const numbers = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  if (numbers === undefined || numbers.every((number) => number === 0)) return false;
  for (const [index, wanted] of wantedVersion.entries()) {
    const number = numbers[index] ?? 0;
    if (number !== wanted) return number < wanted;
  }
  return false;
}

/** The layers' sizes come one after the other, so the sums grow on both sides, and a whole is known only near the end. */
function progressOf({ status, digest, total, completed }: PullFrame, layers: Map<string, { completed: number; total: number }>): PullProgress {
  if (digest !== undefined && total !== undefined) layers.set(digest, { total, completed: completed ?? 0 });
  if (layers.size === 0) return { status, completedBytes: null, totalBytes: null };
  const sums = [...layers.values()].reduce((sum, layer) => ({ completed: sum.completed + layer.completed, total: sum.total + layer.total }));
  return { status, completedBytes: sums.completed, totalBytes: sums.total };
}
