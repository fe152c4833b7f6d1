import type { Framing } from './exchange.ts';
import type { ChatBody } from './request-bodies.ts';

/** How the server answers one chat request. A plain string means `{ text }`. */
export interface ChatAnswer {
  /** Sent before the text, in frames of its own, where the model thinks and the request does not forbid it. */
  readonly thinking?: string;
  /** Sent word by word. */
  readonly text?: string;
  /** Sent as text, as it is or cut at `jsonCutAt` characters. */
  readonly json?: unknown;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }[];
  /** Nothing is sent, headers included, before this settles. */
  readonly hold?: Promise<unknown>;
  /** Reading the prompt takes this long; headers come after it. */
  readonly promptMs?: number;
  /** Wait before each token. */
  readonly tokenMs?: number;
  /** After that many tokens, the rest waits for `until`. */
  readonly holdAfter?: Hold | readonly Hold[];
  /** Says the text again and again until the client leaves. */
  readonly endless?: boolean;
  /** What happens instead of the last frame. Default `done`. */
  readonly ending?: 'done' | 'no-done' | 'cut' | { readonly error: string };
  /** The ending comes after that many tokens; the rest is never said. */
  readonly endAfter?: number;
  readonly doneReason?: 'stop' | 'length';
  /** Answered at once, instead of a reply. */
  readonly refusal?: { readonly status: number; readonly error: string };
  /** What is said to have been counted. Default: a quarter of the characters. */
  readonly promptTokens?: number;
  readonly framing?: Framing;
}

export interface Hold {
  readonly tokens: number;
  readonly until: Promise<unknown>;
}

type Matcher = string | RegExp | ((request: ChatBody) => boolean);

/**
 * What chat requests are answered with: an answer whose key stands in the prompt (the newest such key wins), else the next
 * of the queue, else what the model would do by itself.
 */
export class ChatScript {
  readonly #queue: ChatAnswer[] = [];
  readonly #keyed: { readonly matches: (request: ChatBody) => boolean; readonly answer: ChatAnswer }[] = [];

  /** Adds to the queue: the next request that no key matches is answered so, once. */
  answers(...answers: readonly (string | ChatAnswer)[]): void {
    this.#queue.push(...answers.map(toAnswer));
  }

  /** Every request whose prompt contains the text (any message of it), or that matches, is answered so. */
  when(matcher: Matcher): { answers(answer: string | ChatAnswer): void } {
    return {
      answers: (answer) => {
        this.#keyed.unshift({ matches: toPredicate(matcher), answer: toAnswer(answer) });
      },
    };
  }

  take(request: ChatBody): ChatAnswer | undefined {
    return this.#keyed.find(({ matches }) => matches(request))?.answer ?? this.#queue.shift();
  }
}

function toAnswer(answer: string | ChatAnswer): ChatAnswer {
  return typeof answer === 'string' ? { text: answer } : answer;
}

function toPredicate(matcher: Matcher): (request: ChatBody) => boolean {
  if (typeof matcher === 'function') return matcher;
  return ({ messages }) =>
    messages.some(({ content }) => (typeof matcher === 'string' ? content.includes(matcher) : matcher.test(content)));
}
