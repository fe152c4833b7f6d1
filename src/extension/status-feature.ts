import { l10n } from 'vscode';
import type { Feature } from './hearth.ts';

/** The one status bar item; the rooms change it when the store or the model needs attention. */
export const statusFeature: Feature = ({ statusItem }) => {
  statusItem.text = '$(flame)';
  statusItem.tooltip = l10n.t('Hearthlink: open chat');
  statusItem.accessibilityInformation = { label: l10n.t('Hearthlink: open chat'), role: 'button' };
  statusItem.command = 'hearthlink.openChat';
  statusItem.show();
};
