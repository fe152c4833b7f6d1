/** What a person can set about models. Read anew for each call, so that a change holds from the next one on. */
export interface ModelSettings {
  /** Where the server listens, such as `http://127.0.0.1:11434`. */
  readonly endpoint: string;
  /** Sent with every request, for people behind a reverse proxy. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Empty: the best of what is installed. */
  readonly chatModel: string;
  /** Empty: the best of what is installed. */
  readonly embeddingModel: string;
  /** The context window asked for, in tokens; the same for every request, because a change reloads the model. */
  readonly contextSize: number;
  /** The most tokens of one reply. */
  readonly replyLength: number;
  /** How long the model stays in memory after a request, as the server takes it: `15m`, `-1` for ever, `0` not at all. */
  readonly keepAlive: string;
  /** How long a reply may stay silent between two tokens before it counts as lost, in seconds. */
  readonly silenceSeconds: number;
}

/** The setting as a request takes it: a number is meant as seconds, but only understood where it is sent as a number. */
export function keepAliveOf({ keepAlive }: ModelSettings): { readonly keep_alive?: string | number } {
  const text = keepAlive.trim();
  if (text === '') return {};
  const seconds = Number(text);
  return { keep_alive: Number.isNaN(seconds) ? text : seconds };
}
