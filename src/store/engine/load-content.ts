import type { EngineSetup } from './engine-setup.ts';
import { CallLedger } from './call-ledger.ts';
import { ReplicaContent } from './replica-content.ts';
import type { IndexFile } from '../methods-contract.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import { readGenerationFile, type Generation } from '../generation/generation-reader.ts';
import { callsFile, snapshotFile, wordsFile } from '../generation/names.ts';
import { decodeFileHeader, fileHeaderLength } from '../journal/file-header.ts';

/** Reads a generation. Throws `store-damaged` with the file's name when one is missing or not as it was written. */
export function loadContent<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  generation: Generation,
): ReplicaContent<Schema, Search> {
  const { files, content } = setup;
  const snapshot = readGenerationFile(files, generation, snapshotFile);
  const calls = new CallLedger(readBody(setup, generation, callsFile));
  return new ReplicaContent(content, {
    database: setup.openDatabase(snapshot),
    calls,
    schemaVersion: generation.covers.schemaVersion,
    storeId: generation.covers.storeId,
    keyId: generation.covers.keyId,
    generation: generation.name,
    indexFiles: (withVectors) => readIndexFiles(setup, generation, withVectors),
  });
}

/**
 * As they are on the disk. One that is not as it was written is for whoever loads it to refuse, by the checksum of its own that
 * each carries: words can be made again.
 */
function readIndexFiles<Schema, Search>(setup: EngineSetup<Schema, Search>, generation: Generation, withVectors: boolean): IndexFile[] {
  const files: IndexFile[] = [];
  for (const { name, bytes: length, crc32 } of generation.covers.files) {
    if (name === snapshotFile || name === callsFile || (name !== wordsFile && !withVectors)) continue;
    const path = `${generation.name}/${name}`;
    const bytes = setup.files.read(path);
    if (bytes !== null) files.push({ name, bytes, isChecked: bytes.length === length && setup.files.checksum(bytes) === crc32 });
    else if (name !== wordsFile) throw new HearthlinkError('store-damaged', { file: path });
  }
  return files;
}

/** What stands behind a file's header. */
function readBody<Schema, Search>(setup: EngineSetup<Schema, Search>, generation: Generation, name: string): Buffer {
  const bytes = readGenerationFile(setup.files, generation, name);
  const header = decodeFileHeader(bytes, 'index');
  if (typeof header === 'string' || header.storeId !== generation.covers.storeId) {
    throw new HearthlinkError('store-damaged', { file: `${generation.name}/${name}` });
  }
  return bytes.subarray(fileHeaderLength);
}
