/** What a turn needs to know of the settings. Read anew for each turn. */
export interface TurnSettings {
  /** The most tokens of one reply. */
  readonly replyTokens: number;
  /** The most tokens of memories in one prompt; 3,000 and a quarter of the window bound it too. */
  readonly memoryTokens: number;
  /** Let the model think before it answers, where it can. */
  readonly think: boolean;
}
