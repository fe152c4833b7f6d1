import type { MethodName, ParametersOf, ResultOf } from '../../shared/protocol/channel.ts';
import type { ChatProtocol } from '../../shared/protocol/chat.ts';

/**
 * How a part of the view asks the extension for something. A failure has been shown to the reader by the time this resolves to
 * `undefined`, so the asker only needs to leave things as they were.
 */
export type Ask = <M extends MethodName<ChatProtocol>>(
  method: M,
  parameters: ParametersOf<ChatProtocol, M>,
) => Promise<ResultOf<ChatProtocol, M> | undefined>;
