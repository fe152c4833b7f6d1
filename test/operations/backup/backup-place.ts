import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ArchiveKey } from '../../../src/operations/archive/archive-cipher.ts';
import { nodeArchiveFiles } from '../../../src/operations/archive/node-archive-files.ts';
import { createArchives } from '../../../src/operations/backup/archives.ts';
import type { BackupServiceParts } from '../../../src/operations/backup/backup-parts.ts';
import { BackupService } from '../../../src/operations/backup/backup-service.ts';
import { defaultRetention } from '../../../src/operations/backup/retention.ts';
import { defaultSchedule } from '../../../src/operations/backup/schedule.ts';
import { silentLog } from '../../../src/shared/ports.ts';
import { HandClock, seededIds } from '../../support/seeded-ports.ts';
import { FakeBackupStore } from './fake-backup-store.ts';

/** A folder with backups of a fake store, and the service over both, by a clock that is moved by hand. */
export class Place {
  readonly root: string;
  readonly clock = new HandClock();
  readonly store = new FakeBackupStore();
  secondFolder: string | null = null;
  /** What new backups are encrypted with; null: they are not. */
  key: ArchiveKey | null = null;
  retention = defaultRetention;
  /** What a person has chosen. */
  chosen: Readonly<Record<string, unknown>> = {};
  accounts: NonNullable<BackupServiceParts['accounts']> = () => Promise.resolve([]);
  readonly service: BackupService;

  private constructor(root: string) {
    this.root = root;
    this.service = this.window('one');
  }

  static async make(): Promise<Place> {
    return new Place(await mkdtemp(path.join(tmpdir(), 'hearthlink-backups-')));
  }

  get folder(): string {
    return path.join(this.root, 'backups');
  }

  window(holder: string): BackupService {
    const ids = seededIds(this.clock, holder.length);
    const archives = createArchives({ files: nodeArchiveFiles, random: { bytes: (length) => randomBytes(length) }, key: () => this.key, keyOf: () => this.key?.bytes ?? null });
    return new BackupService({
      store: { backup: this.store },
      archives,
      folder: this.folder,
      encrypts: () => Promise.resolve(this.key !== null),
      settings: () => ({ ...defaultSchedule, ...this.retention, secondFolder: this.secondFolder }),
      extensionVersion: '0.1.0',
      chosenSettings: () => this.chosen,
      accounts: () => this.accounts(),
      holder,
      clock: this.clock,
      ids,
      log: silentLog,
    });
  }

  async write(text: string): Promise<void> {
    await this.clock.advance(1_000);
    this.store.write(text, this.clock.now());
  }

  async backUp(kind: 'full' | 'changes' = 'changes'): Promise<string> {
    await this.clock.advance(1_000);
    const made = await this.service.backUp(kind, 'hand');
    assert.ok(made !== null, 'there was something to back up');
    return made.id;
  }

  async files(): Promise<string[]> {
    return (await readdir(this.folder)).filter((name) => name.endsWith('.hearthlink-backup'));
  }

  async soundness(id: string): Promise<string | undefined> {
    return (await this.service.overview()).backups.find((backup) => backup.id === id)?.soundness.type;
  }

  async fileOf(id: string): Promise<string> {
    const name = (await this.files()).find((file) => file.includes(id));
    assert.ok(name !== undefined);
    return path.join(this.folder, name);
  }

  /** Nothing is left in the store, and the folder goes. */
  async remove(): Promise<void> {
    assert.ok(this.store.isTidy, 'nothing is left in the store');
    await rm(this.root, { recursive: true });
  }
}

/** Flips a bit in the middle of a file, and leaves its size and time as they were. */
export async function damage(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
  await writeFile(file, bytes);
}
