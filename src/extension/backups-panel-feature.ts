import { window } from 'vscode';
import type { Feature } from './hearth.ts';

export const backupsPanelType = 'hearthlink.backups';

/** The backups view comes back after a reload. */
export const backupsPanelFeature: Feature = ({ context, rooms }) => {
  context.subscriptions.push(
    window.registerWebviewPanelSerializer(backupsPanelType, {
      deserializeWebviewPanel: async (panel) => {
        (await rooms()).restoreBackupsPanel(panel);
      },
    }),
  );
};
