import type { Database } from 'sql.js';

import type { ContentSummary } from '../backup-port.ts';

/** The newest time in each kind of row. These columns are in every version of the schema. */
const newestTimes = {
  session: 'SELECT max(updated_at) FROM session',
  message: 'SELECT max(created_at) FROM message',
  slice: 'SELECT max(created_at) FROM slice',
  job: 'SELECT max(updated_at) FROM job',
} as const;

/** Rows of every table, and the newest times, of a database of any version of the schema. */
export function summaryOf(database: Database): ContentSummary {
  const tables = column(database, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`).map(String);
  return {
    tables: Object.fromEntries(tables.map((table) => [table, Number(column(database, `SELECT count(*) FROM "${table}"`)[0])])),
    newest: Object.fromEntries(Object.entries(newestTimes).map(([kind, query]) => [kind, timeOrNull(column(database, query)[0])])),
  };
}

function column(database: Database, query: string): unknown[] {
  return (database.exec(query)[0]?.values ?? []).map(([value]) => value);
}

function timeOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
