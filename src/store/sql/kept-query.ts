import { sql, type Compilable, type CompiledQuery, type QueryResult, type RawBuilder } from 'kysely';

import type { SqlParameter } from '../methods-contract.ts';
import type { StoreDatabase } from './context.ts';
import { isLongText, storableText, utf8Bytes } from './storable-text.ts';

/** How a query says where a value goes that is known when it is run. */
export interface ValuePlaces<Values> {
  readonly value: <Name extends keyof Values & string>(name: Name) => RawBuilder<Values[Name]>;
  /** For a text that may be long. */
  readonly text: <Name extends keyof Values & string>(name: Name) => RawBuilder<Values[Name]>;
}

/** A query that is built and compiled once, and run with other values each time. */
export interface KeptQuery<Values, Row> {
  run(db: StoreDatabase, values: Values): Promise<QueryResult<Row>>;
}

/**
 * Keeps a query for what a chat asks again and again: building and compiling one with Kysely takes longer than SQLite needs to
 * run it. The query must be the same whatever the values are.
 */
export function keptQuery<Values extends Readonly<Record<keyof Values, SqlParameter>>, Row>(
  build: (db: StoreDatabase, places: ValuePlaces<Values>) => Compilable<Row>,
): KeptQuery<Values, Row> {
  const places: ValuePlaces<Values> = {
    value: (name) => sql`${new Place<Values>((values) => storable(values[name]))}`,
    text: (name) => sql`cast(${new Place<Values>((values) => shortOrBytes(values[name]))} as text)`,
  };
  let kept: CompiledQuery<Row> | null = null;
  return {
    run(db, values) {
      kept ??= build(db, places).compile();
      const parameters = kept.parameters.map((parameter) => (isPlace<Values>(parameter) ? parameter.valueIn(values) : parameter));
      return db.executeQuery({ ...kept, parameters });
    },
  };
}

/** Stands among a compiled query's parameters for one that differs. */
class Place<Values> {
  readonly valueIn: (values: Values) => SqlParameter;

  constructor(valueIn: (values: Values) => SqlParameter) {
    this.valueIn = valueIn;
  }
}

/** The places of a query were made for its own values. */
function isPlace<Values>(parameter: unknown): parameter is Place<Values> {
  return parameter instanceof Place;
}

function storable(value: SqlParameter): SqlParameter {
  return typeof value === 'string' ? storableText(value) : value;
}

function shortOrBytes(value: SqlParameter): SqlParameter {
  const bound = storable(value);
  return typeof bound === 'string' && isLongText(bound) ? utf8Bytes(bound) : bound;
}
