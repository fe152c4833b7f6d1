import { HearthlinkError } from '../../shared/errors.ts';

/** The data keys of a store, as they are given to whoever opens it. Where they come from is not the store's concern. */
export interface StoreKeys {
  /** The ring that has them, by the id of its store: 32 hexadecimal digits. */
  readonly ringId: string;
  readonly keys: readonly StoreKey[];
}

export interface StoreKey {
  /** From 1 on; each file that is encrypted says it. */
  readonly id: number;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/** With these, what is encrypted is locked. */
export const noKeys: StoreKeys = { ringId: '0'.repeat(32), keys: [] };

/** The key id of what is not encrypted. */
export const notEncrypted = 0;

/** @throws HearthlinkError `store-locked` where it is not among them */
export function keyOf({ keys }: StoreKeys, keyId: number): StoreKey {
  const key = keys.find(({ id }) => id === keyId);
  if (key === undefined) throw new HearthlinkError('store-locked', { keyId });
  return key;
}
