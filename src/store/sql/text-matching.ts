import { type ExpressionBuilder, sql, type SqlBool, type StringReference } from 'kysely';

import type { StoreSchema } from './schema.ts';

/** Whether a column holds `text`. ASCII letters match in any case; what is special in a pattern is taken literally. */
export function contains<Tables extends keyof StoreSchema>(
  of: ExpressionBuilder<StoreSchema, Tables>,
  column: StringReference<StoreSchema, Tables>,
  text: string,
) {
  return sql<SqlBool>`${of.ref(column)} like ${`%${text.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`;
}

/** The source of a regular expression that matches just `text`. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
