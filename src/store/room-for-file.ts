import type { RoomFor } from './files/node-store-files.ts';
import { roomForVectors } from './search/vector-rows.ts';

/**
 * Where a file of the store is best read to: vectors into the memory in which they are searched, all else into memory that
 * could be shared, since a hundred megabytes of the other kind make V8 look for garbage at once, while a store is opened.
 */
export const roomForFile: RoomFor = (name, bytes) =>
  name.includes('/vectors-') ? roomForVectors(bytes) : Buffer.from(new SharedArrayBuffer(bytes));
