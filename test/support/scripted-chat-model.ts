import { HearthlinkError } from '../../src/shared/errors.ts';
import type { ChatEvent, ChatModel, ChatRequest, ChatStatistics, ModelChoice, TokenEstimator } from '../../src/models/port.ts';

export type ChatStep = ChatEvent | HearthlinkError | (() => Promise<void>);

export const someStatistics: ChatStatistics = { promptTokens: 100, replyTokens: 10, loadMs: 1, promptMs: 20, replyMs: 300 };

/** A whole reply in one piece. */
export function says(text: string): readonly ChatStep[] {
  return [{ type: 'text', text }, { type: 'end', reason: 'stop', statistics: someStatistics }];
}

/** A reply as JSON, for what is asked with a schema. */
export function saysJson(value: unknown): readonly ChatStep[] {
  return says(JSON.stringify(value));
}

export interface ScriptedChatModel extends ChatModel {
  readonly requests: readonly ChatRequest[];
  /** True for each request whose signal was aborted while it ran. */
  readonly aborted: readonly boolean[];
}

/** Plays one script per request; an error is thrown where it stands, a function is waited for. */
export function scriptedChatModel(...scripts: readonly (readonly ChatStep[])[]): ScriptedChatModel {
  const requests: ChatRequest[] = [];
  const aborted: boolean[] = [];
  return {
    requests,
    aborted,
    async *chat(request, signal) {
      const index = requests.push(request) - 1;
      aborted.push(false);
      signal.addEventListener('abort', () => (aborted[index] = true));
      const script = scripts[index];
      if (script === undefined) throw new Error(`No script for request ${String(index + 1)}`);
      for (const step of script) {
        if (signal.aborted) throw new HearthlinkError('cancelled');
        if (typeof step === 'function') await Promise.race([step(), rejectionOn(signal)]);
        else if (step instanceof HearthlinkError) throw step;
        else yield step;
      }
    },
  };
}

function rejectionOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new HearthlinkError('cancelled'));
    });
  });
}

/** Four characters a token, whatever the model. */
export const plainTokens: TokenEstimator = {
  estimate: (_model, text) => Math.ceil(text.length / 4),
  charactersPerToken: () => 4,
  learn: () => undefined,
};

export function chosenModel(model: string | null, contextTokens = 8192): ModelChoice {
  return { chatModel: async () => Promise.resolve(model), contextTokens: async () => Promise.resolve(contextTokens) };
}
