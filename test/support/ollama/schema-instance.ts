import * as z from 'zod';

/** The part of JSON Schema that the generator follows. */
interface Schema {
  readonly [keyword: string]: unknown;
}

const schemaObject = z.record(z.string(), z.unknown());

/**
 * An instance of the schema, as a constrained model would make it: valid by what a grammar can hold, the same for the same
 * seed. Keywords that a grammar ignores (pattern, bounds of non-integers) are ignored here too.
 */
export function schemaInstance(format: unknown, seed: number): unknown {
  const root = schemaObject.safeParse(format);
  if (!root.success) return {};
  return new InstanceMaker(root.data, seed).make(root.data);
}

/** Why the grammar cannot express the schema, in the engine's words; undefined when it can. */
export function schemaRefusal(format: object): string | undefined {
  const text = JSON.stringify(format);
  if (text.includes('"items":false')) return 'failed to parse grammar: unrecognized schema: false';
  if (text.includes('"$ref":"#"')) return 'failed to parse grammar: unsupported reference #';
  return undefined;
}

class InstanceMaker {
  readonly #root: Schema;
  #state: number;

  constructor(root: Schema, seed: number) {
    this.#root = root;
    this.#state = (seed * 2_654_435_761 + 1) >>> 0;
  }

  make(schema: Schema): unknown {
    if (typeof schema['$ref'] === 'string') return this.make(this.#resolve(schema['$ref']));
    if ('const' in schema) return schema['const'];
    const choices = listOf(schema['enum']);
    if (choices.length > 0) return this.#pick(choices);
    const alternatives = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])];
    if (alternatives.length > 0) return this.make(asSchema(this.#pick(alternatives)));
    const types = listOf(schema['type']);
    const type = types.length > 0 ? this.#pick(types) : schema['type'];
    switch (type) {
      case 'object':
        return this.#object(schema);
      case 'array':
        return this.#array(schema);
      case 'string':
        return this.#string(schema);
      case 'integer':
        return this.#integer(schema);
      case 'number':
        return this.#next(1000) / 10;
      case 'boolean':
        return this.#next(2) === 1;
      case 'null':
        return null;
      default:
        return 'properties' in schema ? this.#object(schema) : 'anything';
    }
  }

  #object(schema: Schema): object {
    const properties = Object.entries(asSchema(schema['properties']));
    const required = new Set(listOf(schema['required']));
    const made = properties
      .filter(([name]) => required.has(name) || this.#next(2) === 1)
      .map(([name, property]) => [name, this.make(asSchema(property))] as const);
    return Object.fromEntries(made);
  }

  #array(schema: Schema): readonly unknown[] {
    const least = numberOf(schema['minItems']) ?? 0;
    const most = numberOf(schema['maxItems']) ?? least + 2;
    const length = least + this.#next(Math.max(1, Math.min(most, least + 3) - least + 1));
    return Array.from({ length }, () => this.make(asSchema(schema['items'])));
  }

  #string(schema: Schema): string {
    switch (schema['format']) {
      case 'date':
        return '2026-03-14';
      case 'date-time':
        return '2026-03-14T09:26:53Z';
      case 'uuid':
        return '3f1c2a9e-5b7d-4e60-8a12-9c4d6e8f0a1b';
      default: {
        const least = numberOf(schema['minLength']) ?? 1;
        const most = numberOf(schema['maxLength']) ?? 40;
        return this.#pick(['tea', 'a quiet morning', 'the garden wall']).padEnd(least, '.').slice(0, most);
      }
    }
  }

  #integer(schema: Schema): number {
    const least = numberOf(schema['minimum']) ?? 0;
    const most = numberOf(schema['maximum']) ?? least + 10;
    return least + this.#next(Math.min(most - least, 1000) + 1);
  }

  #resolve(reference: string): Schema {
    let found: unknown = this.#root;
    for (const part of reference.split('/').slice(1)) found = asSchema(found)[part];
    return asSchema(found);
  }

  #pick<T>(choices: readonly T[]): T {
    const chosen = choices[this.#next(choices.length)];
    if (chosen === undefined) throw new Error('Nothing to choose from.');
    return chosen;
  }

  /** A linear congruential step (constants of Numerical Recipes); its high bits are the random ones. */
  #next(bound: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * bound);
  }
}

function asSchema(value: unknown): Schema {
  const parsed = schemaObject.safeParse(value);
  return parsed.success ? parsed.data : {};
}

function listOf(value: unknown): readonly unknown[] {
  const parsed = z.array(z.unknown()).safeParse(value);
  return parsed.success ? parsed.data : [];
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
