import * as z from 'zod/mini';
import { errorCodes } from '../errors.ts';

/**
 * The envelope of everything between the extension and a webview. A request has an id and is answered by one reply with that
 * id, or by an error; an event expects nothing. Both sides parse what arrives before they use it.
 */

export const errorDataSchema = z.object({
  code: z.enum(errorCodes),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const requestSchema = z.object({
  type: z.literal('request'),
  id: z.number(),
  method: z.string(),
  parameters: z.unknown(),
});

export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reply'), id: z.number(), result: z.unknown() }),
  z.object({ type: z.literal('error'), id: z.number(), error: errorDataSchema }),
]);

export const eventSchema = z.object({
  type: z.literal('event'),
  name: z.string(),
  data: z.unknown(),
});

/** What the extension may send to a view. */
export const toViewSchema = z.union([replySchema, eventSchema]);

export type RequestEnvelope = z.infer<typeof requestSchema>;
export type ReplyEnvelope = z.infer<typeof replySchema>;
export type ToViewEnvelope = z.infer<typeof toViewSchema>;

/** A protocol: what the view may ask (parameters and result of each method) and which events the extension sends. */
export interface Protocol {
  readonly methods: Readonly<Record<string, { readonly parameters: z.ZodMiniType; readonly result: z.ZodMiniType }>>;
  readonly events: Readonly<Record<string, z.ZodMiniType>>;
}

export type MethodName<P extends Protocol> = keyof P['methods'] & string;
export type EventName<P extends Protocol> = keyof P['events'] & string;
export type ParametersOf<P extends Protocol, M extends MethodName<P>> = z.infer<P['methods'][M]['parameters']>;
export type ResultOf<P extends Protocol, M extends MethodName<P>> = z.infer<P['methods'][M]['result']>;
export type EventData<P extends Protocol, E extends EventName<P>> = z.infer<P['events'][E]>;
