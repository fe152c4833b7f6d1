import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { HearthlinkError } from '../../shared/errors.ts';
import { freeBytesOf } from '../disk-room.ts';
import { systemCode } from '../../store/files/file-error.ts';
import type { JudgedBackup, Soundness } from './backup-record.ts';
import { isBackupFileName, isUnfinishedBackup } from './file-name.ts';
import { noAudit, type Audit } from '../audit/audit.ts';
import type { Archives, Manifest } from './ports.ts';
import { ShelfStates, type Fingerprint } from './shelf-states.ts';

/** Where a backup lies, and how that copy is. */
export interface BackupPlace {
  readonly folder: string;
  readonly file: string;
  readonly fingerprint: Fingerprint;
  readonly soundness: Soundness;
}

/** A backup with what its manifest says. Its soundness is that of its best copy. */
export interface ShelvedBackup extends JudgedBackup {
  readonly manifest: Manifest;
  readonly isEncrypted: boolean;
  readonly bytes: number;
  /** The best copy first. */
  readonly places: readonly [BackupPlace, ...BackupPlace[]];
}

/** A file with a backup's name that cannot be looked into. */
export interface UnreadableBackup {
  readonly folder: string;
  readonly file: string;
  readonly bytes: number;
  readonly error: HearthlinkError;
}

export interface ShelfFolder {
  readonly folder: string;
  readonly isHere: boolean;
  /** Bytes that can still be written there; null when that cannot be told. */
  readonly freeBytes: number | null;
}

export interface ShelfListing {
  readonly folders: readonly ShelfFolder[];
  readonly backups: readonly ShelvedBackup[];
  readonly unreadable: readonly UnreadableBackup[];
}

const unfinishedForMs = 60 * 60_000;

/** All backups of one or two folders. Files with other names are nobody's business here. */
export class Shelf {
  readonly #archives: Archives;
  readonly #folders: () => readonly string[];
  readonly #audit: Audit;

  /** @param folders the first one is ours and made when needed; another is the user's and may not be there */
  constructor(archives: Archives, folders: () => readonly string[], audit: Audit = noAudit) {
    this.#archives = archives;
    this.#folders = folders;
    this.#audit = audit;
  }

  async list(): Promise<ShelfListing> {
    const folders: ShelfFolder[] = [];
    const copies = new Map<string, Copy[]>();
    const unreadable: UnreadableBackup[] = [];
    for (const folder of this.#folders()) {
      const names = await namesIn(folder);
      folders.push({ folder, isHere: names !== null, freeBytes: await freeBytesOf(folder) });
      const states = await ShelfStates.read(folder);
      for (const name of names ?? []) {
        const found = await this.#look(folder, name, states);
        if (found === null) continue;
        if ('error' in found) unreadable.push(found);
        else copies.set(found.manifest.id, [...(copies.get(found.manifest.id) ?? []), found]);
      }
    }
    return { folders, backups: [...copies.values()].map(shelved).toSorted((a, b) => b.madeAt - a.madeAt), unreadable };
  }

  /** Keeps what was found out about a copy. */
  async record(place: BackupPlace, found: Soundness): Promise<void> {
    const states = await ShelfStates.read(place.folder);
    await states.record(place.file, place.fingerprint, found, (await namesIn(place.folder)) ?? []);
    this.#audit.note({ action: 'backup.proved', outcome: found.type === 'damaged' ? 'failed' : 'done', ids: [place.file] });
  }

  /** Removes a backup's copies from every folder that is here. */
  async remove(backup: ShelvedBackup): Promise<void> {
    for (const { folder, file } of backup.places) await rm(path.join(folder, file), { force: true });
    this.#audit.note({ action: 'backup.deleted', ids: backup.places.map(({ file }) => file), count: 1 });
  }

  /** Removes what was begun and left behind. What is younger than an hour may be in the making, by a window or another machine. */
  async tidy(now: number): Promise<void> {
    for (const folder of this.#folders()) {
      for (const name of (await namesIn(folder, isUnfinishedBackup)) ?? []) {
        const file = path.join(folder, name);
        try {
          if ((await stat(file)).mtimeMs < now - unfinishedForMs) await rm(file, { force: true });
        } catch (error) {
          if (!isGone(error)) throw error;
        }
      }
    }
  }

  /** Null for a file that is gone by now: another window, or a machine that has the folder too, removes what is too old. */
  async #look(folder: string, name: string, states: ShelfStates): Promise<Copy | UnreadableBackup | null> {
    const file = path.join(folder, name);
    let bytes = 0;
    try {
      const { size, mtimeMs: modifiedMs } = await stat(file);
      bytes = size;
      const archive = await this.#archives.open(file);
      await archive.close();
      const { manifest, manifestDigest, isEncrypted } = archive;
      const fingerprint = { bytes, modifiedMs, manifestDigest };
      return { manifest, isEncrypted, place: { folder, file: name, fingerprint, soundness: states.of(name, fingerprint) } };
    } catch (error) {
      if (isGone(error)) return null;
      return { folder, file: name, bytes, error: HearthlinkError.from(error) };
    }
  }
}

interface Copy {
  readonly manifest: Manifest;
  readonly isEncrypted: boolean;
  readonly place: BackupPlace;
}

const rank = { proved: 0, 'not-proved': 1, damaged: 2 } as const;

function shelved(copies: readonly Copy[]): ShelvedBackup {
  const [best, ...others] = copies.toSorted((a, b) => rank[a.place.soundness.type] - rank[b.place.soundness.type]);
  if (best === undefined) throw new HearthlinkError('internal', { detail: 'A backup without a copy.' });
  const { id, kind, by, madeAt, base, to } = best.manifest;
  return {
    id,
    kind,
    reason: by,
    madeAt,
    baseId: base?.id ?? null,
    position: to,
    soundness: best.place.soundness,
    manifest: best.manifest,
    isEncrypted: best.isEncrypted,
    bytes: best.place.fingerprint.bytes,
    places: [best.place, ...others.map(({ place }) => place)],
  };
}

function isGone(error: unknown): boolean {
  return systemCode(error) === 'ENOENT' || HearthlinkError.is(error, 'not-found');
}

/** Null where there is no such folder, or it cannot be read: a disk that is not plugged in. */
export async function namesIn(folder: string, isWanted = isBackupFileName): Promise<readonly string[] | null> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && isWanted(entry.name)).map(({ name }) => name);
  } catch {
    return null;
  }
}
