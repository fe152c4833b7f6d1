import type { ExtensionContext, LogOutputChannel, StatusBarItem, WebviewPanel, WebviewView } from 'vscode';
import type { Disposable } from '../shared/events.ts';
import type { Log } from '../shared/ports.ts';
import type { Commands } from './command-names.ts';

/** What the features are given: cheap to make, so that activation costs nothing; everything heavy waits behind `rooms`. */
export interface Hearth {
  readonly context: ExtensionContext;
  readonly channel: LogOutputChannel;
  readonly log: Log;
  readonly statusItem: StatusBarItem;
  /** Loads and composes the rooms on first use, once per window. */
  readonly rooms: () => Promise<Rooms>;
}

/** The composed extension, from a bundle of its own. */
export interface Rooms extends Disposable {
  /** Somebody does something with Hearthlink: what locks when nobody is there stays open. */
  readonly onUse: () => void;
  readonly commands: Commands;
  /** Fills the chat view and serves it for as long as it lives. */
  readonly openChatView: (view: WebviewView) => void;
  /** Fills the memory browser that was open before a reload. */
  readonly restoreMemoryPanel: (panel: WebviewPanel) => void;
  /** Fills the backups view that was open before a reload. */
  readonly restoreBackupsPanel: (panel: WebviewPanel) => void;
}

/** One part of what the extension offers: registers its own commands and views, awaits nothing. */
export type Feature = (hearth: Hearth) => void;
