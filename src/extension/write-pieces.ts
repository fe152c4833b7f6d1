import fs from 'node:fs/promises';
import { storeFileError } from '../store/files/file-error.ts';

/**
 * Writes a file of the reader's choosing, which nobody else can read. It is written beside its place, where what was there stays until all
 * is on the disk.
 * @param file an absolute path
 * @throws HearthlinkError why it could not be written, or what reading threw; nothing new is there then
 */
export async function writePieces(file: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const unfinished = `${file}.unfinished`;
  try {
    const opened = await fs.open(unfinished, 'w', 0o600);
    try {
      for await (const piece of pieces) await opened.writeFile(piece);
      await opened.sync();
    } finally {
      await opened.close();
    }
    await fs.rename(unfinished, file);
  } catch (error) {
    // Why it could not be written is worth more than that its beginning is still there.
    await fs.rm(unfinished, { force: true }).catch(() => undefined);
    throw storeFileError(error);
  }
}
