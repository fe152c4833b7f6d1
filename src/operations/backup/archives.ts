import path from 'node:path';
import type { RandomSource } from '../../shared/ports.ts';
import type { ArchiveKey } from '../archive/archive-cipher.ts';
import type { ArchiveFiles } from '../archive/archive-files.ts';
import { openArchive, type KeyOf } from '../archive/archive-reader.ts';
import { writeArchive } from '../archive/archive-writer.ts';
import { partName } from '../archive/part-name.ts';
import type { Archives } from './ports.ts';

export interface ArchiveSetup {
  readonly files: ArchiveFiles;
  readonly random: RandomSource;
  /** What a new backup in a folder is encrypted with; null: it is not. @throws HearthlinkError `vault-locked` */
  readonly key: (folder: string) => ArchiveKey | null | Promise<ArchiveKey | null>;
  readonly keyOf: KeyOf;
}

/** Backups in the archive format. */
export function createArchives({ files, random, key, keyOf }: ArchiveSetup): Archives {
  return {
    async write(file, parts, describe) {
      const sources = parts.map(({ name, content }) => ({ name: partName.parse(name), content }));
      const options = { files, random, key: await key(path.dirname(file)) };
      const { manifest } = await writeArchive(file, sources, () => ({ ...describe(), blobs: [] }), options);
      return manifest;
    },
    async open(file) {
      const archive = await openArchive(file, keyOf, files);
      return {
        manifest: archive.manifest,
        manifestDigest: archive.manifestDigest,
        isEncrypted: archive.keyId !== 0,
        read: (part) => archive.readPart(partName.parse(part)),
        close: () => archive.close(),
      };
    },
  };
}
