import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ArchiveFiles } from '../../../src/operations/archive/archive-files.ts';
import { nodeArchiveFiles } from '../../../src/operations/archive/node-archive-files.ts';
import { createArchives } from '../../../src/operations/backup/archives.ts';
import { BackupService } from '../../../src/operations/backup/backup-service.ts';
import { isBackupFileName } from '../../../src/operations/backup/file-name.ts';
import { defaultRetention } from '../../../src/operations/backup/retention.ts';
import { defaultSchedule } from '../../../src/operations/backup/schedule.ts';
import { silentLog } from '../../../src/shared/ports.ts';
import type { Store } from '../../../src/store/port.ts';
import { dataKey, ringId } from '../../operations/archive/support/sample-archive.ts';
import { newFact } from '../../store/sql/support/sample-rows.ts';
import { seededRandom } from '../../store/support/window.ts';
import { HandClock, seededIds } from '../../support/seeded-ports.ts';
import { createMemoryStore } from '../../support/store/memory-store.ts';

export interface BackupPlaceOptions {
  readonly files?: ArchiveFiles;
  readonly encrypted?: boolean;
  /** Where the backups lie; a new folder where it is left out. */
  readonly folder?: string;
}

/** The product's store in memory, and its backups in a real folder. */
export class BackupPlace implements Disposable {
  readonly clock = new HandClock(1_700_000_000_000);
  readonly store: Store = createMemoryStore();
  readonly folder: string;
  readonly service: BackupService;
  #jumpedMs = 0;
  readonly #root = mkdtempSync(path.join(os.tmpdir(), 'hearthlink-backups-'));

  constructor({ files = nodeArchiveFiles, encrypted = false, folder }: BackupPlaceOptions = {}) {
    this.folder = folder ?? path.join(this.#root, 'backups');
    const key = encrypted ? { id: 1, ringId, bytes: dataKey } : null;
    this.service = new BackupService({
      store: this.store,
      archives: createArchives({ files, random: seededRandom(9), key: () => key, keyOf: () => key?.bytes ?? null }),
      folder: this.folder,
      settings: () => ({ ...defaultSchedule, ...defaultRetention, secondFolder: null }),
      extensionVersion: '0.1.0',
      holder: 'window',
      clock: { now: () => this.clock.now() + this.#jumpedMs },
      ids: seededIds(this.clock, 5),
      log: silentLog,
    });
  }

  /** Sets the clock of the backups; that of the store stays as it is. */
  jump(milliseconds: number): void {
    this.#jumpedMs += milliseconds;
  }

  /** Remembers a text, a second later. */
  async remember(text: string): Promise<void> {
    await this.clock.advance(1000);
    await this.store.slices.add([newFact(text.replaceAll(/\W/g, '-'), text, { at: this.clock.now() })]);
  }

  /** Makes a backup, a second later. Answers its id. */
  async backUp(kind: 'full' | 'changes'): Promise<string> {
    await this.clock.advance(1000);
    const made = await this.service.backUp(kind, 'hand');
    if (made?.kind !== kind) throw new Error(`It did not become a backup of the kind ${kind}.`);
    return made.id;
  }

  async memories(): Promise<string[]> {
    return (await this.store.slices.list({ limit: 1000, offset: 0 })).slices.map(({ text }) => text).sort();
  }

  async soundness(id: string): Promise<string | undefined> {
    return (await this.service.overview()).backups.find((backup) => backup.id === id)?.soundness.type;
  }

  /** Names of the backups that are whole, and of what was begun. */
  names(): { readonly backups: readonly string[]; readonly unfinished: readonly string[] } {
    const names = existsSync(this.folder) ? readdirSync(this.folder) : [];
    return { backups: names.filter(isBackupFileName), unfinished: names.filter((name) => name.endsWith('.partial')) };
  }

  fileOf(id: string): string {
    const name = this.names().backups.find((file) => file.includes(id));
    if (name === undefined) throw new Error('There is no such backup.');
    return path.join(this.folder, name);
  }

  read(id: string): Buffer {
    return readFileSync(this.fileOf(id));
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
