import * as z from 'zod';

/** The bodies of the requests, as far as the scripted server acts on them. Unknown keys are kept. */

const keepAlive = z.union([z.string(), z.number()]);

const runOptions = z.looseObject({
  num_ctx: z.int().optional(),
  num_predict: z.int().optional(),
  temperature: z.number().optional(),
  seed: z.int().optional(),
});

const chatMessage = z.looseObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string().default(''),
  thinking: z.string().optional(),
  images: z.array(z.string()).optional(),
});

export const chatBody = z.looseObject({
  model: z.string().min(1),
  messages: z.array(chatMessage).default([]),
  stream: z.boolean().default(true),
  format: z.unknown().optional(),
  think: z.union([z.boolean(), z.enum(['low', 'medium', 'high', 'max'])]).optional(),
  tools: z.array(z.unknown()).optional(),
  keep_alive: keepAlive.optional(),
  truncate: z.boolean().default(true),
  options: runOptions.default({}),
});
export type ChatBody = z.infer<typeof chatBody>;

export const embedBody = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(z.string())]).default([]),
  truncate: z.boolean().default(true),
  dimensions: z.int().positive().optional(),
  keep_alive: keepAlive.optional(),
  options: runOptions.default({}),
});
export type EmbedBody = z.infer<typeof embedBody>;

export const namedModelBody = z.looseObject({ model: z.string().optional(), name: z.string().optional() });
