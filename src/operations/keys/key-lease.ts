/** Excludes other windows while the file of keys is changed. */
export interface KeyLease {
  take(): Promise<boolean>;
  release(): Promise<void>;
}
