import type { FinishedTurn } from '../agents/conversation.ts';
import { keepingUnsaved, type UnsavedTurns } from '../agents/unsaved-turns.ts';
import type { Persona } from '../agents/persona.ts';
import { createRecall, type Recall } from '../memory/recall.ts';
import type { OllamaRoom } from '../models/create-ollama.ts';
import type { Log } from '../shared/ports.ts';
import type { Store } from '../store/port.ts';
import { Conversations } from './chat/conversations.ts';
import type { MachinePorts } from './machine-ports.ts';
import { readSettings } from './settings.ts';
import { workspaceIdentity } from './workspace-identity.ts';

/** Recall that knows which folder is open. */
export interface ScopedRecall extends Recall {
  readonly workspaceId: () => string | null;
}

export interface ConversationSource {
  readonly agent: Persona;
  readonly holder: string;
  readonly store: Store;
  readonly models: OllamaRoom;
  readonly ports: MachinePorts;
  readonly log: Log;
  readonly recall: ScopedRecall;
  readonly unsaved: UnsavedTurns;
  /** Heard after each stored reply, off the reply's path. */
  readonly afterTurn: (turn: FinishedTurn) => Promise<void>;
}

/** Recall within the open folder's scope, which is known a moment after the start. */
export function composeRecall({ agent, store, models, ports, log }: Omit<ConversationSource, 'afterTurn' | 'holder' | 'recall' | 'unsaved'>): ScopedRecall {
  let workspaceId: string | null = null;
  void workspaceIdentity().then((identity) => {
    workspaceId = identity;
  });
  return {
    workspaceId: () => workspaceId,
    begin: (question, signal) => createRecall({ ...ports, store, log, embedder: models.embedder, agentId: agent.id, workspaceId }).begin(question, signal),
  };
}

/** Conversations that speak through the chosen model and with its settings. */
export function composeConversations({ agent, holder, store, models, ports, log, recall, unsaved, afterTurn }: ConversationSource): Conversations {
  return new Conversations({
    agent,
    holder,
    store: keepingUnsaved(store, unsaved),
    recall,
    model: models.chat,
    choice: models.choice,
    tokens: models.tokens,
    log,
    ...ports,
    settings: () => {
      const { replyLength, memoryBudget, thinking } = readSettings();
      return { replyTokens: replyLength, memoryTokens: memoryBudget, think: thinking };
    },
    afterTurn: (turn) => unsaved.whenSaved(turn.reply.id, () => afterTurn(turn)),
    workspaceId: recall.workspaceId,
    temporaryChatDays: () => readSettings().temporaryChatDays,
  });
}
