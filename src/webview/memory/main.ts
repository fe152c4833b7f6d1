import '../ui/view-marks.ts';
import { memoryProtocol } from '../../shared/protocol/memory.ts';
import { openChannel } from '../ui/channel.ts';
import { setLocale } from '../ui/locale.ts';
import { stateBox } from '../ui/view-state.ts';
import { takeVsCodeApi } from '../ui/vscode-api.ts';
import { browserStateSchema, firstState } from './browser-state.ts';
import { MemoryBrowser } from './memory-browser.ts';
import './memory.css';

const timeoutMs = 30_000;

const api = takeVsCodeApi();
setLocale(document.body.dataset['locale'] ?? 'en', document.getElementById('l10n')?.textContent ?? '');
const channel = openChannel(
  memoryProtocol,
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
    timeoutOf: () => timeoutMs,
    onProblem: (error) => { throw error; },
  },
);
document.getElementById('root')?.append(
  new MemoryBrowser({ channel, clock: { now: () => Date.now() }, kept: stateBox(api, browserStateSchema, firstState) }),
);
