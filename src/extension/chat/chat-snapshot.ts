import { window } from 'vscode';
import type { UnsavedState } from '../../agents/unsaved-turns.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { ChatSnapshot } from '../../shared/protocol/chat-views.ts';
import { readSettings, remoteHostOf } from '../settings.ts';
import { editorLabel } from './attachment-sources.ts';
import type { ChatParts } from './chat-parts.ts';
import { attachmentView } from './message-views.ts';
import type { OpenChatView } from './open-chat.ts';

/** Everything the chat view shows. A store that cannot be read is part of the picture, not an empty chat. */
export async function chatSnapshot(parts: ChatParts): Promise<ChatSnapshot> {
  const settings = readSettings();
  const [store, chat, mode] = await Promise.all([
    storeView(parts),
    parts.chat.view().catch((error: unknown) => unreadableChat(parts, error)),
    captureMode(parts),
  ]);
  return {
    agent: { id: parts.agent.id, name: parts.agent.name },
    ...chat,
    connection: parts.connection.view,
    remoteHost: remoteHostOf(settings.endpoint),
    pull: parts.pull.view,
    attachments: parts.composer.attachments.map(attachmentView),
    captureMode: mode,
    showTokensPerSecond: settings.showTokensPerSecond,
    editor: editorView(),
    store,
  };
}

export async function storeView({ store, unsaved }: Pick<ChatParts, 'store' | 'unsaved'>): Promise<ChatSnapshot['store']> {
  const kept = unsavedView(unsaved.state);
  try {
    const { state, problem, damagedFiles, leftBehind } = await store.status();
    return { state, error: problem, damagedFiles: [...damagedFiles], leftBehind: leftBehind && { bytes: leftBehind.bytes, lastWriteAt: leftBehind.lastWriteAt }, ...kept };
  } catch (error) {
    return { state: 'stopped', error: HearthlinkError.from(error).toData(), damagedFiles: [], leftBehind: null, ...kept };
  }
}

function unsavedView({ messages, error }: UnsavedState): Pick<ChatSnapshot['store'], 'unsaved'> {
  return messages === 0 || error === null ? {} : { unsaved: { messages, error } };
}

/** What is selected, for the suggestions of an empty chat. */
export function editorView(): ChatSnapshot['editor'] {
  const label = editorLabel(window.activeTextEditor);
  return label === null ? null : { label };
}

/** `unset` while it cannot be read, which is logged: nothing is captured in such a store. */
async function captureMode({ store, agent, log }: ChatParts): Promise<ChatSnapshot['captureMode']> {
  try {
    return (await store.agents.settings(agent.id)).captureMode;
  } catch (error) {
    log.warn('how facts are remembered could not be read', { code: HearthlinkError.from(error).code });
    return 'unset';
  }
}

function unreadableChat({ log, chat }: ChatParts, error: unknown): OpenChatView {
  log.error('the chat could not be read', { code: HearthlinkError.from(error).code });
  return { session: null, private: chat.isPrivate, temporary: false, messages: [], hasMore: false, total: 0, context: null };
}
