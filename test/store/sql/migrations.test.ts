import assert from 'node:assert/strict';

import type { RandomSource } from '../../../src/shared/ports.ts';
import { migrate, schemaVersion } from '../../../src/store/sql/migrations.ts';
import { sqlJs } from './support/in-process-store.ts';

const random: RandomSource = { bytes: (length) => new Uint8Array(length).fill(7) };

function migrated() {
  const database = new sqlJs.Database();
  migrate(database, 0, random);
  return database;
}

describe('migrations', () => {
  it('bring an empty database to the newest version, which stands in the file', () => {
    assert.deepEqual(migrated().exec('PRAGMA user_version')[0]?.values, [[schemaVersion]]);
  });

  it('leave a database of the newest version as it is', () => {
    const database = migrated();
    migrate(database, schemaVersion, random);
    assert.deepEqual(database.exec('SELECT count(*) FROM store_secret')[0]?.values, [[1]]);
  });

  it('refuse a database of a newer release', () => {
    assert.throws(() => { migrate(new sqlJs.Database(), schemaVersion + 1, random); }, {
      code: 'store-newer-schema',
      parameters: { found: schemaVersion + 1, known: schemaVersion },
    });
  });

  it('make tables that are strict and have keys of their own', () => {
    const database = migrated();
    const tables = database.exec('SELECT name, strict, wr FROM pragma_table_list WHERE schema = \'main\' AND name NOT LIKE \'sqlite_%\'')[0]?.values ?? [];
    assert.equal(tables.length, 19);
    for (const [name, strict, withoutRowid] of tables) {
      assert.equal(strict, 1, `${String(name)} is strict`);
      const keys = database.exec(`SELECT type FROM pragma_table_info('${String(name)}') WHERE pk > 0`)[0]?.values ?? [];
      const hasOwnNumber = keys.length === 1 && keys[0]?.[0] === 'INTEGER';
      assert.ok(withoutRowid === 1 || hasOwnNumber, `${String(name)} has no hidden row numbers`);
    }
  });
});
