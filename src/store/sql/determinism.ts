import type { Database } from 'sql.js';

import { HearthlinkError } from '../../shared/errors.ts';

/** SQL functions whose answer another replica would not repeat, with their number of arguments (-1: any). */
const forbidden: readonly (readonly [name: string, argumentCount: number])[] = [
  ['random', 0],
  ['randomblob', 1],
  ['date', -1],
  ['time', -1],
  ['datetime', -1],
  ['julianday', -1],
  ['strftime', -1],
  ['unixepoch', -1],
  ['timediff', 2],
  ['current_date', 0],
  ['current_time', 0],
  ['current_timestamp', 0],
  ['last_insert_rowid', 0],
  ['changes', 0],
  ['total_changes', 0],
];

/**
 * Makes every SQL function throw that would give another answer on another replica of the store, in statements and in column
 * defaults alike. Times and ids are parameters.
 */
export function forbidNondeterminism(database: Database): void {
  for (const [name, argumentCount] of forbidden) {
    const refuse = (): never => {
      throw new HearthlinkError('internal', { detail: `${name}() differs between replicas; pass its value as a parameter` });
    };
    // sql.js registers a function for as many arguments as it declares.
    Object.defineProperty(refuse, 'length', { value: argumentCount });
    database.create_function(name, refuse);
  }
}
