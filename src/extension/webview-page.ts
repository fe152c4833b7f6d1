import { randomBytes } from 'node:crypto';
import { Uri, env, l10n, type Webview } from 'vscode';

export interface WebviewPage {
  /** The bundle's name under dist/webview. */
  readonly name: string;
  /** The document's title, which screen readers announce for the frame. */
  readonly title: string;
}

/** The only folder a view may load from. */
export function webviewFolder(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, 'dist', 'webview');
}

/**
 * The document of a view: its bundle, its style sheets and its strings, under a policy that allows nothing else. Scripts and
 * style elements need the nonce; the lazy chunks of the bundle come from the extension's own folder.
 */
export function webviewHtml(webview: Webview, extensionUri: Uri, page: WebviewPage): string {
  const nonce = randomBytes(18).toString('base64');
  const address = (file: string): string => webview.asWebviewUri(Uri.joinPath(webviewFolder(extensionUri), file)).toString();
  const policy = [
    `default-src 'none'`,
    `img-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `script-src ${webview.cspSource} 'nonce-${nonce}'`,
    `connect-src 'none'`,
    `form-action 'none'`,
    `base-uri 'none'`,
  ].join('; ');
  return `<!doctype html>
<html lang="${escapeHtml(env.language)}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta property="csp-nonce" content="${nonce}" />
    <title>${escapeHtml(page.title)}</title>
    <link rel="stylesheet" href="${address('codicon.css')}" />
    <link rel="stylesheet" href="${address(`${page.name}.css`)}" />
    <script type="application/json" id="l10n" nonce="${nonce}">${stringsAsJson()}</script>
  </head>
  <body data-locale="${escapeHtml(env.language)}">
    <div id="root"></div>
    <script type="module" nonce="${nonce}" src="${address(`${page.name}.js`)}"></script>
  </body>
</html>`;
}

/** The translations of the display language; `{}` where the strings in the code are already right. */
function stringsAsJson(): string {
  return JSON.stringify(l10n.bundle ?? {}).replaceAll('<', '\\u003c');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
