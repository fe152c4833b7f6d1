import path from 'node:path';
import type { Rule } from 'eslint';
import * as z from 'zod';

const optionsSchema = z.object({
  /** The folder that holds the rooms. */
  source: z.string(),
  /** For each room the other rooms it may import. */
  rooms: z.record(z.string(), z.array(z.string())),
});

/**
 * An ESLint rule: a file in one room imports only from that room and those below it. Looks at paths alone, so it needs
 * no resolver, and holds for types and lazy imports as well.
 */
export const roomImports: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object' }],
    messages: { notBelow: 'The room "{{room}}" may import {{below}}, not "{{target}}".' },
  },
  create(context) {
    const { source, rooms } = optionsSchema.parse(context.options[0]);
    const roomOf = (file: string): string | undefined => {
      const [room, ...rest] = path.relative(source, file).split(path.sep);
      return room !== '..' && rest.length > 0 ? room : undefined;
    };
    const room = roomOf(context.filename);
    const below = room === undefined ? undefined : rooms[room];
    if (room === undefined || below === undefined) return {};

    const check = (node: Rule.Node, specifier: unknown): void => {
      if (typeof specifier !== 'string' || !specifier.startsWith('.')) return;
      const target = roomOf(path.resolve(path.dirname(context.filename), specifier));
      if (target === undefined || target === room || below.includes(target)) return;
      context.report({ node, messageId: 'notBelow', data: { room, target, below: below.join(', ') || 'no other room' } });
    };
    return {
      ImportDeclaration: (node) => { check(node, node.source.value); },
      ImportExpression: (node) => { check(node, node.source.type === 'Literal' ? node.source.value : undefined); },
    };
  },
};
