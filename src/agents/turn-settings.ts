/** What a turn needs to know of settings and the chosen model. Read anew for each turn. */
export interface TurnSettings {
  /** Null: none is installed or chosen; the turn is then answered from memory. */
  readonly model: string | null;
  /** The window that requests to this model really have, in tokens. */
  readonly contextTokens: number;
  /** The most tokens of one reply. */
  readonly replyTokens: number;
  /** The most tokens of memories in one prompt; 3,000 and a quarter of the window bound it too. */
  readonly memoryTokens: number;
  /** Let the model think before it answers. */
  readonly think: boolean;
}
