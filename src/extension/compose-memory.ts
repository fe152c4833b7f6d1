import { l10n } from 'vscode';
import type { Persona } from '../agents/persona.ts';
import { undoMs } from '../memory/forgetting.ts';
import type { OllamaRoom } from '../models/create-ollama.ts';
import { HearthlinkError } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import { memoryProtocol, type MemoryProtocol } from '../shared/protocol/memory.ts';
import type { StoreClient } from '../store/client.ts';
import type { StoreChange } from '../store/port.ts';
import type { Background } from './compose-background.ts';
import type { ComposedChat } from './compose-chat.ts';
import { EditorPanel } from './editor-panel.ts';
import type { Hearth } from './hearth.ts';
import type { MachinePorts } from './machine-ports.ts';
import { memoryHandlers } from './memory/memory-handlers.ts';
import { memorySnapshot, type MemoryParts } from './memory/memory-parts.ts';
import { memoryPanelType } from './memory-panel-feature.ts';
import { workspaceIdentity } from './workspace-identity.ts';

export interface MemorySources {
  readonly hearth: Hearth;
  readonly ports: MachinePorts;
  readonly store: StoreClient;
  readonly models: OllamaRoom;
  readonly agent: Persona;
  readonly background: Background;
  readonly chat: ComposedChat;
  /** Somebody looks through memories: what locks when nobody is there stays open. */
  readonly onUse: () => void;
}

export interface ComposedMemory extends Disposable {
  readonly panel: EditorPanel<MemoryProtocol>;
}

/** Puts the memory browser together, and keeps it up to date while it is looked at. */
export function composeMemory(sources: MemorySources): ComposedMemory {
  const { hearth, ports, store, models, agent, background, chat, onUse } = sources;
  const { log } = hearth;
  let workspaceId: string | null = null;
  void workspaceIdentity().then((identity) => {
    workspaceId = identity;
  });
  const openMessage = async (sessionId: string, messageId: string): Promise<void> => {
    await chat.reveal();
    await chat.parts.chat.open(sessionId, messageId);
  };
  const parts: MemoryParts = {
    ...ports,
    agent,
    store,
    log,
    undoMs,
    embedder: models.embedder,
    forgetting: background.forgetting,
    workspaceId: () => workspaceId,
    openMessage,
    openSource: async (id) => {
      const message = await chat.parts.memories.source(id);
      if (message !== null) await openMessage(message.sessionId, message.messageId);
    },
  };
  let held: Disposable | undefined;
  const panel = new EditorPanel<MemoryProtocol>({
    type: memoryPanelType,
    bundle: 'memory',
    title: l10n.t('Memory'),
    extensionUri: hearth.context.extensionUri,
    log,
    protocol: memoryProtocol,
    handlers: memoryHandlers(parts),
    onRequest: onUse,
    onDidChangeVisibility: (visible) => {
      held?.dispose();
      held = visible ? store.keepOpen() : undefined;
    },
  });
  const follow = async ({ everything, slices, agents, status }: StoreChange): Promise<void> => {
    if (!everything && slices.length === 0 && !agents && !status) return;
    try {
      panel.send('changed', { ids: [...slices], everything });
      if (panel.isVisible) panel.send('snapshot', await memorySnapshot(parts));
    } catch (error) {
      // What is shown leaves the view with what was read.
      if (HearthlinkError.is(error, 'store-locked')) panel.close();
      else log.error('a change of the store could not be shown', { code: HearthlinkError.from(error).code });
    }
  };
  const subscription = store.onDidChange((change) => void follow(change));
  return {
    panel,
    dispose: () => {
      subscription.dispose();
      held?.dispose();
      panel.dispose();
    },
  };
}
