import { window } from 'vscode';
import type { Feature } from './hearth.ts';

export const memoryPanelType = 'hearthlink.memory';

/** The memory browser comes back after a reload; what was searched and chosen in it the view keeps itself. */
export const memoryPanelFeature: Feature = ({ context, rooms }) => {
  context.subscriptions.push(
    window.registerWebviewPanelSerializer(memoryPanelType, {
      deserializeWebviewPanel: async (panel) => {
        (await rooms()).restoreMemoryPanel(panel);
      },
    }),
  );
};
