import '../ui/view-marks.ts';
import { backupsProtocol } from '../../shared/protocol/backups.ts';
import { openView } from '../ui/open-view.ts';
import { BackupsView } from './backups-view.ts';
import './backups.css';

const { channel } = openView(backupsProtocol, [
  'backUp', 'prove', 'preview', 'restore', 'lookInto', 'heldPage', 'heldMessages', 'bringBack', 'undoBringBack', 'chooseSecondFolder', 'encryption', 'remove',
  'removeForgotten', 'takeSettings', 'saveAccount',
]);
document.getElementById('root')?.append(new BackupsView({ channel, clock: { now: () => Date.now() } }));
