import type { ModelView } from '../../shared/protocol/chat-views.ts';

/**
 * The model to offer when `failed` could not do it: the largest smaller one that this machine can hold, or else the smallest
 * there is besides. Null when there is no other.
 */
export function otherModel(models: readonly ModelView[], failed: string | null): string | null {
  const size = models.find(({ name }) => name === failed)?.bytes ?? Number.POSITIVE_INFINITY;
  const others = models
    .filter(({ name, abilities, needsBytes }) => name !== failed && abilities.includes('chat') && needsBytes === null)
    .sort((a, b) => a.bytes - b.bytes);
  return (others.findLast(({ bytes }) => bytes < size) ?? others[0])?.name ?? null;
}
