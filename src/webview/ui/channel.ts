import * as z from 'zod/mini';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Timers } from '../../shared/ports.ts';
import {
  toViewSchema,
  type EventData,
  type EventName,
  type MethodName,
  type ParametersOf,
  type Protocol,
  type ReplyEnvelope,
  type RequestEnvelope,
  type ResultOf,
} from '../../shared/protocol/channel.ts';

/** Both ends of the pipe to the extension: what is posted into it, and what comes out. */
export interface Wire {
  post(message: RequestEnvelope): void;
  listen(receive: (message: unknown) => void): void;
}

export interface ChannelOptions {
  readonly timers: Timers;
  /** How long a method may take, in milliseconds; null for one that waits for a person, such as a native picker. */
  readonly timeoutOf: (method: string) => number | null;
  /** Hears of messages that broke the protocol; they are dropped. */
  readonly onProblem: (error: HearthlinkError) => void;
}

/** A typed conversation with the extension. Nothing inbound is used before its schema has accepted it. */
export interface Channel<P extends Protocol> {
  /** @throws HearthlinkError of the extension, `view-timeout`, or `view-bad-message` when the answer is none. */
  request<M extends MethodName<P>>(method: M, parameters: ParametersOf<P, M>): Promise<ResultOf<P, M>>;
  on<E extends EventName<P>>(event: E, listener: (data: EventData<P, E>) => void): void;
}

interface Pending {
  readonly method: string;
  readonly settle: (reply: ReplyEnvelope) => void;
}

export function openChannel<P extends Protocol>(protocol: P, wire: Wire, options: ChannelOptions): Channel<P> {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, (data: unknown) => void>();
  let lastId = 0;

  wire.listen((message) => {
    const envelope = z.safeParse(toViewSchema, message);
    if (!envelope.success) options.onProblem(new HearthlinkError('view-bad-message', { name: 'envelope' }));
    else if (envelope.data.type === 'event') listeners.get(envelope.data.name)?.(envelope.data.data);
    else settle(envelope.data);
  });

  function settle(reply: ReplyEnvelope): void {
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    waiting?.settle(reply); // an answer that came after its timeout has nobody waiting
  }

  return {
    request<M extends MethodName<P>>(method: M, parameters: ParametersOf<P, M>): Promise<ResultOf<P, M>> {
      const id = ++lastId;
      const timeout = options.timeoutOf(method);
      return new Promise((resolve, reject) => {
        const cancelTimeout =
          timeout === null
            ? undefined
            : options.timers.after(timeout, () => {
                pending.delete(id);
                reject(new HearthlinkError('view-timeout', { method, seconds: Math.round(timeout / 1000) }));
              });
        pending.set(id, {
          method,
          settle: (reply) => {
            cancelTimeout?.();
            if (reply.type === 'error') {
              reject(HearthlinkError.fromData(reply.error));
              return;
            }
            const result = z.safeParse<P['methods'][M]['result']>(entryOf(protocol.methods, method).result, reply.result);
            if (result.success) resolve(result.data);
            else reject(new HearthlinkError('view-bad-message', { name: method }));
          },
        });
        wire.post({ type: 'request', id, method, parameters });
      });
    },

    on<E extends EventName<P>>(event: E, listener: (data: EventData<P, E>) => void): void {
      const earlier = listeners.get(event);
      listeners.set(event, (data) => {
        earlier?.(data);
        const parsed = z.safeParse<P['events'][E]>(entryOf<P['events'], E>(protocol.events, event), data);
        if (parsed.success) listener(parsed.data);
        else options.onProblem(new HearthlinkError('view-bad-message', { name: event }));
      });
    },
  };
}

/** `table[key]`, for a key that is known to be there. */
function entryOf<T extends object, K extends keyof T>(table: T, key: K): T[K] {
  return table[key];
}
