import fc from 'fast-check';
import { BusyWindow, checkAgreement, interleave, startOfTime, type History, type Step, type World } from '../support/interleaving.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { seededRandom } from '../support/window.ts';

type Faults = World['faults'];

const noFaults: Faults = { crash: 0, short: 0, flush: 0, full: 0, power: 0, damage: 0 };

/**
 * Runs windows with these steps against one disk, in a random order of everything that they do to it, and checks what the
 * model of the journal checks: nothing acknowledged is lost, nothing is applied twice, nobody sees damage, all end in one
 * history and content, and nobody gets stuck. There is no lock.
 */
function holds(windows: readonly (readonly Step[])[], faults: Partial<Faults>, runs: number): () => Promise<void> {
  return () =>
    fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const random = seededRandom(seed);
        const choose = (below: number) => (below <= 1 ? 0 : Buffer.from(random.bytes(4)).readUInt32LE() % below);
        const world: World = { disk: new MemoryDisk({ immediate: false }), choose, faults: { ...noFaults, ...faults } };
        // Otherwise every file is old enough to be tidied away; here also the unfinished generation of one that goes on.
        if ((faults.damage ?? 0) > 0) world.disk.time = startOfTime;
        const history: History = { acknowledged: new Set(), failures: [], readable: null };
        const busy = windows.map((steps, i) => new BusyWindow('ABCD'.charAt(i), steps, world, history));
        await interleave(world, busy, history);
        await checkAgreement(world, busy, history);
      }),
      { numRuns: runs },
    );
}

describe('windows that share a store', () => {
  it('start it together', holds([['write'], ['write'], ['read', 'write']], { crash: 1 }, 40));

  it('write at the same time', holds([['write', 'write', 'read'], ['write', 'write', 'read']], { crash: 1, short: 1, flush: 1 }, 60));

  it('write at the same time, three of them', holds([['write', 'read'], ['write', 'write'], ['read', 'write']], { crash: 1, short: 1, flush: 1 }, 40));

  it('survive a loss of power', holds([['write', 'write'], ['write', 'write']], { power: 1, short: 1, flush: 1 }, 60));

  it('rotate while others write', holds([['write', 'rotate', 'write'], ['write', 'write', 'rotate', 'read']], { crash: 1, short: 1, flush: 1, full: 1 }, 60));

  it('rotate all at once', holds([['rotate', 'rotate'], ['rotate', 'write'], ['write', 'read']], { crash: 1 }, 40));

  it('lose power while rotating', holds([['write', 'rotate', 'write'], ['write', 'write', 'read']], { power: 1, crash: 1, flush: 1 }, 60));

  it('purge while others write and rotate', holds([['write', 'purge', 'write'], ['write', 'rotate', 'write']], { crash: 1, short: 1, flush: 1 }, 60));

  it('purge all at once', holds([['purge', 'write'], ['purge', 'write'], ['write', 'read']], { power: 1, crash: 1 }, 20));

  it('go on after damage, while one of them has read past it', holds(
    [['write', 'write', 'write', 'write', 'read'], ['write', 'continue', 'write', 'write', 'read'], ['look', 'continue', 'write']], { damage: 1 }, 100));

  it('go on after damage, with other faults', holds(
    [['write', 'write', 'rotate', 'write', 'write'], ['write', 'continue', 'write', 'rotate', 'continue', 'write']], { damage: 1, crash: 1, short: 1, flush: 1 }, 100));

  it('go on after damage, and purge or rotate away what the others would have seen', holds(
    [['write', 'write', 'write', 'write', 'read'], ['write', 'continue', 'purge', 'write'], ['look', 'continue', 'rotate', 'rotate', 'write']], { damage: 1 }, 60));

  it('restore while others write and rotate', holds([['write', 'restore', 'write', 'restore'], ['write', 'rotate', 'write']], { crash: 1, short: 1, flush: 1, full: 1 }, 60));

  it('restore all at once, and lose power', holds([['write', 'restore', 'write'], ['restore', 'read', 'purge']], { power: 1, crash: 1, flush: 1 }, 60));

  it('purge, lose power, and rotate', holds([['purge', 'rotate', 'write'], ['write', 'write', 'purge']], { power: 1, crash: 1 }, 60));
});
