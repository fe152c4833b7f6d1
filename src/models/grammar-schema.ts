import * as z from 'zod';

/** A JSON schema, or a part of one. */
interface Schema {
  readonly [keyword: string]: unknown;
}

const schemaObject = z.record(z.string(), z.unknown());

const longestString = 1000;
const longestList = 20;
/** Beyond this an integer is not a bound that anyone meant; zod writes the limits of safe integers. */
const largestInteger = 1_000_000_000;
const heldFormats = new Set(['date', 'date-time', 'uuid']);

/** Keywords whose values are schemas by name. */
const namedSchemas = new Set(['properties', '$defs']);
/** Keywords whose values are lists of schemas. */
const schemaLists = new Set(['anyOf', 'oneOf', 'allOf']);
/** Keywords that the engine's grammar holds to, in every version that was tried; others are ignored or refused. */
const plainKeywords = new Set(['type', 'enum', 'const', 'required', 'minItems', 'maxItems', 'minLength', 'maxLength', '$ref']);

/**
 * The shape as a JSON schema in the subset that the engine can express as a grammar. Everything else (patterns, bounds of
 * numbers) is left to the check of the answer. Strings and lists get an upper length, without which a small model may
 * never stop; properties are sorted by name, because some engines do so anyway and the order decides what is thought first.
 * Throws for what cannot be expressed at all: tuples, recursion, a root that is no object.
 */
export function toGrammarSchema(shape: z.ZodType): Record<string, unknown> {
  const schema = z.toJSONSchema(shape, { io: 'input', cycles: 'throw' });
  if (schema.type !== 'object') throw new Error('The root of a structured answer must be an object.');
  return rewritten(schemaObject.parse(schema));
}

function rewritten(schema: Schema): Record<string, unknown> {
  if (schema['prefixItems'] !== undefined) throw new Error('A tuple cannot be expressed as a grammar; use an object.');
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (plainKeywords.has(keyword)) result[keyword] = value;
    else if (namedSchemas.has(keyword)) result[keyword] = rewrittenByName(schemaObject.parse(value));
    else if (schemaLists.has(keyword)) result[keyword] = z.array(schemaObject).parse(value).map(rewritten);
    else if (keyword === 'items') result[keyword] = rewritten(schemaObject.parse(value));
    else if (keyword === 'additionalProperties') result[keyword] = typeof value === 'object' ? rewritten(schemaObject.parse(value)) : value;
    else if (keyword === 'format' && typeof value === 'string' && heldFormats.has(value)) result[keyword] = value;
  }
  switch (schema['type']) {
    case 'string':
      if (result['enum'] === undefined && result['const'] === undefined && result['format'] === undefined) result['maxLength'] ??= longestString;
      break;
    case 'array':
      result['maxItems'] ??= longestList;
      break;
    case 'integer':
      result['minimum'] = integerBound(schema['minimum'], schema['exclusiveMinimum'], 1, -largestInteger);
      result['maximum'] = integerBound(schema['maximum'], schema['exclusiveMaximum'], -1, largestInteger);
      break;
    default:
  }
  return result;
}

function rewrittenByName(schemas: Schema): Record<string, unknown> {
  const sorted = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, schema]) => [name, rewritten(schemaObject.parse(schema))]));
}

function integerBound(inclusive: unknown, exclusive: unknown, step: number, otherwise: number): number {
  const bound = typeof inclusive === 'number' ? inclusive : typeof exclusive === 'number' ? exclusive + step : otherwise;
  return Math.abs(bound) > largestInteger ? otherwise : bound;
}
