import type { ChatBody } from './request-bodies.ts';
import type { ScriptedModel } from './scripted-model.ts';

/** The scripted models' tokens: four characters each. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

type Fitted = { readonly promptTokens: number; readonly refusal?: undefined } | { readonly refusal: string };

/**
 * What becomes of a prompt that is longer than the context window. With `truncate` the oldest messages silently go, system
 * messages and the last one stay, and the last one is cut to half the window; without it the request is refused.
 */
export function fitIntoContext(request: ChatBody, model: ScriptedModel): Fitted {
  const window = Math.min(request.options.num_ctx ?? 4096, model.contextLength);
  const kept = request.messages.map(({ role, content }) => ({ role, tokens: countTokens(content) }));
  const total = (): number => kept.reduce((sum, { tokens }) => sum + tokens, 0);
  const promptTokens = total();
  if (promptTokens <= window) return { promptTokens };
  if (!request.truncate) return { refusal: overflow(promptTokens, window) };
  while (total() > window) {
    const oldest = kept.findIndex(({ role }, index) => role !== 'system' && index < kept.length - 1);
    if (oldest < 0) break;
    kept.splice(oldest, 1);
  }
  return { promptTokens: total() > window ? Math.ceil(window / 2) : total() };
}

/** The engine's own JSON, as the server relays it: a string inside `error`. */
function overflow(promptTokens: number, window: number): string {
  return JSON.stringify({
    error: {
      code: 400,
      message: `request (${String(promptTokens)} tokens) exceeds the available context size (${String(window)} tokens), try increasing it`,
      type: 'exceed_context_size_error',
      n_prompt_tokens: promptTokens,
      n_ctx: window,
    },
  });
}
