import type { MethodName, Protocol } from '../../shared/protocol/channel.ts';
import { openChannel, type Channel } from './channel.ts';
import { setLocale } from './locale.ts';
import { takeVsCodeApi, type VsCodeApi } from './vscode-api.ts';

const timeoutMs = 30_000;

export interface OpenView<P extends Protocol> {
  readonly api: VsCodeApi;
  readonly channel: Channel<P>;
}

/**
 * Connects a page with the extension, in the language that the page was made for. Called once for each page.
 * @param untimed methods that take as long as there is data, or wait for a person to answer in VS Code's own boxes; all others fail
 *   with `view-timeout` after 30 seconds
 */
export function openView<P extends Protocol>(protocol: P, untimed: readonly MethodName<P>[] = []): OpenView<P> {
  const api = takeVsCodeApi();
  setLocale(document.body.dataset['locale'] ?? 'en', document.getElementById('l10n')?.textContent ?? '');
  const waiting: ReadonlySet<string> = new Set(untimed);
  const channel = openChannel(
    protocol,
    {
      post: (message) => { api.postMessage(message); },
      listen: (receive) => { window.addEventListener('message', (event: MessageEvent<unknown>) => { receive(event.data); }); },
    },
    {
      timers: {
        after: (milliseconds, run) => {
          const timer = setTimeout(run, milliseconds);
          return () => { clearTimeout(timer); };
        },
      },
      timeoutOf: (method) => (waiting.has(method) ? null : timeoutMs),
      onProblem: (error) => { throw error; },
    },
  );
  return { api, channel };
}
