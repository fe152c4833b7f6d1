import type { Webview } from 'vscode';
import * as z from 'zod/mini';
import { HearthlinkError } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import type { Log } from '../shared/ports.ts';
import {
  requestSchema,
  type EventData,
  type EventName,
  type MethodName,
  type ParametersOf,
  type Protocol,
  type ResultOf,
  type ToViewEnvelope,
} from '../shared/protocol/channel.ts';

/** An answer for every method of a protocol. What it throws reaches the view as an error reply. */
export type Handlers<P extends Protocol> = {
  readonly [M in MethodName<P>]: (parameters: ParametersOf<P, M>) => Promise<ResultOf<P, M>>;
};

/** The extension's end of a view: answers its requests, sends it events. */
export interface ViewChannel<P extends Protocol> extends Disposable {
  /** Sends an event. One for a view that is hidden is lost, by VS Code's rule; the view asks for a snapshot when it returns. */
  send<E extends EventName<P>>(name: E, data: EventData<P, E>): void;
}

/** Told of a view's requests. */
export interface RequestListener {
  /** It came: somebody is there. */
  onRequest(method: string): void;
  /** Its reply, or why there is none, has been sent. */
  onReply(method: string): void;
}

/**
 * Serves `protocol` over a webview. A message that does not parse is refused and logged without its content; a handler's
 * error is answered as code and parameters, so that no request stays open.
 */
export function serveView<P extends Protocol>(
  webview: Webview,
  protocol: P,
  handlers: Handlers<P>,
  log: Log,
  listener: RequestListener,
): ViewChannel<P> {
  const post = (envelope: ToViewEnvelope): void => {
    webview.postMessage(envelope).then(undefined, (error: unknown) => {
      log.warn('a view could not be reached', { reason: HearthlinkError.from(error).code });
    });
  };
  const subscription = webview.onDidReceiveMessage(async (message: unknown) => {
    const envelope = z.safeParse(requestSchema, message);
    if (!envelope.success) {
      log.warn('a view sent something that is no request');
      return;
    }
    const { id, method, parameters } = envelope.data;
    listener.onRequest(method);
    try {
      post({ type: 'reply', id, result: await answer(protocol, handlers, method, parameters) });
    } catch (error) {
      const known = HearthlinkError.from(error);
      log.warn('a request of a view failed', { method, code: known.code });
      if (known.code === 'internal') log.error(known.cause instanceof Error ? (known.cause.stack ?? known.message) : known.message);
      post({ type: 'error', id, error: known.toData() });
    }
    listener.onReply(method);
  });
  return {
    send: (name, data) => {
      post({ type: 'event', name, data });
    },
    dispose: () => {
      subscription.dispose();
    },
  };
}

async function answer<P extends Protocol>(protocol: P, handlers: Handlers<P>, method: string, parameters: unknown): Promise<unknown> {
  if (!isMethod(protocol, method)) throw new HearthlinkError('view-bad-message', { method });
  return answerMethod(protocol, handlers, method, parameters);
}

function answerMethod<P extends Protocol>(protocol: P, handlers: Handlers<P>, method: MethodName<P>, parameters: unknown): Promise<unknown> {
  const schema: P['methods'][MethodName<P>]['parameters'] | undefined = protocol.methods[method]?.parameters;
  const parsed = schema === undefined ? undefined : z.safeParse(schema, parameters);
  if (parsed?.success !== true) throw new HearthlinkError('view-bad-message', { method });
  return handlers[method](parsed.data);
}

function isMethod<P extends Protocol>(protocol: P, method: string): method is MethodName<P> {
  return Object.hasOwn(protocol.methods, method);
}
