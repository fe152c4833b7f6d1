/** How the model's window is shared out. All in tokens. */
export interface PromptBudget {
  /** Kept free for the reply. */
  readonly reply: number;
  /** The most that memories may take, with their fence. */
  readonly memories: number;
  /** Left for the chat so far and the new message with its attachments. */
  readonly chat: number;
}

export interface WindowUse {
  readonly contextTokens: number;
  readonly replyTokens: number;
  readonly memoryTokens: number;
}

/** What a chat template puts around each turn: role, marks, line breaks. No template in common use takes more. */
export const tokensAroundTurn = 8;

/** Time and headings of the notes. */
const noteTokens = 64;

const mostMemoryTokens = 3000;

/**
 * The memories' part is set aside whether or not there are any, so that where the history is cut does not depend on what
 * was recalled. It is never more than a quarter of the window, nor more than half of what persona and reply leave in a small
 * one; the reply gets at most a third.
 * @param personaTokens of the system message.
 */
export function shareWindow(window: WindowUse, personaTokens: number): PromptBudget {
  const reply = Math.min(window.replyTokens, Math.floor(window.contextTokens / 3));
  const left = Math.max(0, window.contextTokens - reply - personaTokens - tokensAroundTurn - noteTokens);
  const memories = Math.min(window.memoryTokens, mostMemoryTokens, Math.floor(window.contextTokens / 4), Math.floor(left / 2));
  return { reply, memories, chat: left - memories };
}
