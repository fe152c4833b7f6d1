// Kills writers of a store at random instants, round after round, and checks it after each.
//   npm run torture -- --rounds 200
import { parseArgs } from 'node:util';
import { torture } from '../test/faults/torture/rounds.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' } } });
const say = (line: string) => void process.stdout.write(`${line}\n`);

const { rounds, kills, suspensions, acknowledged, generations } = await torture(Number(values.rounds), say);
say(`${rounds} rounds, ${kills} processes killed, ${suspensions} suspended, ${generations} generations: none of ${acknowledged} acknowledged writes lost, none applied twice, replicas equal.`);
