import type { Database } from 'sql.js';
import { HearthlinkError } from '../../shared/errors.ts';
import { removeUnfinished, type GenerationContent } from '../generation/generation-writer.ts';
import { coversFile, checkedCopyPrefix, randomPart, snapshotFile } from '../generation/names.ts';
import { encodePaper, identityOf } from '../generation/papers.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { ReplicaContent } from './replica-content.ts';

/**
 * The content as it is, in pages that were never used for anything else: what was deleted is in none of them, nor in the
 * index, nor in the kept results of calls.
 */
export async function purgedContent<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  content: ReplicaContent<Schema, Search>,
): Promise<GenerationContent> {
  const copy = setup.openDatabase(content.database.export());
  try {
    setup.content.purged?.(copy, setup.clock.now());
    copy.run('PRAGMA secure_delete = ON; VACUUM;');
    return {
      snapshot: copy.export(),
      calls: content.calls.save({ at: setup.clock.now(), withoutWords: true }),
      index: await content.index.save(),
    };
  } finally {
    copy.close();
  }
}

/** A folder of the store, with a copy of what it held before a migration. */
export interface CheckedCopy {
  readonly folder: string;
}

/**
 * The content brought to this release's schema, after a copy of it as it was has been kept, opened and checked. Whoever
 * asked removes that copy where the migration comes to nothing.
 * @throws HearthlinkError `store-not-migrated` where that cannot be done; the copy is not kept then, nor where anything else fails here
 */
export async function migratedContent<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  content: ReplicaContent<Schema, Search>,
): Promise<GenerationContent & CheckedCopy> {
  const before = content.database.export();
  const calls = content.calls.save({ at: setup.clock.now(), withoutWords: false });
  const index = await content.index.save();
  const { folder, copy } = await keepCheckedCopy(setup, content, before);
  const migrated = setup.openDatabase(copy);
  try {
    migrateDatabase(setup, migrated, content.schemaVersion);
    return { snapshot: migrated.export(), calls, index, folder };
  } catch (error) {
    await removeUnfinished(setup.files, [folder]);
    throw error;
  } finally {
    migrated.close();
  }
}

/** Brings a database to this release's schema. @throws HearthlinkError `store-not-migrated`; the database is of no use then */
export function migrateDatabase<Schema, Search>({ content }: Pick<EngineSetup<Schema, Search>, 'content'>, database: Database, from: number): void {
  try {
    content.migrate(database, from);
    refuseDamaged(database.exec('PRAGMA quick_check'), 'after migration');
  } catch (error) {
    throw new HearthlinkError('store-not-migrated', { found: from, known: content.schemaVersion, detail: HearthlinkError.from(error).message }, error);
  }
}

/** Answers where it is, and its bytes as they were read back. Where it fails, nothing of it stays. */
async function keepCheckedCopy<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  content: ReplicaContent<Schema, Search>,
  snapshot: Uint8Array,
): Promise<CheckedCopy & { readonly copy: Buffer }> {
  const { files, random } = setup;
  const folder = `${checkedCopyPrefix}${setup.content.schemaVersion}-${randomPart(random)}`;
  await files.createFolder(folder);
  try {
    return { folder, copy: await writeCheckedCopy(setup, content, snapshot, folder) };
  } catch (error) {
    await removeUnfinished(files, [folder]);
    throw error;
  }
}

async function writeCheckedCopy<Schema, Search>(
  { files, openDatabase }: EngineSetup<Schema, Search>,
  { storeId, keyId, schemaVersion }: ReplicaContent<Schema, Search>,
  snapshot: Uint8Array,
  folder: string,
): Promise<Buffer> {
  const path = `${folder}/${snapshotFile}`;
  const crc32 = await files.writeFile(path, [snapshot], keyId);
  const covers = {
    ...identityOf(storeId, keyId), kind: 'first', generation: 0, schemaVersion,
    journal: '', offset: 0, sequence: 0, chain: '0'.repeat(32), files: [{ name: snapshotFile, bytes: snapshot.length, crc32 }],
  } as const;
  await files.writeFile(`${folder}/${coversFile}`, [encodePaper({ ...covers, files: [...covers.files] })], keyId);
  await files.flushFolder(folder);
  const copy = files.read(path);
  if (copy === null || !copy.equals(snapshot)) throw new HearthlinkError('store-damaged', { file: path });
  const opened = openDatabase(Buffer.from(copy));
  try {
    refuseDamaged(opened.exec('PRAGMA quick_check'), path);
  } finally {
    opened.close();
  }
  return copy;
}

function refuseDamaged(check: ReturnType<Database['exec']>, file: string): void {
  if (check[0]?.values[0]?.[0] !== 'ok') throw new HearthlinkError('store-damaged', { file });
}
