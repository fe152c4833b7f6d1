import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as z from 'zod';
import { toGrammarSchema } from '../../src/models/grammar-schema.ts';
import { schemaInstance, schemaRefusal } from '../support/ollama/schema-instance.ts';

describe('a shape as a grammar', () => {
  it('bounds every string and list, so that a small model comes to an end', () => {
    const schema = toGrammarSchema(z.object({ tags: z.array(z.string()), title: z.string().max(80) }));
    assert.deepEqual(schema['properties'], {
      tags: { type: 'array', items: { type: 'string', maxLength: 1000 }, maxItems: 20 },
      title: { type: 'string', maxLength: 80 },
    });
  });

  it('sorts the keys, because some engines do and the order decides what is thought first', () => {
    const schema = toGrammarSchema(z.object({ b_score: z.int().min(0).max(100), a_evidence: z.string().max(200) }));
    assert.deepEqual(Object.keys(z.record(z.string(), z.unknown()).parse(schema['properties'])), ['a_evidence', 'b_score']);
  });

  it('leaves out what an engine ignores or refuses', () => {
    const text = JSON.stringify(
      toGrammarSchema(
        z.object({
          code: z.string().regex(/^\d+$/),
          day: z.iso.date(),
          link: z.url(),
          ratio: z.number().min(0).max(1).multipleOf(0.1),
          whole: z.int(),
          mood: z.string().default('calm'),
        }),
      ),
    );
    for (const keyword of ['$schema', 'pattern', 'multipleOf', 'default', '"uri"', '9007199254740991']) assert.ok(!text.includes(keyword), keyword);
    assert.ok(text.includes('"format":"date"'));
  });

  it('refuses what cannot be expressed', () => {
    assert.throws(() => toGrammarSchema(z.object({ pair: z.tuple([z.string(), z.int()]) })), /tuple/);
    assert.throws(() => toGrammarSchema(z.array(z.string())), /root/);
    const tree = z.object({
      get children() {
        return z.array(tree);
      },
    });
    assert.throws(() => toGrammarSchema(tree), /cycle/i);
  });

  it('is held to by what a constrained model says, for any shape and seed', () => {
    const leaf = fc.constantFrom<z.ZodType>(
      z.string().max(20),
      z.int().min(-5).max(5),
      z.int().gt(0).lt(3),
      z.boolean(),
      z.enum(['low', 'high']),
      z.literal('fixed'),
      z.iso.date(),
      z.uuid(),
      z.string().max(9).nullable(),
      z.union([z.literal('a'), z.int().min(1).max(2)]),
    );
    const inner = fc.oneof(leaf, fc.tuple(leaf, fc.boolean()).map(([item, open]) => (open ? z.array(item) : z.array(item).min(1).max(2))));
    const shapes = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), inner, { minKeys: 1, maxKeys: 6 }).map((fields) => z.object(fields));
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const schema = toGrammarSchema(shape);
        assert.equal(schemaRefusal(schema), undefined);
        const parsed = shape.safeParse(schemaInstance(schema, seed));
        assert.ok(parsed.success, parsed.error?.message);
      }),
    );
  });
});
