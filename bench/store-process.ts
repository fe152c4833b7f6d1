/** One of several processes that write to one store: `store-process <folder> <commits>`; waits for a message to begin. */
import { engineIn, enqueue, newJob, timedTurns } from './store-rig.ts';

const [folder = '', commits = '0'] = process.argv.slice(2);
const { engine, call } = engineIn(folder);
await call(enqueue, newJob());

process.on('message', (message) => void (message === 'go' ? write() : compare()));

async function write(): Promise<void> {
  const times = await timedTurns(Number(commits), () => call(enqueue, newJob()));
  process.send?.({ times });
}

/** When all are done, each says what it has come to. */
async function compare(): Promise<void> {
  const { chain } = await engine.status();
  process.send?.({ chain });
}

process.send?.('ready');
