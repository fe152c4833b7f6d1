import * as z from 'zod/mini';

const askedSchema = z.object({ id: z.number(), method: z.string(), parameters: z.record(z.string(), z.unknown()) });

/** What a view sends along with a request. */
export type Parameters = Readonly<Record<string, unknown>>;

/** What a workbench writes onto the body of a webview, by theme. */
const bodyMarks: Readonly<Record<string, string>> = {
  'dark-modern': 'vscode-dark',
  'light-modern': 'vscode-light',
  'dark-hc': 'vscode-high-contrast',
  'light-hc': 'vscode-high-contrast-light',
};

/** Plays the extension's part for a view in a plain page. What is answered is for each view's own host to say. */
export abstract class StageHost {
  /** Every request so far, for tests to look at. */
  readonly asked: { readonly method: string; readonly parameters: unknown }[] = [];
  /** Methods that fail from now on, with this error. */
  readonly failing = new Map<string, { code: string; parameters: Record<string, string | number> }>();
  /** Answers that wait for `release`, by the method that is held. */
  readonly #held = new Map<string, { readonly method: string; readonly answer: object }[]>();

  /** The result of a request that does not fail. */
  protected abstract answer(method: string, parameters: Parameters): unknown;

  /** Hears that an answer has been sent. */
  protected delivered(_method: string): void {
    // Nothing follows from it, unless a host says otherwise.
  }

  /** Tells the view of something, for what a test makes outside of the page. */
  post(name: string, data: unknown): void {
    window.postMessage({ type: 'event', name, data }, '*');
  }

  receive(message: unknown): void {
    const { id, method, parameters } = z.parse(askedSchema, message);
    this.asked.push({ method, parameters });
    const held = this.#held.get(method);
    if (held === undefined) setTimeout(() => { this.#deliver(method, this.#reply(id, method, parameters)); });
    else held.push({ method, answer: this.#reply(id, method, parameters) });
  }

  /** Makes the answers of this method as they are asked for, and delivers them with `release`. */
  hold(method: string): void {
    this.#held.set(method, []);
  }

  release(): void {
    const held = [...this.#held.values()].flat();
    this.#held.clear();
    for (const { method, answer } of held) this.#deliver(method, answer);
  }

  /** Switches the theme as a workbench does: its variables, and its mark on the body. */
  setTheme(theme: string): void {
    document.documentElement.dataset['theme'] = theme;
    document.body.classList.remove(...Object.values(bodyMarks));
    document.body.classList.add(bodyMarks[theme] ?? '');
    document.body.dataset['vscodeThemeKind'] = bodyMarks[theme] ?? '';
  }

  #reply(id: number, method: string, parameters: Parameters): object {
    const error = this.failing.get(method);
    return error === undefined ? { type: 'reply', id, result: this.answer(method, parameters) } : { type: 'error', id, error };
  }

  #deliver(method: string, answer: object): void {
    window.postMessage(answer, '*');
    this.delivered(method);
  }
}

/** What a view's own host is made from, and where it is found. */
export interface Stage<Scene, Host extends StageHost> {
  /** The name of the host in the page, besides `stage`, for what it can do that other hosts cannot. */
  readonly name: string;
  /** What the clock in the page says at first, so that pictures are the same every day. */
  readonly time: number;
  readonly scenes: Readonly<Record<string, () => Scene>>;
  readonly host: (scene: Scene) => Host;
}

/** Puts the host of the scene that the address names into the page, before the view begins. */
export function setStage<Scene, Host extends StageHost>({ name, time, scenes, host: hostOf }: Stage<Scene, Host>): void {
  const loaded = performance.now();
  Date.now = () => time + Math.round(performance.now() - loaded);

  const address = new URLSearchParams(location.search);
  const state = address.get('state') ?? '';
  const scene = scenes[state];
  if (scene === undefined) throw new Error(`There is no such scene: ${state}`);
  const host = hostOf(scene());
  host.setTheme(address.get('theme') ?? 'dark-modern');

  const stateKey = 'stage-view-state';
  Object.assign(window, {
    stage: host,
    [name]: host,
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => { host.receive(message); },
      getState: (): unknown => JSON.parse(sessionStorage.getItem(stateKey) ?? 'null'),
      setState: (kept: unknown) => { sessionStorage.setItem(stateKey, JSON.stringify(kept)); },
    }),
  });
}
