import { HearthlinkError } from '../../shared/errors.ts';
import type { Disposable } from '../../shared/events.ts';
import type { Log } from '../../shared/ports.ts';
import type { StoreClient } from '../../store/client.ts';
import { notEncrypted, type StoreKeys } from '../../store/encryption/store-keys.ts';
import type { EncryptionReport } from '../../store/port.ts';
import type { ArchiveKey } from '../archive/archive-cipher.ts';
import type { DataKeys } from './data-keys.ts';
import type { RotatedContent } from './key-rotation.ts';

/** What the store's own encryption needs of the keys. */
export interface StoreDataKeys extends DataKeys {
  /** Copies of all keys of this store's ring, to be overwritten once a worker that starts has them; null while locked. */
  ownKeys(): StoreKeys | null;
  /** Reads what other windows have changed. Nothing happens while locked. */
  refresh(): Promise<void>;
}

export interface StoreEncryptionParts {
  readonly store: Pick<StoreClient, 'status' | 'encrypt' | 'whileStopped' | 'onDidChange'>;
  readonly keys: StoreDataKeys;
  readonly log: Log;
}

/** What a person has done to chats and memories where they lie. */
export type ContentEncryption = Pick<StoreEncryption, 'isEncrypted' | 'encrypt' | 'decrypt'>;

/**
 * The live store under the keys: chats and memories themselves. When the keys are locked the store's worker ends, with all that
 * it has read; when they are open again the next one is started with them.
 */
export class StoreEncryption implements RotatedContent, Disposable {
  readonly #parts: StoreEncryptionParts;
  readonly #subscriptions: readonly Disposable[];
  /** The key that a worker was last started anew for. */
  #triedFor = notEncrypted;

  constructor(parts: StoreEncryptionParts) {
    const { store, keys } = parts;
    this.#parts = parts;
    this.#subscriptions = [
      keys.onDidLock(() => {
        this.#triedFor = notEncrypted;
        this.#inBackground(this.#startAnew());
      }),
      keys.onDidUnlock(() => { this.#inBackground(this.#openIfLocked()); }),
      store.onDidChange(({ status }) => { if (status) this.#inBackground(this.#openIfLocked()); }),
    ];
  }

  async isEncrypted(): Promise<boolean> {
    return (await this.#parts.store.status()).keyId !== notEncrypted;
  }

  /** Puts all that is stored under the key in use. May be asked again where it was interrupted. @throws vault-locked where there is none */
  async encrypt(): Promise<EncryptionReport> {
    const key = this.#parts.keys.currentKey();
    if (key === null) throw new HearthlinkError('vault-locked');
    return this.#putUnder(key.id);
  }

  /** Chats and memories lie open in their folder again. @throws store-locked */
  decrypt(): Promise<EncryptionReport> {
    return this.#putUnder(notEncrypted);
  }

  /**
   * Writing beside, reading back and swapping are one step of the store, which is made again where it was interrupted.
   * @throws what stands in the way where the store cannot be read: it may be under the key that would be retired
   */
  async swap({ id }: ArchiveKey): Promise<void> {
    if ((await this.keyInUse()) !== notEncrypted) await this.#putUnder(id);
  }

  /** @throws what stands in the way where the store cannot be read: it may be under any key then */
  async keyInUse(): Promise<number> {
    const { keyId, state, problem } = await this.#parts.store.status();
    if (keyId !== notEncrypted || state === 'ready' || state === 'read-only') return keyId;
    throw problem === null ? new HearthlinkError('store-stopped') : HearthlinkError.fromData(problem);
  }

  writeBeside(): Promise<void> {
    return Promise.resolve();
  }

  verifyBeside(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** The worker that runs may know of fewer keys. */
  async #putUnder(keyId: number): Promise<EncryptionReport> {
    await this.#startAnew();
    return this.#parts.store.encrypt(keyId);
  }

  /** Where the keys are open and the store is not: it was opened before them, or another window has made a key since. */
  async #openIfLocked(): Promise<void> {
    const { store, keys } = this.#parts;
    const { state, keyId } = await store.status();
    if (state !== 'locked') this.#triedFor = notEncrypted;
    if (state !== 'locked' || keyId === this.#triedFor) return;
    await keys.refresh();
    if (keys.keyOf(keyId) === null) return;
    this.#triedFor = keyId;
    await this.#startAnew();
  }

  #startAnew(): Promise<void> {
    return this.#parts.store.whileStopped(() => Promise.resolve());
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => { this.#parts.log.warn('the store could not follow its keys', { code: HearthlinkError.from(error).code }); });
  }
}
