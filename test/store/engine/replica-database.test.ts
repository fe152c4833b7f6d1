import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import initSqlJs from 'sql.js';
import { ReplicaDatabase } from '../../../src/store/engine/replica-database.ts';

const wasmFile = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');

async function databaseOfNotes(): Promise<ReplicaDatabase> {
  const { Database } = await initSqlJs({ locateFile: () => wasmFile });
  const database = new ReplicaDatabase(new Database());
  database.raw.run('CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)');
  return database;
}

const insert = 'INSERT INTO note (id, text) VALUES (?, ?)';
const notesIn = (database: ReplicaDatabase) => database.raw.exec('SELECT id, text FROM note ORDER BY id')[0]?.values;

describe('ReplicaDatabase', () => {
  it('repeats a statement in a row and between others, each time with its own values', async () => {
    const database = await databaseOfNotes();
    const replayed: [string, (number | string)[]][] = [
      [insert, [1, 'a']], [insert, [2, 'b']], ['UPDATE note SET text = ? WHERE id = ?', ['c', 1]], [insert, [3, 'd']],
    ];
    for (const [sql, parameters] of replayed) database.replay({ sql: Buffer.from(sql).toString(), parameters });
    assert.deepEqual(notesIn(database), [[1, 'c'], [2, 'b'], [3, 'd']]);
    database.close();
  });

  it('goes on with a statement whose prepared form was given up for others meanwhile', async () => {
    const database = await databaseOfNotes();
    database.replay({ sql: insert, parameters: [1, 'a'] });
    const updates = Array.from({ length: 399 }, (_, i) => `UPDATE note SET text = text || ? WHERE id <> ${String(-i)}`);
    for (const sql of updates) database.replay({ sql, parameters: ['b'] });
    database.begin(); // one more than are kept
    for (const sql of [...updates.slice(-1), insert]) database.replay({ sql, parameters: sql === insert ? [2, 'c'] : ['d'] });
    database.commit();
    assert.deepEqual(notesIn(database), [[1, `a${'b'.repeat(399)}d`], [2, 'c']]);
    database.close();
  });
});
