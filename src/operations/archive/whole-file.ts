import path from 'node:path';
import type { RandomSource } from '../../shared/ports.ts';
import { storeFileError, systemCode } from '../../store/files/file-error.ts';
import type { ArchiveFiles, ReadableFile } from './archive-files.ts';

/** A small file that is read and replaced whole; null when it is not there. @throws store-stopped and the like */
export async function readWhole(file: string, files: ArchiveFiles): Promise<Buffer | null> {
  let opened: ReadableFile;
  try {
    opened = await files.open(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw storeFileError(error);
  }
  try {
    return await opened.read(0, opened.bytes);
  } catch (error) {
    throw storeFileError(error);
  } finally {
    await opened.close();
  }
}

/** Afterwards the file has the new content, on the disk, or, where this throws, the old one or the new one. */
export async function replaceWhole(file: string, content: Uint8Array, files: ArchiveFiles, random: RandomSource): Promise<void> {
  const beside = `${file}.${Buffer.from(random.bytes(4)).toString('hex')}.partial`;
  try {
    const written = await files.create(beside);
    try {
      await written.write([content]);
      await written.flush();
    } finally {
      await written.close();
    }
    await files.rename(beside, file);
    await files.flushFolder(path.dirname(file));
  } catch (error) {
    // What went wrong first is what counts.
    await files.remove(beside).catch(() => undefined);
    throw storeFileError(error);
  }
}
