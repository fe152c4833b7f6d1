/** What a model of the scripted server is, in the terms of `/api/tags`, `/api/show` and `/api/ps`. */
export interface ScriptedModel {
  readonly name: string;
  /** 64 hex digits, without `sha256:`, as the server writes it. */
  readonly digest: string;
  readonly bytes: number;
  readonly family: string;
  readonly parameterSize: string;
  readonly quantization: string;
  /** As `/api/show` lists them: completion, thinking, tools, vision, embedding. */
  readonly capabilities: readonly string[];
  /** The context window it was trained with, in tokens. */
  readonly contextLength: number;
  /** Components of a vector; 0 for a model that makes none. */
  readonly dimensions: number;
  /** Set for a model that runs elsewhere. */
  readonly remoteHost?: string;
  /** How long loading it takes, in milliseconds. Default 0. */
  readonly loadMs?: number;
}

type ModelDetails = Partial<Omit<ScriptedModel, 'name'>>;

export function chatModel(name: string, details: ModelDetails = {}): ScriptedModel {
  return {
    name: withTag(name),
    digest: digestOf(name),
    bytes: 3_300_000_000,
    family: 'gemma4',
    parameterSize: '4.3B',
    quantization: 'Q4_0',
    capabilities: ['completion', 'tools'],
    contextLength: 131_072,
    dimensions: 0,
    ...details,
  };
}

export function thinkingModel(name: string, details: ModelDetails = {}): ScriptedModel {
  return chatModel(name, { family: 'qwen35', capabilities: ['completion', 'tools', 'thinking'], ...details });
}

export function embeddingModel(name: string, details: ModelDetails = {}): ScriptedModel {
  return chatModel(name, {
    family: 'gemma3',
    bytes: 620_000_000,
    parameterSize: '307.58M',
    quantization: 'BF16',
    capabilities: ['embedding'],
    contextLength: 2048,
    dimensions: 512,
    ...details,
  });
}

export function cloudModel(name: string, details: ModelDetails = {}): ScriptedModel {
  return chatModel(name, { bytes: 384, parameterSize: '480B', remoteHost: 'https://ollama.com:443', ...details });
}

/** `name` as the server lists it: without a tag it is `latest`. */
export function withTag(name: string): string {
  return name.includes(':') ? name : `${name}:latest`;
}

/** A digest made of the name alone, so that two runs agree. */
export function digestOf(name: string): string {
  let hash = 0x811c9dc5;
  let digest = '';
  for (let i = 0; digest.length < 64; i++) {
    for (const character of `${name}/${String(i)}`) {
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    }
    digest += hash.toString(16).padStart(8, '0');
  }
  return digest;
}
