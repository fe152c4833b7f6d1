import { HearthlinkError } from '../../shared/errors.ts';
import { Emitter } from '../../shared/events.ts';
import { OneAtATime } from '../../shared/one-at-a-time.ts';
import type { Timers } from '../../shared/ports.ts';
import { IdleWatch } from './idle-watch.ts';
import { openKeptKeyRing, unlockKeyRing, type KeyRing, type KeyRingSetup } from './key-ring.ts';
import type { SecretKeep } from './secret-keep.ts';
import { readLastUse, readVaultState, writeLastUse, writeVaultState, type VaultState } from './vault-state.ts';

export interface VaultSetup extends KeyRingSetup {
  /** The absolute path of the file `VAULT`. */
  readonly stateFile: string;
  readonly timers: Timers;
  /** Null where the reader wants to type at every start. */
  readonly keep: SecretKeep | null;
  /** After how many minutes without use it locks; 0: never by itself. */
  readonly idleMinutes: () => number;
  /** Told of what went wrong where nobody waits for it. */
  readonly onError: (error: unknown) => void;
}

export type VaultEvent =
  | { readonly type: 'unlocked' }
  /** Whatever was read with the keys is to leave memory and every view now. */
  | { readonly type: 'locked'; readonly by: 'command' | 'idle' | 'elsewhere' }
  /** It locks soon unless something is used. */
  | { readonly type: 'locks-soon'; readonly minutesLeft: number }
  /** Somebody typed what does not open it. */
  | { readonly type: 'refused'; readonly triesLeft: number };

const mostWrongTries = 5;
const closedMs = 15 * 60_000;
const minuteMs = 60_000;
/** What other windows do is seen as soon as they write, where that is told, and otherwise after this long. */
const lookElsewhereMs = 15_000;

/**
 * Keeps the keys of a store while it is unlocked. Locks by command, after idle time in all windows, and when another window locks;
 * opens again by passphrase or recovery key alone. Several wrong ones close it for a while. All of this is kept on disk, so
 * that neither a reload nor another window is a way around it.
 */
export class VaultLock {
  readonly #setup: VaultSetup;
  readonly #events: Emitter<VaultEvent>;
  #ring: KeyRing | null = null;
  #idle: IdleWatch | null = null;
  #writtenUse = 0;
  readonly #tries = new OneAtATime();
  readonly #writes = new OneAtATime();
  #cancelLook: () => void = () => undefined;

  constructor(setup: VaultSetup) {
    this.#setup = setup;
    this.#events = new Emitter(setup.onError);
  }

  get onEvent(): Emitter<VaultEvent>['event'] {
    return this.#events.event;
  }

  get isOpen(): boolean {
    return this.#ring !== null;
  }

  /** The keys; asking for them counts as use. Not to be kept: they are overwritten when it locks. @throws vault-locked */
  ring(): KeyRing {
    this.touch();
    return this.ringUnused();
  }

  /** The keys, for what goes on by itself and keeps nothing unlocked: schedules, and readers of what is shown. @throws vault-locked */
  ringUnused(): KeyRing {
    if (this.#ring === null) throw new HearthlinkError('vault-locked');
    return this.#ring;
  }

  /** At start: opens with the system's key where there is one and nobody locked it. Answers whether it is open. */
  async openAtStart(): Promise<boolean> {
    const { keep } = this.#setup;
    const { locked } = await readVaultState(this.#setup);
    if (keep === null || locked || this.isOpen) return this.isOpen;
    const ring = await openKeptKeyRing(this.#setup, keep);
    if (ring !== null) this.#open(ring);
    return this.isOpen;
  }

  /** Takes over a ring that was just made. */
  async adopt(ring: KeyRing): Promise<void> {
    await this.#write({ locked: false, wrong: 0, closedUntil: 0, hasKeys: true });
    this.#open(ring);
  }

  /**
   * Opens with what somebody typed: the passphrase or the recovery key.
   * @throws vault-refused (`triesLeft`), vault-closed (`minutes`), keys-damaged, not-found
   */
  async unlock(typed: string): Promise<void> {
    const ring = await this.open(typed, this.#setup.file);
    await this.#write({ locked: false, hasKeys: true });
    this.#open(ring);
  }

  /**
   * Opens a ring with what somebody typed, and leaves the vault as it is: one beside backups, or its own, to see whether they know what
   * opens it. A wrong try counts as any other. The caller wipes it. Throws as `unlock` does.
   * @param file of the ring, absolute
   */
  open(typed: string, file: string): Promise<KeyRing> {
    return this.#tries.run(() => this.#try(typed, file));
  }

  /** Overwrites the keys at once; returns when that is kept, so that a restart does not open it either. */
  async lock(by: 'command' | 'idle' = 'command'): Promise<void> {
    this.#close(by);
    await this.#write({ locked: true });
  }

  /** The keys were put aside: from now on it is as if there had never been any. */
  async abandon(): Promise<void> {
    this.#close('command');
    await this.#write({ locked: false, wrong: 0, closedUntil: 0, hasKeys: false });
  }

  /** Something of what the keys open is in use. */
  touch(): void {
    if (this.#idle?.touch() !== true) return;
    const now = this.#setup.clock.now();
    if (now - this.#writtenUse < minuteMs) return;
    this.#writtenUse = now;
    this.#inBackground(writeLastUse(now, this.#setup));
  }

  /** Takes over what other windows did: where one locked, or made other keys, this one locks; a key that one added is known from now on. */
  async lookElsewhere(): Promise<void> {
    if (!this.isOpen) return;
    if ((await readVaultState(this.#setup)).locked) this.#close('elsewhere');
    try {
      await this.#ring?.refresh();
    } catch (error) {
      if (!HearthlinkError.is(error, 'vault-locked', 'not-found')) throw error;
      this.#close('elsewhere');
    }
  }

  /** The window closes: keys leave memory, and nothing is locked for others. */
  dispose(): void {
    this.#forget();
    this.#events.dispose();
  }

  async #try(typed: string, file: string): Promise<KeyRing> {
    const now = this.#setup.clock.now();
    const state = await readVaultState(this.#setup);
    if (state.closedUntil > now) {
      // A clock that was set back must not close it for longer.
      const leftMs = Math.min(state.closedUntil - now, closedMs);
      if (state.closedUntil - now > closedMs) await this.#write({ closedUntil: now + closedMs });
      throw new HearthlinkError('vault-closed', { minutes: Math.ceil(leftMs / minuteMs) });
    }
    const wrong = (state.closedUntil > 0 ? 0 : state.wrong) + 1;
    const isLast = wrong >= mostWrongTries;
    // Counted before it is known to be wrong: ending the process in between does not save the try.
    await this.#write({ wrong, closedUntil: isLast ? now + closedMs : 0 });
    const ring = await this.#ringFor(typed, file, mostWrongTries - wrong);
    await this.#write({ wrong: 0, closedUntil: 0 });
    return ring;
  }

  async #ringFor(typed: string, file: string, triesLeft: number): Promise<KeyRing> {
    try {
      return await unlockKeyRing({ ...this.#setup, file }, typed);
    } catch (error) {
      if (!HearthlinkError.is(error, 'vault-refused')) throw error;
      this.#events.fire({ type: 'refused', triesLeft });
      if (triesLeft > 0) throw new HearthlinkError('vault-refused', { triesLeft }, error);
      throw new HearthlinkError('vault-closed', { minutes: closedMs / minuteMs }, error);
    }
  }

  #open(ring: KeyRing): void {
    this.#forget();
    this.#ring = ring;
    this.#writtenUse = this.#setup.clock.now();
    this.#idle = new IdleWatch({
      ...this.#setup,
      usedElsewhereAt: () => this.#usedElsewhereAt(),
      onSoon: (minutesLeft) => { this.#events.fire({ type: 'locks-soon', minutesLeft }); },
      onIdle: () => { this.#inBackground(this.lock('idle')); },
    });
    this.#lookAgain();
    this.#events.fire({ type: 'unlocked' });
  }

  #close(by: 'command' | 'idle' | 'elsewhere'): void {
    const wasOpen = this.isOpen;
    this.#forget();
    if (wasOpen) this.#events.fire({ type: 'locked', by });
  }

  #forget(): void {
    this.#idle?.dispose();
    this.#idle = null;
    this.#cancelLook();
    this.#ring?.wipe();
    this.#ring = null;
  }

  #lookAgain(): void {
    this.#cancelLook = this.#setup.timers.after(lookElsewhereMs, () => {
      this.#inBackground(this.lookElsewhere().finally(() => {
        if (this.isOpen) this.#lookAgain();
      }));
    });
  }

  /** Where it cannot be read, nobody is taken to have used it. */
  async #usedElsewhereAt(): Promise<number> {
    try {
      return await readLastUse(this.#setup);
    } catch (error) {
      this.#setup.onError(error);
      return 0;
    }
  }

  #write(changed: Partial<VaultState>): Promise<void> {
    return this.#writes.run(async () => {
      await writeVaultState({ ...await readVaultState(this.#setup), ...changed }, this.#setup);
    });
  }

  #inBackground(work: Promise<void>): void {
    work.catch(this.#setup.onError);
  }
}
