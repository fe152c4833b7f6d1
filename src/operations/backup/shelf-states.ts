import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Soundness } from './backup-record.ts';

/** By what a file is known again. When any of it differs, what was found out about the file no longer counts. */
export interface Fingerprint {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly manifestDigest: string;
}

const soundness = z.discriminatedUnion('type', [
  z.object({ type: z.literal('not-proved') }),
  z.object({ type: z.literal('proved'), at: z.int() }),
  z.object({ type: z.literal('damaged'), what: z.string() }),
]);

const states = z.object({
  version: z.literal(1),
  files: z.record(z.string(), z.object({ bytes: z.int(), modifiedMs: z.number(), manifestDigest: z.string(), soundness })),
});

type States = z.infer<typeof states>['files'];

const statesFileName = 'hearthlink-backups.json';

/** What was found out about the backups of a folder, in a small file beside them. Lost or unreadable, it costs only new proofs. */
export class ShelfStates {
  readonly #folder: string;
  #files: States;

  private constructor(folder: string, files: States) {
    this.#folder = folder;
    this.#files = files;
  }

  static async read(folder: string): Promise<ShelfStates> {
    return new ShelfStates(folder, (await readStates(path.join(folder, statesFileName))) ?? {});
  }

  /** `not-proved` for a file that is not, byte for byte as far as can be seen, the one that was looked at. */
  of(name: string, { bytes, modifiedMs, manifestDigest }: Fingerprint): Soundness {
    const known = this.#files[name];
    const isSame = known?.bytes === bytes && known.modifiedMs === modifiedMs && known.manifestDigest === manifestDigest;
    return isSame ? known.soundness : { type: 'not-proved' };
  }

  /** Keeps what was found out, and forgets files that are not among `present`. */
  async record(name: string, fingerprint: Fingerprint, found: Soundness, present: readonly string[]): Promise<void> {
    const kept = Object.entries(this.#files).filter(([other]) => present.includes(other));
    this.#files = { ...Object.fromEntries(kept), [name]: { ...fingerprint, soundness: found } };
    await replaceFile(path.join(this.#folder, statesFileName), JSON.stringify({ version: 1, files: this.#files }));
  }
}

async function readStates(file: string): Promise<States | null> {
  try {
    return states.parse(JSON.parse(await readFile(file, 'utf8'))).files;
  } catch {
    return null; // whatever stands there is worth no more than nothing: proofs can be made again
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
