import type { Database } from 'sql.js';
import { HearthlinkError } from '../../shared/errors.ts';
import type { GenerationContent } from '../generation/generation-writer.ts';
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

/**
 * The content brought to this release's schema, after a copy of it as it was has been kept, opened and checked.
 * @throws HearthlinkError `store-not-migrated` where that cannot be done; the copy is not kept then
 */
export async function migratedContent<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  content: ReplicaContent<Schema, Search>,
): Promise<GenerationContent> {
  const before = content.database.export();
  const calls = content.calls.save({ at: setup.clock.now(), withoutWords: false });
  const index = await content.index.save();
  const { folder, copy } = await keepCheckedCopy(setup, content, before);
  const migrated = setup.openDatabase(copy);
  try {
    migrateDatabase(setup, migrated, content.schemaVersion);
    return { snapshot: migrated.export(), calls, index };
  } catch (error) {
    await setup.files.remove(folder);
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

/** Answers where it is, and its bytes as they were read back. */
async function keepCheckedCopy<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  content: ReplicaContent<Schema, Search>,
  snapshot: Uint8Array,
): Promise<{ readonly folder: string; readonly copy: Buffer }> {
  const { files, random } = setup;
  const folder = `${checkedCopyPrefix}${setup.content.schemaVersion}-${randomPart(random)}`;
  await files.createFolder(folder);
  const path = `${folder}/${snapshotFile}`;
  const crc32 = await files.writeFile(path, [snapshot], content.keyId);
  const covers = {
    ...identityOf(content.storeId, content.keyId), kind: 'first', generation: 0, schemaVersion: content.schemaVersion,
    journal: '', offset: 0, sequence: 0, chain: '0'.repeat(32), files: [{ name: snapshotFile, bytes: snapshot.length, crc32 }],
  } as const;
  await files.writeFile(`${folder}/${coversFile}`, [encodePaper({ ...covers, files: [...covers.files] })], content.keyId);
  await files.flushFolder(folder);
  const copy = files.read(path);
  if (copy === null || !copy.equals(snapshot)) throw new HearthlinkError('store-damaged', { file: path });
  const opened = setup.openDatabase(Buffer.from(copy));
  try {
    refuseDamaged(opened.exec('PRAGMA quick_check'), path);
  } finally {
    opened.close();
  }
  return { folder, copy };
}

function refuseDamaged(check: ReturnType<Database['exec']>, file: string): void {
  if (check[0]?.values[0]?.[0] !== 'ok') throw new HearthlinkError('store-damaged', { file });
}
