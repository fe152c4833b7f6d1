import { familyName, fullName } from './model-name.ts';
import type { ModelAbility, ModelInfo } from './port.ts';

/** A model that is offered to be pulled. Sizes are about; the server tells the exact one when the pull begins. */
export interface RecommendedModel {
  readonly name: string;
  /** Memory it takes while it is loaded. */
  readonly memoryBytes: number;
}

const gigabyte = 1e9;

/** Best first, for machines from large to small. From public reports of autumn 2026; measure again before changing. */
const chatModels: readonly RecommendedModel[] = [
  { name: 'gemma4:26b', memoryBytes: 16 * gigabyte },
  { name: 'qwen3.5:9b', memoryBytes: 8 * gigabyte },
  { name: 'gemma4:e4b-it-qat', memoryBytes: 5 * gigabyte },
  { name: 'gemma4:e2b-it-qat', memoryBytes: 3 * gigabyte },
];

/** The first is made for machines without a graphics card, the second reads many languages and long texts. */
const embeddingModels: readonly RecommendedModel[] = [
  { name: 'embeddinggemma', memoryBytes: 0.7 * gigabyte },
  { name: 'qwen3-embedding:0.6b', memoryBytes: 1.2 * gigabyte },
  { name: 'nomic-embed-text', memoryBytes: 0.5 * gigabyte },
  { name: 'all-minilm', memoryBytes: 0.1 * gigabyte },
];

/** Families that chat well on small machines, best first, for choosing among what is installed. */
const chatFamilies = ['gemma4', 'qwen3.5', 'gemma3', 'qwen3', 'llama3.2', 'phi4-mini'];

/** The largest part of a machine's memory that a model may take beside everything else that runs there. */
const memoryShare = 0.5;

/** What to offer on a machine with this much memory, in bytes. There is always an answer: the smallest model at least. */
export function recommendedModels(totalMemoryBytes: number): { readonly chat: RecommendedModel; readonly embedding: RecommendedModel } {
  const embedding = embeddingModels[0];
  const smallest = chatModels.at(-1);
  if (embedding === undefined || smallest === undefined) throw new Error('There are no recommended models.');
  const free = totalMemoryBytes * memoryShare - embedding.memoryBytes;
  return { chat: chatModels.find(({ memoryBytes }) => memoryBytes <= free) ?? smallest, embedding };
}

/** The installed model to chat with when none was chosen; null when none can chat. */
export function bestChatModel(installed: readonly ModelInfo[]): ModelInfo | null {
  return best(installed, 'chat', chatModels, chatFamilies);
}

/** The installed model to embed with when none was chosen; null when none can. */
export function bestEmbeddingModel(installed: readonly ModelInfo[]): ModelInfo | null {
  return best(installed, 'embedding', embeddingModels, embeddingModels.map(({ name }) => familyName(name)));
}

/** One that is loaded costs no waiting, so it wins among equals; then the recommended ones, then known families, then any. */
function best(
  installed: readonly ModelInfo[],
  ability: ModelAbility,
  recommended: readonly RecommendedModel[],
  families: readonly string[],
): ModelInfo | null {
  const rank = (info: ModelInfo): number => {
    const exact = recommended.findIndex(({ name }) => fullName(name) === fullName(info.name));
    if (exact >= 0) return exact;
    const family = families.indexOf(familyName(info.name));
    return recommended.length + (family >= 0 ? family : families.length) + (info.loaded ? 0 : 0.5);
  };
  const able = installed.filter(({ abilities }) => abilities.includes(ability));
  return able.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))[0] ?? null;
}
