import type { ArchiveFiles } from '../../../../src/operations/archive/archive-files.ts';
import { writeArchive, type ArchiveWriting, type PartSource, type WrittenArchive } from '../../../../src/operations/archive/archive-writer.ts';
import type { ManifestHead } from '../../../../src/operations/archive/manifest.ts';
import type { RandomSource } from '../../../../src/shared/ports.ts';

/** A generator of the same bytes in every run. */
export function seededRandom(seed = 1): RandomSource {
  let state = seed;
  return {
    bytes: (length) => Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    }),
  };
}

export const dataKey = Buffer.alloc(32, 7);
export const ringId = 'cd'.repeat(16);

export const position = {
  journal: 'journal-3-0123456789abcdef.log',
  offset: 4096,
  sequence: 17,
  chain: '00112233445566778899aabbccddeeff',
  at: Date.UTC(2026, 10, 21, 9),
};

export function sampleHead(changed: Partial<ManifestHead> = {}): ManifestHead {
  return {
    id: '01jd0000000000000000000001',
    kind: 'full',
    storeId: 'ab'.repeat(16),
    madeAt: Date.UTC(2026, 10, 21, 10),
    by: 'hand',
    base: null,
    from: null,
    to: position,
    schemaVersion: 4,
    extensionVersion: '0.1.0',
    counts: { sessions: 2, messages: 12 },
    newest: { message: Date.UTC(2026, 10, 21, 9) },
    blobs: [],
    ...changed,
  };
}

export const sampleParts: readonly PartSource[] = [
  { name: 'snapshot.sqlite', content: [Buffer.from('Gull is blue. '.repeat(20))] },
  { name: 'calls.bin', content: [] },
  { name: 'settings.json', content: [Buffer.from('{}')] },
];

export interface Sample {
  readonly files: ArchiveFiles;
  readonly parts?: Iterable<PartSource> | AsyncIterable<PartSource>;
  readonly head?: ManifestHead;
  readonly encrypted?: boolean;
  readonly codec?: ArchiveWriting['codec'];
  readonly name?: string;
}

export const sampleName = '/backups/one.hearthlink';

/** Writes a backup with a few small parts, or those of the test. */
export function writeSample({ files, parts = sampleParts, head = sampleHead(), encrypted = false, codec, name = sampleName }: Sample): Promise<WrittenArchive> {
  return writeArchive(name, parts, () => head, {
    files,
    random: seededRandom(),
    key: encrypted ? { id: 1, ringId, bytes: dataKey } : null,
    ...(codec !== undefined && { codec }),
  });
}
