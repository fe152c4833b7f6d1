import assert from 'node:assert/strict';
import { DiskRoom, leastRoomBytes } from '../../src/operations/disk-room.ts';
import { silentLog } from '../../src/shared/ports.ts';
import { HandClock } from '../support/seeded-ports.ts';

const minute = 60_000;

function openDisk(free: number | null) {
  const clock = new HandClock();
  const disk = { free };
  const room = new DiskRoom({ freeBytes: async () => Promise.resolve(disk.free), timers: clock, log: silentLog });
  const told: boolean[] = [];
  room.onDidChange(() => told.push(room.isLow));
  return { clock, disk, room, told };
}

describe('room on the disk', () => {
  it('is low below the bar, and told of once', async () => {
    const { clock, disk, room, told } = openDisk(leastRoomBytes);
    await room.watch();
    assert.equal(room.isLow, false);
    disk.free = leastRoomBytes - 1;
    await clock.advance(minute);
    await clock.advance(minute);
    assert.deepEqual([room.isLow, told], [true, [true]]);
  });

  it('is enough again only when there is a quarter more', async () => {
    const { clock, disk, room, told } = openDisk(0);
    await room.watch();
    disk.free = leastRoomBytes * 1.25 - 1;
    await clock.advance(minute);
    assert.equal(room.isLow, true);
    disk.free = leastRoomBytes * 1.25;
    await clock.advance(minute);
    assert.deepEqual([room.isLow, told], [false, [true, false]]);
  });

  it('is not called low where it cannot be told', async () => {
    const { room, told } = openDisk(null);
    await room.watch();
    assert.deepEqual([room.isLow, told], [false, []]);
  });

  it('is not looked at any more once the window closes', async () => {
    const { clock, room } = openDisk(0);
    await room.watch();
    room.dispose();
    await clock.advance(minute);
    assert.equal(clock.waiting, 0);
  });
});
