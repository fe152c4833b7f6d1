import { hkdfSync } from 'node:crypto';
import { HearthlinkError } from '../../shared/errors.ts';
import { OneAtATime } from '../../shared/one-at-a-time.ts';
import type { Clock, RandomSource } from '../../shared/ports.ts';
import type { ArchiveKey } from '../archive/archive-cipher.ts';
import type { ArchiveFiles } from '../archive/archive-files.ts';
import { readWhole, replaceWhole } from '../archive/whole-file.ts';
import { decodeKeyRing, encodeKeyRing, keysMissingIn, type FoundKeyRing, type KeyRingContents } from './key-ring-contents.ts';
import { requireStrong, usualCost, type GuessesOf, type ScryptCost } from './passphrase.ts';
import { keptName, lockByKeep, lockByPassphrase, lockByRecoveryKey, makeLocks, ringKeyByKeep, ringKeyByTyping, type LockMaking, type NewLocks } from './ring-locks.ts';
import type { SecretKeep } from './secret-keep.ts';
import { keyBytes, unwrap, wrap } from './wrapping.ts';

/** What a key ring lies in the store's folder as. */
export const keyRingFile = 'KEYS';

export interface KeyRingSetup {
  /** The absolute path of the file. */
  readonly file: string;
  readonly files: ArchiveFiles;
  readonly random: RandomSource;
  readonly clock: Clock;
  readonly guessesOf: GuessesOf;
  /** `usualCost` where it is left out. */
  readonly cost?: ScryptCost;
}

/**
 * The data keys of a store, unlocked. A data key is wrapped by the ring key, and the ring key by the passphrase, by the recovery
 * key, and, by choice, by a key in the system's keep: each of them alone opens everything. `wipe` overwrites all keys.
 */
export class KeyRing {
  readonly #setup: KeyRingSetup;
  readonly #ringKey: Buffer;
  readonly #dataKeys = new Map<number, Buffer>();
  #contents: KeyRingContents;
  #isWiped = false;
  readonly #changes = new OneAtATime();

  private constructor(setup: KeyRingSetup, ringKey: Buffer, contents: KeyRingContents) {
    this.#setup = setup;
    this.#ringKey = ringKey;
    this.#contents = contents;
    this.#takeDataKeys();
  }

  /** A ring with one data key, not yet written. */
  static async create(setup: KeyRingSetup, storeId: string, locks: NewLocks): Promise<KeyRing> {
    const ringKey = Buffer.from(setup.random.bytes(keyBytes));
    const first = newDataKey(1, storeId, ringKey, setup);
    const contents: KeyRingContents = {
      format: 1,
      storeId,
      locks: await makeLocks(locks, lockMaking(storeId, ringKey, setup)),
      keys: [first],
      active: first.id,
      nextId: first.id + 1,
      rotation: null,
      stoppedAt: null,
    };
    return new KeyRing(setup, ringKey, contents);
  }

  /**
   * The ring that a ring key opens.
   * @throws keys-damaged where somebody without the ring key has changed the file
   */
  static open(setup: KeyRingSetup, ringKey: Buffer, found: FoundKeyRing): KeyRing {
    if (!found.isSealedBy(sealKeyOf(ringKey))) throw new HearthlinkError('keys-damaged');
    return new KeyRing(setup, ringKey, found.contents);
  }

  get storeId(): string {
    return this.#contents.storeId;
  }

  get contents(): KeyRingContents {
    return this.#contents;
  }

  get isWiped(): boolean {
    return this.#isWiped;
  }

  /** What new backups are encrypted with. @throws vault-locked when it was wiped */
  activeKey(): ArchiveKey {
    return this.key(this.#contents.active);
  }

  /** @throws vault-locked when it was wiped; not-found */
  key(id: number): ArchiveKey {
    if (this.#isWiped) throw new HearthlinkError('vault-locked');
    const bytes = this.#dataKeys.get(id);
    if (bytes === undefined) throw new HearthlinkError('not-found', { keyId: id });
    return { id, ringId: this.storeId, bytes };
  }

  /** For readers of archives; null for a key that is not here, for one of another ring, and for each once it was wiped. */
  readonly keyOf = (id: number, ringId = this.storeId): Uint8Array | null => (ringId === this.storeId ? (this.#dataKeys.get(id) ?? null) : null);

  /** Writes the ring as it is. */
  async write(): Promise<void> {
    await this.#replace(this.#contents);
  }

  /** Reads what other windows have changed. @throws vault-locked where another ring has taken its place, which this ring key does not open */
  async refresh(): Promise<void> {
    this.#contents = await this.#read();
    this.#takeDataKeys();
  }

  /**
   * Changes the file, as it is now, in one step; one change after the other. Windows exclude each other by a lease: of two that
   * changed the file at once, one would undo what the other did.
   * @throws vault-locked, keys-damaged, store-full and the like
   */
  change(make: (contents: KeyRingContents) => KeyRingContents): Promise<void> {
    return this.#changes.run(async () => {
      await this.#replace(make(await this.#read()));
      this.#takeDataKeys();
    });
  }

  /**
   * Takes over keys that another machine has added to this ring, from a copy of it; they are retired here. A copy that the ring key has not
   * sealed is left alone: false.
   */
  async takeFrom(copy: FoundKeyRing): Promise<boolean> {
    if (this.#isWiped) throw new HearthlinkError('vault-locked');
    if (!copy.isSealedBy(sealKeyOf(this.#ringKey))) return false;
    const now = this.#setup.clock.now();
    const added = keysMissingIn(this.#contents, copy.contents, now).map((key) => ({ ...key, retiredAt: key.retiredAt ?? now }));
    if (added.length > 0) await this.change((contents) => ({ ...contents, keys: [...contents.keys, ...added] }));
    return true;
  }

  /** Goes on with ids that no other machine will come to, which has the same ring and makes keys of its own. */
  async skipIds(): Promise<void> {
    const skipped = (1 << 20) + (Buffer.from(this.#setup.random.bytes(4)).readUInt32LE() >>> 4);
    await this.change((contents) => ({ ...contents, nextId: contents.nextId + skipped }));
  }

  /** A data key for the ring's next id, not yet in it. */
  makeDataKey(contents: KeyRingContents): KeyRingContents['keys'][number] {
    return newDataKey(contents.nextId, contents.storeId, this.#ringKey, this.#setup);
  }

  /**
   * Another passphrase opens the ring from now on. Whoever knows the old one, and has an old copy of the file, still gets at
   * these keys: only another ring, made after starting over, has others.
   * @throws passphrase-weak
   */
  async changePassphrase(passphrase: string): Promise<void> {
    await requireStrong(passphrase, this.#setup.guessesOf);
    const lock = await lockByPassphrase(passphrase, this.#making);
    await this.change((contents) => ({ ...contents, locks: { ...contents.locks, passphrase: lock } }));
  }

  /**
   * Another recovery key opens the ring from now on; the rest is as for `changePassphrase`.
   * @param bits of the new one
   */
  async changeRecoveryKey(bits: Uint8Array): Promise<void> {
    const lock = lockByRecoveryKey(bits, this.#making);
    await this.change((contents) => ({ ...contents, locks: { ...contents.locks, recovery: lock } }));
  }

  /** Keeps a key that opens the ring in the system's keep. */
  async keepIn(keep: SecretKeep): Promise<void> {
    const kept = await lockByKeep(keep, this.#making);
    await this.change((contents) => ({ ...contents, locks: { ...contents.locks, kept } }));
  }

  async removeFrom(keep: SecretKeep): Promise<void> {
    await this.change((contents) => ({ ...contents, locks: { ...contents.locks, kept: null } }));
    await keep.remove(keptName(this.storeId));
  }

  get #making(): LockMaking {
    if (this.#isWiped) throw new HearthlinkError('vault-locked');
    return lockMaking(this.storeId, this.#ringKey, this.#setup);
  }

  /** Overwrites every key in memory. */
  wipe(): void {
    this.#isWiped = true;
    this.#ringKey.fill(0);
    for (const key of this.#dataKeys.values()) key.fill(0);
    this.#dataKeys.clear();
  }

  async #read(): Promise<KeyRingContents> {
    if (this.#isWiped) throw new HearthlinkError('vault-locked');
    const found = await readKeyRing(this.#setup);
    if (!found.isSealedBy(sealKeyOf(this.#ringKey))) throw new HearthlinkError('vault-locked');
    return found.contents;
  }

  async #replace(contents: KeyRingContents): Promise<void> {
    if (this.#isWiped) throw new HearthlinkError('vault-locked');
    await replaceWhole(this.#setup.file, encodeKeyRing(contents, sealKeyOf(this.#ringKey)), this.#setup.files, this.#setup.random);
    this.#contents = contents;
  }

  #takeDataKeys(): void {
    if (this.#isWiped) throw new HearthlinkError('vault-locked');
    const wrapKey = wrapKeyOf(this.#ringKey);
    const ids = new Set(this.#contents.keys.map(({ id }) => id));
    for (const [id, bytes] of this.#dataKeys) {
      if (ids.has(id)) continue;
      bytes.fill(0);
      this.#dataKeys.delete(id);
    }
    for (const { id, wrapped } of this.#contents.keys) {
      if (this.#dataKeys.has(id)) continue;
      const bytes = unwrap(wrapKey, wrapped, purposeOf(this.storeId, id));
      if (bytes === null) throw new HearthlinkError('keys-damaged', { keyId: id });
      this.#dataKeys.set(id, bytes);
    }
    wrapKey.fill(0);
  }
}

/** @throws not-found, keys-damaged, store-newer-schema */
export async function readKeyRing({ file, files }: Pick<KeyRingSetup, 'file' | 'files'>): Promise<FoundKeyRing> {
  const bytes = await readWhole(file, files);
  if (bytes === null) throw new HearthlinkError('not-found', { part: keyRingFile });
  return decodeKeyRing(bytes);
}

/**
 * Opens the ring with a passphrase or a recovery key.
 * @throws vault-refused where it is neither; not-found, keys-damaged, store-newer-schema
 */
export async function unlockKeyRing(setup: KeyRingSetup, typed: string): Promise<KeyRing> {
  const found = await readKeyRing(setup);
  return KeyRing.open(setup, await ringKeyByTyping(found.contents, typed), found);
}

/** Opens the ring with the key in the system's keep; null where there is none that fits. Throws as `unlockKeyRing` does. */
export async function openKeptKeyRing(setup: KeyRingSetup, keep: SecretKeep): Promise<KeyRing | null> {
  const found = await readKeyRing(setup);
  const ringKey = await ringKeyByKeep(found.contents, keep);
  return ringKey === null ? null : KeyRing.open(setup, ringKey, found);
}

function newDataKey(id: number, storeId: string, ringKey: Uint8Array, { random, clock }: KeyRingSetup): KeyRingContents['keys'][number] {
  const [key, wrapKey] = [Buffer.from(random.bytes(keyBytes)), wrapKeyOf(ringKey)];
  const wrapped = wrap(wrapKey, key, purposeOf(storeId, id), random);
  key.fill(0);
  wrapKey.fill(0);
  return { id, madeAt: clock.now(), retiredAt: null, wrapped };
}

function lockMaking(storeId: string, ringKey: Uint8Array, { random, cost = usualCost }: KeyRingSetup): LockMaking {
  return { storeId, ringKey, random, cost };
}

const wrapKeyOf = (ringKey: Uint8Array) => derived(ringKey, 'hearthlink ring 1: wrap');
const sealKeyOf = (ringKey: Uint8Array) => derived(ringKey, 'hearthlink ring 1: seal');

function derived(ringKey: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', ringKey, Buffer.alloc(0), purpose, keyBytes));
}

function purposeOf(storeId: string, keyId: number): string {
  return `hearthlink data key 1:${storeId}:${keyId}`;
}
