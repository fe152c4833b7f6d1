import { nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { ErrorCode } from '../../shared/errors.ts';
import type { ChatSnapshot, ConnectionView } from '../../shared/protocol/chat-views.ts';
import { bannerView, type Banner } from '../ui/banner.ts';
import { counted } from '../ui/locale.ts';
import { fullWords } from '../ui/time-words.ts';
import type { Ask } from './ask.ts';
import { isUnreadable } from './chat-state.ts';
import { errorText } from '../ui/error-text.ts';
import { statusIcon } from './session-status.ts';

/** What holds all the time, most pressing first. */
export function bannersView(chat: ChatSnapshot, ask: Ask): (TemplateResult | typeof nothing)[] {
  return [unsavedBanner(chat, ask), storeBanner(chat, ask), connectionBanner(chat, ask), remoteBanner(chat), privateBanner(chat, ask), temporaryBanner(chat), statusBanner(chat, ask)].map((banner) =>
    banner === undefined ? nothing : bannerView(banner),
  );
}

function storeBanner({ store }: ChatSnapshot, ask: Ask): Banner | undefined {
  // A disk that refuses what is said has its own banner; a store that cannot be read has to be decided about as well.
  if (store.unsaved !== undefined && !isUnreadable(store)) return undefined;
  const openFolder = { label: l10n.t('Open the folder'), press: () => void ask('openDataFolder', {}) };
  const openLog = { label: l10n.t('Open the log'), press: () => void ask('openLog', {}) };
  const reload = { label: l10n.t('Reload the window'), press: () => void ask('reloadWindow', {}) };
  const openBackups = { label: l10n.t('Go back to a backup'), press: () => void ask('openBackups', {}) };
  switch (store.state) {
    case 'ready':
      return store.leftBehind === null ? undefined : { icon: 'info', role: 'status', text: leftBehindText(store.leftBehind), actions: [openFolder] };
    case 'starting':
      return undefined;
    case 'read-only':
      return { icon: 'lock', iconClass: 'warn', role: 'status', text: textOf(store.error, l10n.t('The data folder cannot be written. Nothing new is saved.')), actions: [openFolder] };
    case 'damaged':
      return {
        icon: 'error',
        iconClass: 'bad',
        role: 'alert',
        text: l10n.t('Damaged, and kept as it is: {0}. Nothing is written for now.', store.damagedFiles.length === 0 ? l10n.t('a file of the store') : store.damagedFiles.join(', ')),
        actions: [{ label: l10n.t('Go on with what can be read'), press: () => void ask('continueAfterDamage', {}) }, openBackups, openFolder, openLog],
      };
    case 'newer-schema':
      return { icon: 'error', iconClass: 'bad', role: 'alert', text: l10n.t('A newer Hearthlink has opened this store. This window reads and writes nothing until it is reloaded.'), actions: [reload, openBackups] };
    case 'locked':
      return { icon: 'lock', role: 'status', text: textOf(store.error, l10n.t('Your data is locked.')), actions: [{ label: l10n.t('Unlock…'), press: () => void ask('unlock', {}) }] };
    case 'stopped':
      return { icon: 'error', iconClass: 'bad', role: 'alert', text: textOf(store.error, l10n.t('The store has stopped. What was saved is safe.')), actions: store.error?.code === 'store-not-migrated' ? [openBackups, openLog] : [reload, openLog] };
  }
}

/** What is said is in memory alone; it stays there until the disk takes it, or the window closes. */
function unsavedBanner({ store: { unsaved } }: ChatSnapshot, ask: Ask): Banner | undefined {
  if (unsaved === undefined) return undefined;
  const { messages, error } = unsaved;
  const count = counted(messages, l10n.t('{0} message is not saved yet.', messages), l10n.t('{0} messages are not saved yet.', messages));
  return {
    icon: 'warning',
    iconClass: 'warn',
    role: 'alert',
    text: `${refusalText(error.code)} ${count} ${l10n.t('Saving is tried again by itself; closing the window loses what is not saved.')}`,
    actions: [
      { label: l10n.t('Save to a file'), press: () => void ask('exportUnsaved', {}) },
      { label: l10n.t('Try now'), press: () => void ask('saveAgain', {}) },
    ],
  };
}

function refusalText(code: ErrorCode): string {
  switch (code) {
    case 'store-full': return l10n.t('The disk is full.');
    case 'store-read-only': return l10n.t('The data folder cannot be written.');
    default: return l10n.t('The disk does not take what is written.');
  }
}

/** After going on: what is here, and what is not. */
function leftBehindText({ bytes, lastWriteAt }: NonNullable<ChatSnapshot['store']['leftBehind']>): string {
  if (bytes === 0) return l10n.t('Everything that was written is here; the damaged file is kept.');
  const until = lastWriteAt === null ? l10n.t('What can be read is here.') : l10n.t('Everything up to {0} is here.', fullWords(lastWriteAt));
  const rest = bytes === null ? l10n.t('A file with what was written after that is missing.') : l10n.t('What was written after that could not be read; the damaged file is kept.');
  return `${until} ${rest}`;
}

function textOf(error: ChatSnapshot['store']['error'], otherwise: string): string {
  if (error === null) return otherwise;
  const { title, detail, advice } = errorText(error);
  return [title, detail === undefined ? undefined : sentence(detail), advice].filter((part) => part !== undefined).join(' ');
}

/** Quoted words end as they were said; between sentences of ours they need a full stop of their own. */
function sentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}

function connectionBanner({ connection, pull, messages }: ChatSnapshot, ask: Ask): Banner | undefined {
  switch (connection.state) {
    case 'offline':
      return offlineBanner(connection, ask);
    case 'no-model':
      // An empty chat says so itself, and a pull under way is shown where it is.
      return messages.length === 0 || pull !== null ? undefined : noModelBanner(connection, ask);
    case 'ready':
    case 'unknown':
      return undefined;
  }
}

function noModelBanner({ suggestion }: Extract<ConnectionView, { state: 'no-model' }>, ask: Ask): Banner {
  return {
    icon: 'download',
    iconClass: 'warn',
    role: 'status',
    text: l10n.t('Ollama has no model to talk with.'),
    actions: [
      { label: l10n.t('Pull {0}', suggestion), press: () => void ask('pullModel', { model: suggestion }) },
      { label: l10n.t('Choose another'), press: () => void ask('pullModel', { model: null }) },
    ],
  };
}

function offlineBanner(connection: Extract<ConnectionView, { state: 'offline' }>, ask: Ask): Banner {
  return {
    icon: 'debug-disconnect',
    iconClass: 'warn',
    role: 'status',
    text: errorText(connection.error).title,
    actions: [
      ...(connection.canStart ? [{ label: l10n.t('Start it'), press: () => void ask('startOllama', {}) }] : []),
      { label: l10n.t('Try again'), press: () => void ask('probe', {}) },
    ],
  };
}

function remoteBanner({ remoteHost }: ChatSnapshot): Banner | undefined {
  if (remoteHost === null) return undefined;
  return { icon: 'globe', iconClass: 'warn', role: 'note', text: l10n.t('What you write goes to {0}, not to this machine.', remoteHost) };
}

function privateBanner({ private: isPrivate }: ChatSnapshot, ask: Ask): Banner | undefined {
  if (!isPrivate) return undefined;
  return {
    icon: 'eye-closed',
    role: 'note',
    text: l10n.t('Private: nothing is recalled or saved.'),
    actions: [{ label: l10n.t('End'), press: () => void ask('endPrivate', {}) }],
  };
}

function temporaryBanner({ temporary }: ChatSnapshot): Banner | undefined {
  if (!temporary) return undefined;
  return { icon: 'clock', role: 'note', text: l10n.t('Temporary: stays out of other chats and goes away by itself.') };
}

/** A chat that takes no messages says so, and how it goes on. */
function statusBanner({ session }: ChatSnapshot, ask: Ask): Banner | undefined {
  if (session === null) return undefined;
  const goOn = { label: session.status === 'paused' ? l10n.t('Go on') : l10n.t('Open again'), press: () => void ask('changeSessionStatus', { id: session.id, to: 'active' }) };
  const banner = { icon: statusIcon(session), role: 'note', actions: [goOn] } as const;
  switch (session.status) {
    case 'paused':
      return { ...banner, text: l10n.t('This chat is paused.') };
    case 'closed':
      return { ...banner, text: l10n.t('This chat is closed.') };
    case 'archived':
      return { ...banner, text: l10n.t('This chat is in the archive.') };
    case 'active':
    case 'expired':
      return undefined;
  }
}
