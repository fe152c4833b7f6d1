import { HearthlinkError } from '../../shared/errors.ts';
import { Emitter, type Disposable, type Event } from '../../shared/events.ts';
import type { Log } from '../../shared/ports.ts';
import type { StoreKeys } from '../../store/encryption/store-keys.ts';
import type { ArchiveKey } from '../archive/archive-cipher.ts';
import { closedRings, type ClosedRing } from './closed-rings.ts';
import { encryptedBackups } from './encrypted-backups.ts';
import { adoptKeys, copyKeys, putAside } from './key-copies.ts';
import { isAged, type KeyRingContents } from './key-ring-contents.ts';
import type { KeyLease } from './key-lease.ts';
import { proposeKeyRing, proposeRecoveryKey, type ProposedKeyRing } from './key-ring-proposal.ts';
import { readKeyRing, type KeyRing } from './key-ring.ts';
import { dropAgedKeys, nothingInUse, rotateKey, type RotatedContent } from './key-rotation.ts';
import type { SecretKeep } from './secret-keep.ts';
import type { StoreDataKeys } from './store-encryption.ts';
import { VaultLock, type VaultEvent, type VaultSetup } from './vault-lock.ts';
import { readVaultState } from './vault-state.ts';
import { vaultStatusOf, type VaultStatus } from './vault-status.ts';

export interface VaultParts extends Omit<VaultSetup, 'onError'> {
  readonly keep: SecretKeep;
  readonly lease: KeyLease;
  /** Makes the folder of the keys where it is not there yet. */
  readonly makeFolder: () => Promise<void>;
  /** Where backups may lie; each gets a copy of the keys. */
  readonly backupFolders: () => readonly string[];
  readonly log: Log;
}

/** What somebody did with the keys. */
export type KeyChange = 'encrypted' | 'stopped' | 'resumed' | 'passphrase' | 'recovery-key' | 'new-key' | 'remembered' | 'not-remembered' | 'adopted' | 'dropped' | 'started-over';

export type KeysEvent = VaultEvent | { readonly type: 'changed'; readonly what: KeyChange };

/**
 * The keys of this store: what opens, locks and changes them, and what is encrypted with them. Several windows share them on the
 * disk; each opens them for itself.
 */
export class Vault implements StoreDataKeys, Disposable {
  readonly #parts: VaultParts;
  readonly #lock: VaultLock;
  readonly #events: Emitter<KeysEvent>;
  readonly #content: () => RotatedContent;
  /** Rings of other stores, which were found beside backups and opened to read them. */
  readonly #guests = new Map<string, KeyRing>();
  #isChanging = false;

  /** @param content what is encrypted and in use, which a new key is for as well */
  constructor(parts: VaultParts, content: () => RotatedContent = () => nothingInUse) {
    this.#parts = parts;
    this.#content = content;
    const onError = (error: unknown): void => { parts.log.warn('the keys could not be looked after', { code: HearthlinkError.from(error).code }); };
    this.#events = new Emitter(onError);
    this.#lock = new VaultLock({ ...parts, onError });
    this.#lock.onEvent((event) => { this.#pass(event); });
  }

  get onEvent(): Event<KeysEvent> {
    return this.#events.event;
  }

  readonly onDidUnlock: Event<void> = (listener) => this.onEvent(({ type }) => { if (type === 'unlocked') listener(); });
  readonly onDidLock: Event<void> = (listener) => this.onEvent(({ type }) => { if (type === 'locked') listener(); });

  currentKey(): ArchiveKey | null {
    if (!this.#lock.isOpen) return null;
    const ring = this.#lock.ringUnused();
    return ring.contents.stoppedAt === null ? ring.activeKey() : null;
  }

  readonly keyOf = (keyId: number, ringId?: string): Uint8Array | null => {
    const own = this.#lock.isOpen ? this.#lock.ringUnused().keyOf(keyId, ringId) : null;
    return own ?? this.#guests.get(ringId ?? '')?.keyOf(keyId, ringId) ?? null;
  };

  ownKeys(): StoreKeys | null {
    if (!this.#lock.isOpen) return null;
    const ring = this.#lock.ringUnused();
    return { ringId: ring.storeId, keys: ring.contents.keys.map(({ id }) => ({ id, bytes: Uint8Array.from(ring.key(id).bytes) })) };
  }

  async refresh(): Promise<void> {
    if (this.#lock.isOpen) await this.#lock.ringUnused().refresh();
  }

  /** Where the system keeps a key and nobody locked it, opens with that; what other windows have done since is taken over. */
  async start(): Promise<void> {
    if (this.#lock.isOpen) return this.#lock.lookElsewhere();
    if ((await this.#found()) !== null) await this.#lock.openAtStart();
  }

  async status(): Promise<VaultStatus> {
    const found = await this.#startAndFind();
    const state = await readVaultState(this.#parts);
    return vaultStatusOf({ found, state, isOpen: this.#lock.isOpen, now: this.#parts.clock.now() });
  }

  /**
   * What a backup is to be encrypted with, once a copy of the keys lies in the folder it goes to. Null where nothing is encrypted.
   * @throws vault-locked, keys-damaged; store-full and the like
   */
  async keyForWriting(folder: string): Promise<ArchiveKey | null> {
    const contents = await this.#found();
    if (contents === null || contents.stoppedAt !== null) return null;
    await this.start();
    const ring = this.#lock.ringUnused();
    await copyKeys(ring, this.#parts, folder);
    await this.#copyEverywhere();
    return ring.activeKey();
  }

  /** Whether what is new is encrypted, and cannot be now. */
  async isWaiting(): Promise<boolean> {
    const { encryption, isLocked } = await this.status();
    return encryption === 'damaged' || (encryption === 'on' && isLocked);
  }

  /** Something of what the keys open is in use. */
  touch(): void {
    this.#lock.touch();
  }

  /** Overwrites all keys at once; returns when it is kept on the disk that only typing opens them. */
  async lock(): Promise<void> {
    await this.#lock.lock();
  }

  /** @param typed the passphrase or the recovery key. Throws as `VaultLock.unlock` does. */
  async unlock(typed: string): Promise<void> {
    await this.#parts.makeFolder();
    await this.#lock.unlock(typed);
    const { rotation } = this.#lock.ringUnused().contents;
    if (rotation !== null) await this.#laterUnlessNow(() => this.makeNewKey());
  }

  /** What cannot be read of the backups, by the rings that it would take. */
  closedRings(): Promise<readonly ClosedRing[]> {
    return closedRings(this, this.#parts);
  }

  /**
   * Opens the ring of another store, or of this one before its disk was lost, by a copy beside backups. Where there are no keys here yet,
   * or they are damaged, it becomes this store's, and what is new is under a key of its own. Throws as `unlock` does.
   */
  async unlockCopy(typed: string, copy: string): Promise<void> {
    await this.#parts.makeFolder();
    const ring = await this.#lock.open(typed, copy);
    if (await this.#hasKeys()) {
      this.#guests.get(ring.storeId)?.wipe();
      this.#guests.set(ring.storeId, ring);
      this.#events.fire({ type: 'unlocked' });
      return;
    }
    ring.wipe();
    await this.#alone(() => adoptKeys(this.#parts, copy));
    await this.#lock.unlock(typed);
    await this.#change('adopted', async (adopted) => {
      await adopted.skipIds();
      await this.#laterUnlessNow(() => rotateKey(adopted, this.#content(), this.#parts.clock));
    });
  }

  /** Drops keys that were retired long ago, once neither what is in use nor a backup is under them in any folder, all of which have to be there. */
  async dropAgedKeys(): Promise<void> {
    const { clock, backupFolders, files, log } = this.#parts;
    if (!this.#lock.isOpen || !this.#lock.ringUnused().contents.keys.some((key) => isAged(key, clock.now()))) return;
    const { backups, isComplete } = await encryptedBackups(backupFolders(), files, log);
    if (!isComplete) return;
    const inUse = new Set([...backups.map(({ keyId }) => keyId), await this.#content().keyInUse()]);
    await this.#change('dropped', async (ring) => { await dropAgedKeys(ring, inUse, clock); });
  }

  /** Passes where somebody knows what opens the keys; changes nothing. Throws as `unlock` does. */
  async check(typed: string): Promise<void> {
    (await this.#lock.open(typed, this.#parts.file)).wipe();
  }

  /** Begins encryption; counts once the recovery key has come back. @throws passphrase-weak; on confirming, conflict where there are keys by now */
  async propose(passphrase: string): Promise<ProposedKeyRing<void>> {
    const ringId = Buffer.from(this.#parts.random.bytes(16)).toString('hex');
    const proposed = await proposeKeyRing(this.#parts, ringId, passphrase);
    return {
      recoveryKey: proposed.recoveryKey,
      confirmRecoveryKey: async (typed) => {
        await this.#alone(async () => {
          if ((await this.#found()) !== null) throw new HearthlinkError('conflict');
          await this.#lock.adopt(await proposed.confirmRecoveryKey(typed));
        });
        await this.#tell('encrypted');
      },
    };
  }

  /** @throws passphrase-weak, vault-locked */
  async changePassphrase(passphrase: string): Promise<void> {
    await this.#change('passphrase', (ring) => ring.changePassphrase(passphrase));
  }

  /** Another recovery key, which counts once it has come back. */
  proposeRecoveryKey(): ProposedKeyRing<void> {
    const proposed = proposeRecoveryKey(this.#parts, this.#lock.ring());
    return { ...proposed, confirmRecoveryKey: (typed) => this.#change('recovery-key', async () => { await proposed.confirmRecoveryKey(typed); }) };
  }

  /** Puts a new data key in the place of the one in use, or goes on with that where it was interrupted. */
  async makeNewKey(): Promise<void> {
    await this.#change('new-key', (ring) => rotateKey(ring, this.#content(), this.#parts.clock));
  }

  /** Has the system keep a key, so that nobody has to type at a start. */
  async remember(): Promise<void> {
    await this.#change('remembered', (ring) => ring.keepIn(this.#parts.keep));
  }

  async stopRemembering(): Promise<void> {
    await this.#change('not-remembered', (ring) => ring.removeFrom(this.#parts.keep));
  }

  /** Nothing new is encrypted from now on. The keys stay, since what was encrypted stays so. */
  async stopEncrypting(): Promise<void> {
    const at = this.#parts.clock.now();
    await this.#change('stopped', (ring) => ring.change((contents) => ({ ...contents, stoppedAt: contents.stoppedAt ?? at })));
  }

  /** What is new is encrypted again, with the keys there are. */
  async resumeEncrypting(): Promise<void> {
    await this.#change('resumed', (ring) => ring.change((contents) => ({ ...contents, stoppedAt: null })));
  }

  /**
   * Leaves keys that nobody can open any more: what is new is not encrypted, as if there had never been any. Their file is put aside and
   * its copies stay beside the backups, so that older ones still open for whoever finds what opens them.
   * @throws store-locked while chats and memories themselves are under a key; they could never be read again
   */
  async startOver(): Promise<void> {
    if ((await this.#content().keyInUse()) !== 0) throw new HearthlinkError('store-locked');
    await this.#alone(async () => {
      await putAside(this.#parts);
      await this.#lock.abandon();
    });
    this.#events.fire({ type: 'changed', what: 'started-over' });
  }

  /** Everything on the disk was erased, and with it the keys: they leave memory too. */
  async forgetErased(): Promise<void> {
    await this.#lock.lookElsewhere();
  }

  /** The window closes: keys leave memory, and nothing is locked for others. */
  dispose(): void {
    this.#wipeGuests();
    this.#lock.dispose();
    this.#events.dispose();
  }

  /** Null where there are no keys and never were: nothing is written openly because their file was lost. @throws keys-damaged, store-newer-schema */
  async #found(): Promise<KeyRingContents | null> {
    try {
      return (await readKeyRing(this.#parts)).contents;
    } catch (error) {
      if (!HearthlinkError.is(error, 'not-found')) throw error;
      if ((await readVaultState(this.#parts)).hasKeys) throw new HearthlinkError('keys-damaged', {}, error);
      return null;
    }
  }

  /** False also where they were damaged: what is left of them is put aside then. */
  async #hasKeys(): Promise<boolean> {
    try {
      return (await this.#found()) !== null;
    } catch (error) {
      if (!HearthlinkError.is(error, 'keys-damaged')) throw error;
      await putAside(this.#parts);
      return false;
    }
  }

  async #startAndFind(): Promise<KeyRingContents | 'none' | 'damaged'> {
    try {
      await this.start();
      return (await this.#found()) ?? 'none';
    } catch (error) {
      if (HearthlinkError.is(error, 'keys-damaged', 'store-newer-schema')) return 'damaged';
      throw error;
    }
  }

  /** A new key that cannot be made now does not refuse what opened the keys: it goes on with the next unlocking. */
  async #laterUnlessNow(makeKey: () => Promise<void>): Promise<void> {
    try {
      await makeKey();
    } catch (error) {
      if (this.#lock.ringUnused().contents.rotation === null) throw error; // it was not begun, and nobody would go on with it
      this.#parts.log.warn('a new key waits for the next unlock', { code: HearthlinkError.from(error).code });
    }
  }

  async #change(what: KeyChange, change: (ring: KeyRing) => Promise<void>): Promise<void> {
    await this.#alone(async () => {
      const ring = this.#lock.ringUnused();
      await ring.refresh();
      await change(ring);
    });
    await this.#tell(what);
  }

  async #alone(change: () => Promise<void>): Promise<void> {
    const { lease, makeFolder } = this.#parts;
    if (this.#isChanging) throw new HearthlinkError('backup-busy');
    this.#isChanging = true;
    try {
      await makeFolder();
      if (!(await lease.take())) throw new HearthlinkError('backup-busy');
      try {
        await change();
      } finally {
        await lease.release();
      }
    } finally {
      this.#isChanging = false;
    }
  }

  async #tell(what: KeyChange): Promise<void> {
    await this.#copyEverywhere();
    this.#events.fire({ type: 'changed', what });
  }

  /** A folder that is not there now gets its copy with the next backup. */
  async #copyEverywhere(): Promise<void> {
    for (const folder of this.#parts.backupFolders()) {
      try {
        await copyKeys(this.#lock.ringUnused(), this.#parts, folder);
      } catch (error) {
        this.#parts.log.info('a backup folder has no copy of the keys yet', { code: HearthlinkError.from(error).code });
      }
    }
  }

  #pass(event: VaultEvent): void {
    if (event.type === 'locked') this.#wipeGuests();
    this.#events.fire(event);
  }

  #wipeGuests(): void {
    for (const ring of this.#guests.values()) ring.wipe();
    this.#guests.clear();
  }
}
