import type { MethodName, ParametersOf, ResultOf } from '../../shared/protocol/channel.ts';
import type { MemoryProtocol } from '../../shared/protocol/memory.ts';

/**
 * How a part of the view asks the extension for something. A failure has been shown to the reader by the time this resolves to
 * `undefined`, so the asker only needs to leave things as they were.
 */
export type Ask = <M extends MethodName<MemoryProtocol>>(
  method: M,
  parameters: ParametersOf<MemoryProtocol, M>,
) => Promise<ResultOf<MemoryProtocol, M> | undefined>;
