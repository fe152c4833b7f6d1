import aldenPrompt from '../agents/personas/alden.md';
import { alden } from '../agents/persona.ts';
import { createOllama } from '../models/create-ollama.ts';
import { StoreEncryption } from '../operations/keys/store-encryption.ts';
import type { Vault } from '../operations/keys/vault.ts';
import type { Audit } from '../operations/audit/audit.ts';
import { auditKeys } from '../operations/audit/audited-keys.ts';
import { auditedBringing, auditedStore } from '../operations/audit/audited-store.ts';
import type { RecallQuery } from '../store/recall-port.ts';
import { careCommands } from './care/care-commands.ts';
import { chatHandlers } from './chat/chat-handlers.ts';
import type { OpenChat } from './chat/open-chat.ts';
import { composeBackground } from './compose-background.ts';
import { composeBackups } from './compose-backups.ts';
import { composeChat } from './compose-chat.ts';
import { composeMemory } from './compose-memory.ts';
import { composeRecord } from './compose-record.ts';
import { composeStore } from './compose-store.ts';
import { composeVault } from './compose-vault.ts';
import { createCommands } from './commands.ts';
import type { Hearth, Rooms } from './hearth.ts';
import { machinePorts } from './machine-ports.ts';
import { readSettings } from './settings.ts';
import { transferCommands } from './transfer/transfer-commands.ts';
import { windowHolder } from './window-holder.ts';

/** Composes the rooms. Nothing here waits: the store's worker and the model's server are asked on first use. */
export function createRooms(hearth: Hearth): Rooms {
  const { log } = hearth;
  const ports = machinePorts();
  const holder = windowHolder(ports.ids.next());
  const vault = composeVault(hearth, ports, holder, () => content);
  const onUse = (): void => { vault.touch(); };
  const record = composeRecord(hearth, ports);
  const { audit, room } = record;
  const plain = composeStore(hearth, ports, () => vault.ownKeys());
  const store = auditedStore(plain, audit, ports.clock);
  // What a reply used is noted with the reply: neither that it was looked for, nor work in the background, is somebody looking.
  const unseen = { ...store, recall: (query: RecallQuery) => plain.recall(query) };
  const content = new StoreEncryption({ store, keys: vault, log });
  const models = createOllama({ settings: readSettings, log, ...ports });
  const agent = alden(aldenPrompt);
  const background = composeBackground({ agentId: agent.id, holder, store: unseen, models, ports, log, room });
  const chat = composeChat({ hearth, ports, holder, store, unseen, models, background, agent, room });
  const memory = composeMemory({ hearth, ports, store, models, agent, background, chat, onUse });
  const handlers = chatHandlers(chat.parts, (text) => {
    memory.panel.show();
    memory.panel.sendWhenReady('search', { text });
  });
  const backups = composeBackups({ hearth, ports, store, vault, content, holder, room, audit, bringing: auditedBringing(plain.transfer, audit), accounts: record.accounts });
  const keysNoted = auditKeys(vault, audit);
  return {
    onUse,
    commands: createCommands({
      ...chat.parts,
      hearth,
      dataFolder: hearth.context.globalStorageUri,
      revealChat: chat.reveal,
      care: careCommands({
        ...ports,
        store,
        settings: () => readSettings().tidying,
        startJobs: () => {
          background.jobs.start();
        },
        backupSearch: backups.search,
        nextPurge: () => background.forgetting.nextPurge,
      }),
      backups: backups.commands,
      showMemory: () => {
        memory.panel.show();
      },
      wipeForgotten: () => background.forgetting.wipeNow(),
      record: record.commands({ store, backups: backups.service, unsaved: chat.parts.unsaved }),
      transfer: transferCommands({
        hearth,
        store,
        ...ports,
        onErasing: () => { chat.parts.unsaved.forget(); },
        onErased: () => afterErasing(audit, vault, chat.parts.chat),
      }),
    }),
    openChatView: (view) => {
      chat.view.serve(view, handlers, onUse);
    },
    restoreMemoryPanel: (panel) => {
      memory.panel.serve(panel);
    },
    restoreBackupsPanel: (panel) => {
      backups.panel.serve(panel);
    },
    dispose: () => {
      chat.dispose();
      memory.dispose();
      backups.dispose();
      background.dispose();
      keysNoted.dispose();
      content.dispose();
      vault.dispose();
      record.dispose();
      void store.close();
    },
  };
}

/** The record begins anew with that. The keys are erased too, so they leave memory; views show what is there now: nothing. */
async function afterErasing(audit: Audit, vault: Vault, chat: OpenChat): Promise<void> {
  audit.note({ action: 'memory.erased' });
  await vault.forgetErased();
  await chat.show({ sessionId: null, private: false, temporary: false });
}
