import '../ui/view-marks.ts';
import { backupsProtocol } from '../../shared/protocol/backups.ts';
import { openChannel } from '../ui/channel.ts';
import { setLocale } from '../ui/locale.ts';
import { takeVsCodeApi } from '../ui/vscode-api.ts';
import { BackupsView } from './backups-view.ts';
import './backups.css';

const timeoutMs = 30_000;
/** Methods that take as long as there is data, or wait for a person to answer in a native picker. */
const untimed: ReadonlySet<string> = new Set(['backUp', 'prove', 'preview', 'restore', 'lookInto', 'heldPage', 'chooseSecondFolder', 'encryption', 'remove', 'removeForgotten']);

const api = takeVsCodeApi();
setLocale(document.body.dataset['locale'] ?? 'en', document.getElementById('l10n')?.textContent ?? '');
const channel = openChannel(
  backupsProtocol,
  {
    post: (message) => { api.postMessage(message); },
    listen: (receive) => { window.addEventListener('message', (event: MessageEvent<unknown>) => { receive(event.data); }); },
  },
  {
    timers: {
      after: (milliseconds, run) => {
        const timer = setTimeout(run, milliseconds);
        return () => { clearTimeout(timer); };
      },
    },
    timeoutOf: (method) => (untimed.has(method) ? null : timeoutMs),
    onProblem: (error) => { throw error; },
  },
);
document.getElementById('root')?.append(new BackupsView({ channel, clock: { now: () => Date.now() } }));
