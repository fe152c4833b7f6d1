import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { counterId, listNotes, searchNotes, versionsById } from '../../store/support/notes-content.ts';
import type { NotesWindow } from '../../store/support/window.ts';
import { checkBackups, type HeldByBackup } from './backups-check.ts';
import type { Deed } from './deeds.ts';
import { expectedAfter, misfit } from './expected.ts';
import { backupsIn, makeRing, openWindow, quietFile, storeIn, unlockRing, type Place } from './place.ts';
import { bundleWriter, killWriters } from './processes.ts';

/** A store grows with every round, and reading it whole after each gets slow; so it begins anew after this many. */
const roundsPerStore = 10;
/** Longer than the lease that a killed process has left lasts. */
const roundMs = 10 * 60_000;

export interface TortureResult {
  rounds: number;
  kills: number;
  suspensions: number;
  acknowledged: number;
  generations: number;
  migrations: number;
  backups: number;
  proved: number;
  restores: number;
  rotations: number;
  encryptions: number;
  decryptions: number;
}

/**
 * Lets several processes write to one store, rotate, purge, migrate, back up, prove and restore it, encrypt and decrypt it, and change
 * the key of it and its backups, and kills them at random instants, round after round. After each round the store must hold what was acknowledged, once, as
 * far as no restore took it back; a window that has been open all the time, and one that opens then, must agree; and every backup that
 * was called good must be restored on a machine that has nothing else. Throws an AssertionError otherwise, and leaves the folder for
 * looking at.
 * @param say told about each round
 */
export async function torture(rounds: number, say: (line: string) => void): Promise<TortureResult> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-torture-'));
  const script = bundleWriter(folder);
  const total: TortureResult = {
    rounds: 0, kills: 0, suspensions: 0, acknowledged: 0, generations: 0, migrations: 0, backups: 0, proved: 0, restores: 0, rotations: 0, encryptions: 0,
    decryptions: 0,
  };
  while (total.rounds < rounds) {
    const root = path.join(folder, `store-${total.rounds}`);
    await tortureStore({ root, script, say, total, rounds: Math.min(roundsPerStore, rounds - total.rounds) });
    fs.rmSync(root, { recursive: true });
  }
  fs.rmSync(folder, { recursive: true });
  return total;
}

interface StoreToTorture {
  readonly root: string;
  readonly script: string;
  readonly rounds: number;
  readonly say: (line: string) => void;
  readonly total: TortureResult;
}

async function tortureStore({ root, script, rounds, say, total }: StoreToTorture): Promise<void> {
  for (const folder of [root, storeIn(root), backupsIn(root)]) fs.mkdirSync(folder);
  // One round in which a release that migrates comes, somewhere in the middle.
  const migration = 1 + Math.floor(Math.random() * (rounds - 1));
  const placeIn = (round: number, aheadMs = 0): Place => ({ root, schemaVersion: round < migration ? 1 : 2, aheadMs: round * roundMs + aheadMs });
  await makeRing(placeIn(0));
  const ring = await unlockRing(placeIn(0));
  let watcher = openWindow('watcher', placeIn(0), ring);
  const held: HeldByBackup = new Map();
  let before: ReadonlySet<string> = new Set();
  let generation = 0;
  for (let round = 0; round < rounds; round++) {
    const place = placeIn(round);
    if (round === migration) {
      await watcher.engine.close();
      total.migrations++;
    }
    const { deeds, kills, suspensions } = await killWriters(script, place, total.rounds, round === migration);
    fs.rmSync(quietFile(root), { force: true });
    await ring.refresh();
    if (round === migration) watcher = openWindow('watcher', place, ring);
    await checkBackups({ place: placeIn(round, roundMs / 2), ring, deeds, before, held });
    const found = await checkStore(watcher, openWindow('opened', place, ring));
    const misfits = expectedAfter(before, deeds, (backup) => held.get(backup) ?? assert.fail(`${backup} was restored and is not held`)).map((expected) => misfit(found.writes, expected));
    assert.ok(misfits.includes(null), `round ${total.rounds + 1}: ${misfits.join(' or ')}`);
    before = found.writes;
    generation = found.generation;
    add(total, deeds);
    total.kills += kills;
    total.suspensions += suspensions;
    total.rounds++;
    say(`Round ${total.rounds}: ${deeds.filter(({ type }) => type === 'wrote').length} acknowledged writes, ${found.writes.size} there, generation ${generation}, ${held.size} backups.`);
  }
  total.generations += generation;
  await watcher.engine.close();
}

function add(total: TortureResult, deeds: readonly Deed[]): void {
  const count = (type: Deed['type']): number => deeds.filter((deed) => deed.type === type).length;
  total.acknowledged += count('wrote');
  total.backups += count('backed-up');
  total.proved += count('proved');
  total.restores += count('restored');
  total.rotations += count('rotated');
  total.encryptions += count('encrypted');
  total.decryptions += count('decrypted');
}

interface Found {
  readonly writes: ReadonlySet<string>;
  /** The generation that the store has come to. */
  readonly generation: number;
}

/** What is there, if a window that was open all the time and one that opens now agree on it, each write was applied once, and the index follows. */
async function checkStore(watcher: NotesWindow, opened: NotesWindow): Promise<Found> {
  const views = [];
  let writes: string[] = [];
  for (const window of [watcher, opened]) {
    const status = await window.engine.status();
    assert.equal(status.state, 'ready', JSON.stringify(status.problem));
    const notes = versionsById(await window.call(listNotes));
    writes = [...notes.keys()].filter((id) => id !== counterId && !id.startsWith('forgotten'));
    assert.equal(notes.get(counterId) ?? 0, writes.length, 'each write is applied once');
    assert.deepEqual(await window.call(searchNotes, 'done'), writes.toSorted(), 'the index follows the rows');
    views.push({ keyId: status.keyId, chain: status.chain, sequence: status.sequence, notes: [...notes] });
  }
  assert.deepEqual(views[0], views[1], 'the window that was open all the time and the one that opened now');
  const { generation } = await opened.engine.status();
  await opened.engine.close();
  return { writes: new Set(writes), generation };
}
