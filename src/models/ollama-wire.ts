import * as z from 'zod';

/** What the server's answers hold, as far as Hearthlink reads them. Counts and durations that are zero are left out there. */

const nanoseconds = z.number().optional();

export const versionAnswer = z.object({ version: z.string() });

const modelDetails = z.object({ family: z.string().optional(), parameter_size: z.string().optional() });

export const tagsAnswer = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      digest: z.string(),
      size: z.number(),
      details: modelDetails.optional(),
      remote_model: z.string().optional(),
      remote_host: z.string().optional(),
    }),
  ),
});
export type ListedModel = z.infer<typeof tagsAnswer>['models'][number];

export const psAnswer = z.object({
  models: z.array(z.object({ name: z.string(), context_length: z.number().optional() })),
});
export type RunningModel = z.infer<typeof psAnswer>['models'][number];

export const showAnswer = z.object({
  capabilities: z.array(z.string()).optional(),
  details: modelDetails.optional(),
  model_info: z.record(z.string(), z.unknown()).nullish(),
  remote_host: z.string().optional(),
});
export type ShownModel = z.infer<typeof showAnswer>;

export const chatFrame = z.object({
  message: z.object({ content: z.string().default(''), thinking: z.string().optional() }).optional(),
  done: z.boolean().default(false),
  done_reason: z.string().optional(),
  load_duration: nanoseconds,
  prompt_eval_count: z.number().optional(),
  prompt_eval_duration: nanoseconds,
  eval_count: z.number().optional(),
  eval_duration: nanoseconds,
});
export type ChatFrame = z.infer<typeof chatFrame>;

export const pullFrame = z.object({
  status: z.string(),
  digest: z.string().optional(),
  total: z.number().optional(),
  completed: z.number().optional(),
});
export type PullFrame = z.infer<typeof pullFrame>;

export const embedAnswer = z.object({
  embeddings: z.array(z.array(z.number())),
  prompt_eval_count: z.number().optional(),
});
export type EmbedAnswer = z.infer<typeof embedAnswer>;
