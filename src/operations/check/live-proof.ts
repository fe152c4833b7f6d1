import { HearthlinkError } from '../../shared/errors.ts';
import type { BackupRepository, ContentSummary } from '../../store/backup-port.ts';

export interface CheckProgress {
  /** Bytes that were read since the last time. */
  advance(bytes: number): void;
  /** @throws HearthlinkError `cancelled` */
  throwIfStopped(): void;
}

/**
 * Proves the live store as backups are proved: all of its bytes are read and compared with their checksums, put together in a scratch
 * place from the newest generation and every record since, along their chain, and the rows that come out are checked and compared
 * with those of the store. The store answers meanwhile. Answers what came out, counted row by row.
 * @throws HearthlinkError `store-damaged`, `archive-damaged` with what is not as it was written; `cancelled`
 */
export async function proveLiveStore(backup: BackupRepository, progress: CheckProgress): Promise<ContentSummary> {
  const { frozen, parts, position, summary } = await backup.freeze();
  try {
    const scratch = await backup.scratchBegin();
    try {
      for (const { name: part } of parts) {
        for (let bytes = await backup.readPart({ frozen, part }); bytes !== null; bytes = await backup.readPart({ frozen, part })) {
          progress.throwIfStopped();
          progress.advance(bytes.length);
          await backup.scratchPut({ scratch, part, bytes });
        }
      }
      progress.throwIfStopped();
      const loaded = await backup.scratchLoad({ scratch, until: null, expected: { chain: position.chain, summary } });
      return loaded.summary;
    } finally {
      await backup.scratchDrop(scratch);
    }
  } finally {
    await backup.release(frozen);
  }
}

/** Stops where a signal says so. */
export function progressOf(signal: AbortSignal, onBytes: (bytes: number) => void): CheckProgress {
  let done = 0;
  return {
    advance: (bytes) => {
      done += bytes;
      onBytes(done);
    },
    throwIfStopped: () => {
      if (signal.aborted) throw new HearthlinkError('cancelled');
    },
  };
}
