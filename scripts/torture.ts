// Kills processes that work with a store and its backups at random instants, round after round, and checks both after each.
//   npm run torture -- --rounds 200
import { parseArgs } from 'node:util';
import { torture } from '../test/faults/torture/rounds.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' } } });
const start = performance.now();
const say = (line: string) => void process.stdout.write(`${line}\n`);

const { rounds, kills, suspensions, acknowledged, generations, migrations, backups, proved, restores, rotations, encryptions, decryptions } = await torture(Number(values.rounds), say);
say(`${rounds} rounds in ${Math.round((performance.now() - start) / 1000)} s, ${kills} processes killed, ${suspensions} suspended, ${generations} generations, ${migrations} migrations, ${restores} restores, ${rotations} changes of the key, ${encryptions} times encrypted and ${decryptions} decrypted: none of ${acknowledged} acknowledged writes lost, none applied twice, replicas equal; each of ${backups} backups, of which ${proved} were proved, was restored elsewhere.`);
