import { HearthlinkError } from '../../shared/errors.ts';
import type { StoreFiles } from '../files/store-files.ts';
import { marked } from './marked-generations.ts';
import { coversFile, markFile } from './names.ts';
import { decodeCovers, decodeMark, type Covers, type Mark, type Unreadable } from './papers.ts';

export interface Generation {
  readonly name: string;
  readonly covers: Covers;
}

export interface MarkedGeneration extends Generation {
  readonly mark: Mark;
}

/** Names of the generations that have a mark, newest first. */
export function markedGenerations(files: StoreFiles): string[] {
  return marked(files).map(({ name }) => name);
}

/** 0 when no generation is marked. */
export function newestMarkedNumber(files: StoreFiles): number {
  return marked(files)[0]?.number ?? 0;
}

/** What a generation covers; null when it is not there. */
export function readCovers(files: StoreFiles, name: string): Covers | Unreadable | null {
  const bytes = files.read(`${name}/${coversFile}`);
  return bytes === null ? null : decodeCovers(bytes);
}

export function readMark(files: StoreFiles, name: string): Mark | Unreadable | null {
  const bytes = files.read(`${name}/${markFile}`);
  return bytes === null ? null : decodeMark(bytes);
}

/** A file of a generation, if it is there and as it was written. */
export function readGenerationFile(files: StoreFiles, generation: Generation, name: string): Buffer {
  const expected = generation.covers.files.find((file) => file.name === name);
  const path = `${generation.name}/${name}`;
  const bytes = files.read(path);
  if (bytes === null || bytes.length !== expected?.bytes || files.checksum(bytes) !== expected.crc32) {
    throw new HearthlinkError('store-damaged', { file: path });
  }
  return bytes;
}
