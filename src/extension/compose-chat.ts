import { totalmem } from 'node:os';
import { ConfigurationTarget, commands, window, workspace } from 'vscode';
import { attachmentTokens } from '../agents/attachments.ts';
import type { Persona } from '../agents/persona.ts';
import { UnsavedTurns, type UnsavedState } from '../agents/unsaved-turns.ts';
import { undoMs } from '../memory/forgetting.ts';
import { findSecrets } from '../memory/secrets.ts';
import type { OllamaRoom } from '../models/create-ollama.ts';
import { recommendedModels } from '../models/recommended-models.ts';
import type { DiskRoom } from '../operations/disk-room.ts';
import { HearthlinkError } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import type { StoreClient } from '../store/client.ts';
import type { StoreChange } from '../store/port.ts';
import type { Message } from '../store/records.ts';
import { chatViewId } from './chat-view-feature.ts';
import type { AttachmentDraft } from './chat/attachment-sources.ts';
import type { HandlerParts } from './chat/chat-handlers.ts';
import { chatSnapshot, editorView, storeView } from './chat/chat-snapshot.ts';
import { ChatView } from './chat/chat-view.ts';
import { Composer } from './chat/composer.ts';
import { Connection } from './chat/connection.ts';
import { MemoryActions } from './chat/memory-actions.ts';
import { attachmentView } from './chat/message-views.ts';
import { OpenChat } from './chat/open-chat.ts';
import { Pull } from './chat/pull.ts';
import { SessionActions } from './chat/session-actions.ts';
import { SlashCommands } from './chat/slash-commands.ts';
import type { Background } from './compose-background.ts';
import { composeConversations, composeRecall, type ScopedRecall } from './compose-conversations.ts';
import type { Hearth } from './hearth.ts';
import type { MachinePorts } from './machine-ports.ts';
import { readSettings, remoteHostOf } from './settings.ts';
import { showStatus } from './status-line.ts';

/** Where the id of the open chat is kept, so that a reload comes back to it. View state, nothing else. */
const openChatKey = 'hearthlink.openChat';

export interface ChatSources {
  readonly hearth: Hearth;
  readonly ports: MachinePorts;
  readonly holder: string;
  readonly store: StoreClient;
  /** The same store, in which it is not noted that it is searched: for replies, which note what they used. */
  readonly unseen: StoreClient;
  readonly models: OllamaRoom;
  readonly agent: Persona;
  readonly background: Background;
  readonly room: DiskRoom;
}

export interface ComposedChat extends Disposable {
  readonly parts: HandlerParts;
  readonly view: ChatView;
  /** Brings the view to the front, and resolves when it can hear events. */
  readonly reveal: () => Promise<void>;
}

/** Puts the chat together: its state, its view, and what keeps both up to date. */
export function composeChat(sources: ChatSources): ComposedChat {
  const { hearth, ports, store, models, agent, background } = sources;
  const { log } = hearth;
  const connection = composeConnection(sources);
  const view = composeView(sources, connection);
  const tokensOf = (draft: AttachmentDraft): number => attachmentTokens(draft, (text) => models.tokens.estimate(connection.model ?? '', text));
  const composer = new Composer(ports.ids, tokensOf, (attachments) => {
    view.send('attachments', { attachments: attachments.map(attachmentView) });
  });
  const pull = new Pull(models.catalog, ports.clock, (state) => {
    view.send('pull', { pull: state });
  });
  const sendSnapshot = async (): Promise<void> => {
    view.send('snapshot', await chatSnapshot(parts));
  };
  const recall = composeRecall({ ...sources, log });
  const unsaved = new UnsavedTurns({ messages: store.messages, log, ...ports });
  const chat = composeOpenChat(sources, { view, connection, recall: composeRecall({ ...sources, store: sources.unseen, log }), unsaved, sendSnapshot });
  const parts: HandlerParts = {
    agent,
    store,
    clock: ports.clock,
    log,
    chat,
    composer,
    connection,
    unsaved,
    pull,
    sessions: new SessionActions(store, ports.clock),
    memories: new MemoryActions({ store, clock: ports.clock, ids: ports.ids, agentId: agent.id, undoMs, forgetting: background.forgetting }),
    slash: new SlashCommands({ store, undoMs, recall, agentId: agent.id, ...ports }),
  };
  const subscriptions = [connection, chat, unsaved, ...follow(parts, view, sources)];
  return {
    parts,
    view,
    reveal: () => reveal(view),
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function composeConnection({ hearth, ports, models }: ChatSources): Connection {
  return new Connection({
    catalog: models.catalog,
    timers: ports.timers,
    log: hearth.log,
    chatModel: () => readSettings().chatModel,
    saveChatModel: async (name) => workspace.getConfiguration('hearthlink').update('chatModel', name, ConfigurationTarget.Global),
    canStart: () => remoteHostOf(readSettings().endpoint) === null,
    suggestion: () => recommendedModels(totalmem()).chat.name,
    memoryBytes: totalmem(),
  });
}

/** While the view is visible the store's news come in, and an absent server is asked again. */
function composeView({ hearth, store }: ChatSources, connection: Connection): ChatView {
  let held: readonly Disposable[] = [];
  return new ChatView({
    extensionUri: hearth.context.extensionUri,
    log: hearth.log,
    onDidChangeVisibility: (visible) => {
      for (const one of held) one.dispose();
      held = visible ? [connection.watch(), store.keepOpen()] : [];
    },
  });
}

interface OpenChatSurroundings {
  readonly view: ChatView;
  readonly connection: Connection;
  readonly recall: ScopedRecall;
  readonly unsaved: UnsavedTurns;
  readonly sendSnapshot: () => Promise<void>;
}

function composeOpenChat(sources: ChatSources, { view, connection, recall, unsaved, sendSnapshot }: OpenChatSurroundings): OpenChat {
  const { hearth, ports, store, background } = sources;
  const { workspaceState } = hearth.context;
  const conversations = composeConversations({ ...sources, recall, unsaved, log: hearth.log, afterTurn: background.afterTurn });
  const onReplyFinished = (reply: Message): void => {
    view.markUnread();
    tellWalkthrough(reply);
    if (reply.origin === 'recall' || reply.status === 'failed') void connection.check();
  };
  return new OpenChat(
    {
      store,
      undoMs,
      findSecrets,
      isUnsaved: (id) => unsaved.isUnsaved(id),
      unsavedSession: (id) => unsaved.session(id),
      clock: ports.clock,
      log: hearth.log,
      send: view.send,
      open: (kind) => conversations.open(kind),
      sendSnapshot,
      onReplyFinished,
      onDidOpen: (sessionId) => void workspaceState.update(openChatKey, sessionId),
    },
    { sessionId: workspaceState.get<string | null>(openChatKey) ?? null, private: false, temporary: false },
  );
}

/** Steps of the walkthrough complete themselves. */
function tellWalkthrough(reply: Message): void {
  if (reply.status === 'complete') void commands.executeCommand('setContext', 'hearthlink.saidHello', true);
  if (reply.memoriesUsed.length > 0) void commands.executeCommand('setContext', 'hearthlink.memoryUsed', true);
}

/** Brings what happens elsewhere into the view: in the store, at the server, in the editor, in the settings. */
function follow(parts: HandlerParts, view: ChatView, { background, hearth, room }: ChatSources): readonly Disposable[] {
  const { chat, connection, store, unsaved, log } = parts;
  const showStore = async (): Promise<void> => {
    const state = await storeView(parts);
    view.send('store', state);
    showStatus(hearth.statusItem, { connection: connection.view, store: state, isDiskLow: room.isLow });
  };
  const followStore = async (change: StoreChange): Promise<void> => {
    try {
      await chat.follow(change);
      // What stood in the way of reading the chat is gone, or something does now.
      if (change.status && !change.everything) await chat.refresh();
      if (change.everything || change.sessions.length > 0) view.send('sessionsChanged', {});
      if (change.status) await showStore();
      // Whatever stood in the way may be gone: a chat that was deleted may be back.
      if ((change.status || change.sessions.length > 0) && unsaved.state.messages > 0) await unsaved.tryNow();
    } catch (error) {
      // What is shown leaves the view with what was read.
      if (HearthlinkError.is(error, 'store-locked')) await Promise.all([chat.refresh(), showStore()]);
      else log.error('a change of the store could not be shown', { code: HearthlinkError.from(error).code });
    }
  };
  let unsavedBefore = 0;
  const followUnsaved = async ({ messages }: UnsavedState): Promise<void> => {
    const wereSaved = messages < unsavedBefore;
    unsavedBefore = messages;
    try {
      if (wereSaved) await chat.refresh();
      await showStore();
    } catch (error) {
      log.error('what is not saved yet could not be shown', { code: HearthlinkError.from(error).code });
    }
  };
  return [
    store.onDidChange((change) => void followStore(change)),
    unsaved.onDidChange((state) => void followUnsaved(state)),
    room.onDidChange(() => void showStore()),
    connection.onDidChange((state) => {
      if (state.state === 'ready') void background.embedMissing();
      view.send('connection', { connection: state });
      void showStore();
      void commands.executeCommand('setContext', 'hearthlink.ollamaReachable', state.state !== 'offline');
      void commands.executeCommand('setContext', 'hearthlink.modelReady', state.state === 'ready');
    }),
    window.onDidChangeTextEditorSelection(() => {
      view.send('editor', { editor: editorView() });
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration('hearthlink')) return;
      void connection.check();
      void chat.refresh();
    }),
  ];
}

async function reveal(view: ChatView): Promise<void> {
  await commands.executeCommand(`${chatViewId}.focus`);
  await new Promise<void>((resolve) => {
    view.whenReady(resolve);
  });
}
