import type { HearthlinkError } from '../shared/errors.ts';

/** What the rooms above know of language models. No word of one server's protocol stands here. */

export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatTurn[];
  /** A JSON schema the reply must follow; its names and rules must stand in the prompt too. */
  readonly schema?: object;
  /** Default: the model's own. */
  readonly temperature?: number;
  /** Default: the reply length of the settings. */
  readonly maxReplyTokens?: number;
  /** Let the model think before it answers, where it can. Default false. */
  readonly think?: boolean;
  /**
   * Nobody is waiting for it: goes after every reply and query, and is interrupted by them (it then throws `cancelled` with
   * `reason: 'interrupted'`), and is refused while the server rests after failures. Default false: a person's click.
   */
  readonly background?: boolean;
}

export type ChatEvent =
  /** The model is being loaded, or the prompt read; sent about once a second from the third on. */
  | { readonly type: 'waiting'; readonly phase: 'queued' | 'loading' | 'reading'; readonly seconds: number; readonly lastLoadSeconds: number | null }
  | { readonly type: 'thinking'; readonly text: string }
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'end';
      readonly reason: 'stop' | 'length';
      readonly statistics: ChatStatistics;
      /** The server read clearly less than it was sent: it has dropped a part of the prompt without a word. */
      readonly promptCut?: true;
    };

export interface ChatStatistics {
  readonly promptTokens: number | null;
  readonly replyTokens: number | null;
  readonly loadMs: number | null;
  readonly promptMs: number | null;
  readonly replyMs: number | null;
}

/**
 * Streams a reply. Ends with exactly one `end`, or throws a HearthlinkError of a `model-*` code or `cancelled`.
 * Aborting the signal really stops the generation at the server.
 */
export interface ChatModel {
  chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent>;
}

export interface Embedder {
  /** Names the model's weights; null while there is no embedding model. Never throws: unreachable means null. */
  model(): Promise<string | null>;
  /** L2-normalised vectors, one per text, in order. Queries go before background work. */
  embed(texts: readonly string[], purpose: 'query' | 'document', signal: AbortSignal): Promise<readonly Float32Array[]>;
}

export interface ModelInfo {
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
  /** The trained context window in tokens, where the server tells it. */
  readonly contextLength: number | null;
  readonly parameterSize: string | null;
  readonly abilities: readonly ModelAbility[];
  /** True while it is in memory. */
  readonly loaded: boolean;
  /** The context window it has in memory now, in tokens; null while it is not loaded. */
  readonly loadedContext: number | null;
}

export type ModelAbility = 'chat' | 'thinking' | 'tools' | 'pictures' | 'embedding';

export interface PullProgress {
  readonly status: string;
  /** Summed over the layers; null until the server tells sizes. */
  readonly completedBytes: number | null;
  readonly totalBytes: number | null;
}

/** The server behind the models: is it there, what has it, and how to get more. */
export interface ModelCatalog {
  /** Models of this machine, cloud ones left out; chat models first. */
  list(signal: AbortSignal): Promise<readonly ModelInfo[]>;
  /** Fetches a model onto this machine. Aborting keeps what has come; the next pull goes on from there. */
  pull(model: string, signal: AbortSignal): AsyncIterable<PullProgress>;
  /** Asks the server at once, also while the circuit breaker is open. */
  probe(signal: AbortSignal): Promise<ServerStatus>;
}

export type ServerStatus =
  | { readonly reachable: true; readonly version: string; readonly outdated: boolean }
  | { readonly reachable: false; readonly error: HearthlinkError };

/** Which models are used: those of the settings, else the best of what is installed. */
export interface ModelChoice {
  /** Null: none is chosen and none is installed. Throws a `model-*` error when the server has to be asked and cannot be. */
  chatModel(signal: AbortSignal): Promise<string | null>;
  /**
   * The window that requests to this model really have, in tokens: as set, as trained, as the server gave it, whichever is
   * least. Never throws: without the server it is as set.
   */
  contextTokens(model: string, signal: AbortSignal): Promise<number>;
}

/** Learns how many characters make a token, per model, from what the server counted. */
export interface TokenEstimator {
  /** Tokens of a text, rounded up. */
  estimate(model: string, text: string): number;
  charactersPerToken(model: string): number;
  learn(model: string, characters: number, tokens: number): void;
}
