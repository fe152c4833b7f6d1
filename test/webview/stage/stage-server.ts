import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';

export interface StageServer {
  /** Address of a scene, such as `http://127.0.0.1:40123/?state=conversation&theme=dark-modern`. */
  address(scene: { readonly state: string; readonly theme: string }): string;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = { '.css': 'text/css', '.js': 'text/javascript', '.ttf': 'font/ttf', '.html': 'text/html' };
const nonce = 'c3RhZ2Utbm9uY2U';

/** As strict as the extension's own page: what breaks it there breaks it here. */
const policy = [
  "default-src 'none'",
  "img-src 'self'",
  "font-src 'self'",
  `style-src 'self' 'nonce-${nonce}'`,
  `script-src 'nonce-${nonce}' 'self'`,
].join('; ');

/** Serves a built stage (see `build-stage.ts`) on a free port of this machine. */
export async function serveStage(folder: string): Promise<StageServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://stage');
    void answer(folder, pathname === '/' ? 'page.html' : pathname.slice(1), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The stage has no port.');
  return {
    address: ({ state, theme }) => `http://127.0.0.1:${bound.port}/?${new URLSearchParams({ state, theme }).toString()}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => { if (error === undefined) resolve(); else reject(error); });
      }),
  };
}

async function answer(folder: string, name: string, response: ServerResponse): Promise<void> {
  try {
    const file = await readFile(path.join(folder, path.normalize(name)));
    const extension = path.extname(name);
    response.writeHead(200, { 'content-type': `${types[extension] ?? 'text/plain'}; charset=utf-8`, 'content-security-policy': policy });
    response.end(extension === '.html' ? file.toString('utf8').replaceAll('{{nonce}}', nonce) : file);
  } catch {
    response.writeHead(404).end();
  }
}
