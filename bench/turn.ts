import { report, say } from './report.ts';
import { activationRows } from './turn-activation.ts';
import { latencyRows } from './turn-latency.ts';
import { openTurnRig } from './turn-rig.ts';

/** `npm run bench:turn`: what a turn costs beyond the model itself, and what starting costs the editor. */
say('Filling a store with 10,000 memories, and embedding them.');
const rows = [];
{
  await using rig = await openTurnRig();
  say('Three chats of 40 turns.');
  rows.push(...(await latencyRows(rig)));
}
say('Two dozen starts of an extension host.');
rows.push(...(await activationRows()));
report('A turn, beyond what the model takes', rows);
