import type { Server } from './server.ts';

/** The address of a window on `folder`; `payload` holds what a desktop window takes as flags. */
export function windowAddress(server: Server, folder?: string, payload: readonly (readonly [string, string])[] = []): string {
  const address = new URL(server.origin);
  if (folder !== undefined) address.searchParams.set('folder', folder);
  const quiet = [['skipWelcome', 'true'], ['skipReleaseNotes', 'true']] as const;
  address.searchParams.set('payload', JSON.stringify([...payload, ...quiet]));
  return address.href;
}

/** A path on this machine, as the workbench names it. */
export function remoteUri(server: Server, file: string): string {
  return `vscode-remote://127.0.0.1:${server.port}${file}`;
}
