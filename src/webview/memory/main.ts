import '../ui/view-marks.ts';
import { memoryProtocol } from '../../shared/protocol/memory.ts';
import { openView } from '../ui/open-view.ts';
import { stateBox } from '../ui/view-state.ts';
import { browserStateSchema, firstState } from './browser-state.ts';
import { MemoryBrowser } from './memory-browser.ts';
import './memory.css';

const { api, channel } = openView(memoryProtocol, ['importMemory']);
document.getElementById('root')?.append(
  new MemoryBrowser({ channel, clock: { now: () => Date.now() }, kept: stateBox(api, browserStateSchema, firstState) }),
);
