/** What is being done with backups in this window; `idle` most of the time. */
export type BackupActivity =
  | { readonly type: 'idle' }
  /** `id` is that of the backup it is about; null while it has none. `total` is null where it cannot be told beforehand. */
  | { readonly type: 'starting' | 'writing' | 'proving' | 'restoring'; readonly id: string | null; readonly startedAt: number; readonly done: number; readonly total: number | null };

/** Says how far a step is, and stops it where it can be stopped. */
export interface StepProgress {
  /** Bytes more. @throws HearthlinkError `cancelled` */
  advance(bytes: number): Promise<void>;
}

/** Passes pieces on and counts them. */
export async function* counted(pieces: AsyncIterable<Uint8Array>, progress: StepProgress): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    await progress.advance(piece.length);
    yield piece;
  }
}
