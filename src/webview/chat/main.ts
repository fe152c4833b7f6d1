import '../ui/view-marks.ts';
import { chatProtocol } from '../../shared/protocol/chat.ts';
import { openChannel } from '../ui/channel.ts';
import { setLocale } from '../ui/locale.ts';
import { stateBox } from '../ui/view-state.ts';
import { takeVsCodeApi } from '../ui/vscode-api.ts';
import { ChatApp } from './chat-app.ts';
import { draftsSchema, noDrafts } from './drafts.ts';
import './chat.css';

/** Methods that wait for a person to answer in a native picker or dialogue. */
const untimed: ReadonlySet<string> = new Set(['attach', 'exportSession', 'pullModel', 'startOllama', 'openLink', 'continueAfterDamage']);
const timeoutMs = 30_000;

const api = takeVsCodeApi();
setLocale(document.body.dataset['locale'] ?? 'en', document.getElementById('l10n')?.textContent ?? '');
const channel = openChannel(
  chatProtocol,
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
document.getElementById('root')?.append(
  new ChatApp({ channel, clock: { now: () => Date.now() }, drafts: stateBox(api, draftsSchema, noDrafts) }),
);
