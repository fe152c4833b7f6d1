import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Clock } from '../../shared/ports.ts';
import { systemCode } from '../../store/files/file-error.ts';

const leaseSchema = z.object({ holder: z.string(), until: z.int() });
type Lease = z.infer<typeof leaseSchema>;

export const leaseFileName = 'hearthlink-backups.lease';
/** Longer than any step takes between two signs of life. */
const leaseMs = 5 * 60_000;

/**
 * Who of several windows is at the backups of a folder: a file in it. Not a row of the store, because a row is a write, after which
 * something has changed that would have to be backed up; and because a damaged store takes no rows, but can be restored.
 *
 * It keeps windows out of each other's way and no more: backups have names of their own, and a restore is refused by the store when
 * somebody else was faster.
 */
export class FolderLease {
  readonly #file: string;
  readonly #holder: string;
  readonly #clock: Clock;
  #renewAt = 0;

  /** @param fileName another one where it is not about the backups in the folder */
  constructor(folder: string, holder: string, clock: Clock, fileName = leaseFileName) {
    this.#file = path.join(folder, fileName);
    this.#holder = holder;
    this.#clock = clock;
  }

  /** False while another holder has it. One that ran out is taken over, and so is one that a clock in the future has written. */
  async take(): Promise<boolean> {
    try {
      await writeFile(this.#file, this.#text(), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    const other = await this.#read();
    if (other !== null && other.holder !== this.#holder && other.until > this.#clock.now() && other.until <= this.#clock.now() + 2 * leaseMs) return false;
    await this.#replace();
    return (await this.#read())?.holder === this.#holder;
  }

  /** A sign of life; costs nothing most of the time. */
  async renew(): Promise<void> {
    if (this.#clock.now() >= this.#renewAt) await this.#replace();
  }

  async release(): Promise<void> {
    if ((await this.#read())?.holder === this.#holder) await rm(this.#file, { force: true });
  }

  async #replace(): Promise<void> {
    const own = `${this.#file}.${this.#holder.replaceAll(/[^0-9a-z]/gi, '-')}`;
    await writeFile(own, this.#text(), { mode: 0o600 });
    await rename(own, this.#file);
  }

  #text(): string {
    const now = this.#clock.now();
    this.#renewAt = now + leaseMs / 2;
    return JSON.stringify({ holder: this.#holder, until: now + leaseMs });
  }

  /** Null where there is none, or none that can be read. */
  async #read(): Promise<Lease | null> {
    try {
      return leaseSchema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      return null;
    }
  }
}
