import { backupsPanelFeature } from './backups-panel-feature.ts';
import { chatViewFeature } from './chat-view-feature.ts';
import { commandFeature } from './command-feature.ts';
import type { Feature } from './hearth.ts';
import { memoryPanelFeature } from './memory-panel-feature.ts';
import { statusFeature } from './status-feature.ts';

/** Everything the extension offers, by name. */
export const features: Readonly<Record<string, Feature>> = {
  commands: commandFeature,
  chatView: chatViewFeature,
  memoryPanel: memoryPanelFeature,
  backupsPanel: backupsPanelFeature,
  status: statusFeature,
};
