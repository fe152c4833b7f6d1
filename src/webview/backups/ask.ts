import type { BackupsProtocol } from '../../shared/protocol/backups.ts';
import type { MethodName, ParametersOf, ResultOf } from '../../shared/protocol/channel.ts';

/**
 * How a part of the view asks the extension for something. A failure has been shown to the reader by the time this resolves to
 * `undefined`, so the asker only needs to leave things as they were.
 */
export type Ask = <M extends MethodName<BackupsProtocol>>(
  method: M,
  parameters: ParametersOf<BackupsProtocol, M>,
) => Promise<ResultOf<BackupsProtocol, M> | undefined>;
