import { window, l10n, StatusBarAlignment, type ExtensionContext } from 'vscode';
import { HearthlinkError } from '../shared/errors.ts';
import { features } from './features.ts';
import type { Hearth, Rooms } from './hearth.ts';
import { logTo } from './log.ts';

/** Builds the composition root and lets each feature register itself; one that fails does not stop the others. */
export function activate(context: ExtensionContext): void {
  const started = performance.now();
  const hearth = createHearth(context);
  for (const [name, feature] of Object.entries(features)) {
    try {
      feature(hearth);
    } catch (error) {
      hearth.log.error('a feature could not start', { feature: name, reason: HearthlinkError.from(error).message });
    }
  }
  hearth.log.info('activated', { milliseconds: Math.round(performance.now() - started) });
}

function createHearth(context: ExtensionContext): Hearth {
  const channel = window.createOutputChannel('Hearthlink', { log: true });
  const statusItem = window.createStatusBarItem('hearthlink.status', StatusBarAlignment.Right, 90);
  statusItem.name = l10n.t('Hearthlink');
  context.subscriptions.push(channel, statusItem);
  let rooms: Promise<Rooms> | undefined;
  const hearth: Hearth = {
    context,
    channel,
    log: logTo(channel),
    statusItem,
    rooms: () => {
      rooms ??= loadRooms(hearth);
      return rooms;
    },
  };
  return hearth;
}

async function loadRooms(hearth: Hearth): Promise<Rooms> {
  const { createRooms } = await import('./rooms.lazy.ts');
  const rooms = createRooms(hearth);
  hearth.context.subscriptions.push(rooms);
  return rooms;
}
