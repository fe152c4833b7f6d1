import type { FinishedTurn } from '../agents/conversation.ts';
import type { Persona } from '../agents/persona.ts';
import { createRecall, type Recall } from '../memory/recall.ts';
import type { OllamaRoom } from '../models/create-ollama.ts';
import type { Log } from '../shared/ports.ts';
import type { Store } from '../store/port.ts';
import { Conversations } from './chat/conversations.ts';
import type { MachinePorts } from './machine-ports.ts';
import { readSettings } from './settings.ts';
import { workspaceIdentity } from './workspace-identity.ts';

export interface ConversationSource {
  readonly agent: Persona;
  readonly holder: string;
  readonly store: Store;
  readonly models: OllamaRoom;
  readonly ports: MachinePorts;
  readonly log: Log;
  /** Heard after each stored reply, off the reply's path. */
  readonly afterTurn: (turn: FinishedTurn) => Promise<void>;
}

/** Conversations that speak through the chosen model and recall within the open folder's scope. */
export function composeConversations({ agent, holder, store, models, ports, log, afterTurn }: ConversationSource): Conversations {
  let workspaceId: string | null = null;
  void workspaceIdentity().then((identity) => {
    workspaceId = identity;
  });
  const recall: Recall = {
    begin: (question, signal) => createRecall({ ...ports, store, log, embedder: models.embedder, agentId: agent.id, workspaceId }).begin(question, signal),
  };
  return new Conversations({
    agent,
    holder,
    store,
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
    afterTurn,
    workspaceId: () => workspaceId,
    temporaryChatDays: () => readSettings().temporaryChatDays,
  });
}
