/** What VS Code gives a webview to speak with its extension, and to keep a little state while the page comes and goes. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code hands this out once for each page; a second call throws, so only the entry of a view calls it. */
export function takeVsCodeApi(): VsCodeApi {
  return acquireVsCodeApi();
}
