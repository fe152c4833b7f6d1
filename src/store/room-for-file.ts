import type { RoomFor } from './files/node-store-files.ts';
import { roomForVectors } from './search/vector-rows.ts';

/** Where a file of the store is best read to: vectors into the memory in which they are searched. */
export const roomForFile: RoomFor = (name, bytes) =>
  name.includes('/vectors-') ? roomForVectors(bytes) : Buffer.allocUnsafeSlow(bytes);
