import '../ui/view-marks.ts';
import { chatProtocol } from '../../shared/protocol/chat.ts';
import { openView } from '../ui/open-view.ts';
import { stateBox } from '../ui/view-state.ts';
import { ChatApp } from './chat-app.ts';
import { draftsSchema, noDrafts } from './drafts.ts';
import './chat.css';

const { api, channel } = openView(chatProtocol, [
  'attach', 'exportSession', 'exportUnsaved', 'pullModel', 'startOllama', 'openLink', 'continueAfterDamage', 'openBackups', 'unlock',
]);
document.getElementById('root')?.append(
  new ChatApp({ channel, clock: { now: () => Date.now() }, drafts: stateBox(api, draftsSchema, noDrafts) }),
);
