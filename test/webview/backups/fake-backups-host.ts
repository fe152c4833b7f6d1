import * as z from 'zod/mini';
import type { BackupsSnapshot } from '../../../src/shared/protocol/backups-views.ts';
import { preview, scenes, stageTime } from './sample-backups.ts';

const askedSchema = z.object({ id: z.number(), method: z.string(), parameters: z.record(z.string(), z.unknown()) });

/** What a workbench writes onto the body of a webview, by theme. */
const bodyMarks: Readonly<Record<string, string>> = {
  'dark-modern': 'vscode-dark',
  'light-modern': 'vscode-light',
  'dark-hc': 'vscode-high-contrast',
  'light-hc': 'vscode-high-contrast-light',
};

/** Plays the extension's part for the backups view in a plain page. */
export class FakeBackupsHost {
  /** Every request so far, for tests to look at. */
  readonly asked: { readonly method: string; readonly parameters: unknown }[] = [];
  /** Methods that fail from now on, with this error. */
  readonly failing = new Map<string, { code: string; parameters: Record<string, string | number> }>();
  /** Methods that are not answered for now, with what answers them. */
  readonly held = new Map<string, () => void>();
  readonly #snapshot: BackupsSnapshot;

  constructor(snapshot: BackupsSnapshot) {
    this.#snapshot = snapshot;
  }

  post(name: string, data: unknown): void {
    window.postMessage({ type: 'event', name, data }, '*');
  }

  /** Leaves a method without an answer until `held` gives it. */
  hold(method: string): void {
    this.held.set(method, () => undefined);
  }

  receive(message: unknown): void {
    const { id, method, parameters } = z.parse(askedSchema, message);
    this.asked.push({ method, parameters });
    const answer = (): void => {
      const error = this.failing.get(method);
      window.postMessage(error === undefined ? { type: 'reply', id, result: this.#answer(method) } : { type: 'error', id, error }, '*');
    };
    if (this.held.has(method)) this.held.set(method, answer);
    else setTimeout(answer);
  }

  /** Switches the theme as a workbench does: its variables, and its mark on the body. */
  setTheme(theme: string): void {
    document.documentElement.dataset['theme'] = theme;
    document.body.classList.remove(...Object.values(bodyMarks));
    document.body.classList.add(bodyMarks[theme] ?? '');
    document.body.dataset['vscodeThemeKind'] = bodyMarks[theme] ?? '';
  }

  #answer(method: string): unknown {
    switch (method) {
      case 'ready':
        return this.#snapshot;
      case 'backUp':
        return { made: false };
      case 'preview':
        return preview;
      case 'restore':
        return { comparisons: [{ kind: 'memories', count: 1_239 }], hasSafety: true, keptForgotten: 0 };
      default:
        return {};
    }
  }
}

const address = new URLSearchParams(location.search);
// The stage has a time of its own, so that its pictures are the same every day.
const loaded = performance.now();
Date.now = () => stageTime + Math.round(performance.now() - loaded);

const scene = scenes[address.get('state') ?? 'some'];
if (scene === undefined) throw new Error(`There is no such scene: ${address.get('state') ?? ''}`);
const host = new FakeBackupsHost(scene());
host.setTheme(address.get('theme') ?? 'dark-modern');
Object.assign(window, {
  backupsStage: host,
  acquireVsCodeApi: () => ({ postMessage: (message: unknown) => { host.receive(message); }, getState: () => null, setState: () => undefined }),
});
