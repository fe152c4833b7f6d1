import assert from 'node:assert/strict';
import { Kysely, sql } from 'kysely';
import fc from 'fast-check';

import { SqlJsDialect } from '../../../src/store/sql/dialect.ts';
import { forbidNondeterminism } from '../../../src/store/sql/determinism.ts';
import { StatementCache } from '../../../src/store/sql/statement-cache.ts';
import type { SqlParameter } from '../../../src/store/methods-contract.ts';
import { sqlJs } from './support/in-process-store.ts';

interface NoteSchema {
  note: { id: number; text: string; size: number | null; bytes: Uint8Array | null };
}

interface Written {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

function openNotes() {
  const database = new sqlJs.Database();
  forbidNondeterminism(database);
  database.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, size REAL, bytes BLOB) STRICT');
  const written: Written[] = [];
  const db = new Kysely<NoteSchema>({
    dialect: new SqlJsDialect({
      statements: new StatementCache(database),
      write: (statement, parameters, run) => {
        const result = run();
        written.push({ sql: statement, parameters });
        return result;
      },
    }),
  });
  return { database, db, written };
}

describe('Kysely on sql.js', () => {
  it('tells every statement that writes, as it must be repeated, and no other', async () => {
    const { db, written } = openNotes();
    await db.insertInto('note').values({ id: 1, text: 'a', size: null, bytes: null }).execute();
    await db.selectFrom('note').selectAll().execute();
    const returned = await db.updateTable('note').set({ text: 'b' }).where('id', '=', 1).returning('text').execute();
    await sql`select 1`.execute(db);
    await sql`delete from note`.execute(db);
    assert.deepEqual(returned, [{ text: 'b' }]);
    assert.deepEqual(written.map((statement) => statement.sql.split(' ')[0]), ['insert', 'update', 'delete']);
    assert.deepEqual(written[0]?.parameters, [1, 'a', null, null]);
  });

  it('does not tell a statement that failed', async () => {
    const { db, written } = openNotes();
    await assert.rejects(db.insertInto('note').values({ id: 1, text: sql`null`, size: null, bytes: null }).execute(), /NOT NULL/);
    assert.deepEqual(written, []);
  });

  it('says how many rows a write has changed', async () => {
    const { db } = openNotes();
    for (const id of [1, 2, 3]) await db.insertInto('note').values({ id, text: 'x', size: null, bytes: null }).execute();
    const updated = await db.updateTable('note').set({ text: 'y' }).where('id', '>', 1).executeTakeFirst();
    assert.equal(updated.numUpdatedRows, 2n);
    const none = await db.deleteFrom('note').where('id', '=', 9).executeTakeFirst();
    assert.equal(none.numDeletedRows, 0n);
  });

  it('binds long texts as bytes, and reads every value back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.oneof(fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true })),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        async (text, size, bytes) => {
          const { database, db, written } = openNotes();
          const stored = text.replaceAll('\0', '\uFFFD');
          await db.insertInto('note').values({ id: 7, text, size, bytes }).execute();
          const row = await db.selectFrom('note').selectAll().executeTakeFirstOrThrow();
          assert.deepEqual({ ...row, size: row.size === 0 ? 0 : row.size }, { id: 7, text: stored, size: size === 0 ? 0 : size, bytes });
          assert.equal(written[0]?.parameters[1] instanceof Uint8Array, text.length > 128);
          assert.deepEqual(await db.selectFrom('note').select('id').where('text', '=', text).execute(), [{ id: 7 }]);
          database.close();
        },
      ),
    );
  });

  it('writes the same row that a replica makes of what was told', async () => {
    const { db, database, written } = openNotes();
    const text = `${'ä🦡'.repeat(100)}\uD83E`;
    await db.insertInto('note').values({ id: 1, text, size: 2 ** 40, bytes: null }).execute();
    await db.updateTable('note').set((of) => ({ text: of('text', '||', '\uDC00\0') })).execute();
    const replica = openNotes().database;
    for (const { sql: statement, parameters } of written) replica.run(statement, [...parameters]);
    assert.deepEqual(replica.exec('SELECT id, CAST(text AS BLOB), size FROM note'), database.exec('SELECT id, CAST(text AS BLOB), size FROM note'));
  });

  it('refuses what cannot be stored, and transactions, which belong to the engine', async () => {
    const { db } = openNotes();
    await assert.rejects(db.insertInto('note').values({ id: Number.NaN, text: '', size: null, bytes: null }).execute(), { code: 'internal' });
    await assert.rejects(db.transaction().execute(() => Promise.resolve()), { code: 'internal' });
  });

  it('has its answer before anything else gets a turn', async () => {
    const { db } = openNotes();
    let turns = 0;
    const immediate = setImmediate(() => turns++);
    for (let id = 0; id < 20; id++) await db.insertInto('note').values({ id, text: 'x', size: null, bytes: null }).execute();
    clearImmediate(immediate);
    assert.equal(turns, 0);
  });

  it('leaves no statement open, so that the database can be exported', async () => {
    const { db, database } = openNotes();
    await db.insertInto('note').values({ id: 1, text: 'kept', size: null, bytes: null }).execute();
    await db.selectFrom('note').selectAll().limit(1).execute();
    const copy = new sqlJs.Database(database.export());
    assert.deepEqual(copy.exec('SELECT text FROM note')[0]?.values, [['kept']]);
    assert.equal((await db.selectFrom('note').selectAll().execute()).length, 1, 'prepared statements still work');
  });

  it('frees the statements that were not used for longest', async () => {
    const { db } = openNotes();
    for (let i = 0; i < 900; i++) await sql`select ${sql.lit(i)} as n`.execute(db);
    assert.deepEqual((await sql`select 0 as n`.execute(db)).rows, [{ n: 0 }]);
  });
});

describe('what is not deterministic', () => {
  const calls = [
    'random()',
    'randomblob(4)',
    "date('now')",
    "time('now')",
    "datetime('now')",
    'julianday()',
    "strftime('%s')",
    'unixepoch()',
    'current_date',
    'current_time',
    'current_timestamp',
    'last_insert_rowid()',
    'changes()',
    'total_changes()',
  ];
  for (const call of calls) {
    it(`is refused: ${call}`, () => {
      const { database } = openNotes();
      assert.throws(() => database.exec(`SELECT ${call}`), /differs between replicas/);
    });
  }

  it('is refused as a default of a column, too', () => {
    const { database } = openNotes();
    database.exec('CREATE TABLE stamped (id INTEGER PRIMARY KEY, at TEXT DEFAULT CURRENT_TIMESTAMP)');
    assert.throws(() => database.run('INSERT INTO stamped (id) VALUES (1)'), /differs between replicas/);
  });
});
