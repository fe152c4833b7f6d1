import type { MethodName, ParametersOf, Protocol, ResultOf } from '../../shared/protocol/channel.ts';

/**
 * How a part of a view asks the extension for something. A failure has been shown to the reader by the time this resolves to
 * `undefined`, so the asker only needs to leave things as they were.
 */
export type AskOver<P extends Protocol> = <M extends MethodName<P>>(method: M, parameters: ParametersOf<P, M>) => Promise<ResultOf<P, M> | undefined>;
