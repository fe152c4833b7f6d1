import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Store } from '../../../src/store/port.ts';
import { chatModel, type ScriptedModel } from '../../support/ollama/scripted-model.ts';
import { startScriptedOllama, type ScriptedOllama } from '../../support/ollama/scripted-ollama.ts';
import { inStore } from '../../support/store/real-store.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench.ts';

const root = path.join(import.meta.dirname, '../../..');
/** Nobody listens there. */
const noOllama = 'http://127.0.0.1:9';

export interface ProfileParts {
  /** What the scripted Ollama offers; null: there is none. Default: one model to chat with. */
  readonly models?: readonly ScriptedModel[] | null;
}

/**
 * One person's profile, in which the extension is installed as it is built here: a folder of VS Code with the store in it, and
 * the scripted Ollama that the extension talks with. `close` it in the end.
 */
export class Profile {
  /** Where the extension keeps its store; nothing is there until somebody writes it. */
  readonly storeFolder: string;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'hearthlink-profile-'));
  readonly #ollama: ScriptedOllama | null;
  readonly #workbenches: Workbench[] = [];

  private constructor(ollama: ScriptedOllama | null) {
    this.#ollama = ollama;
    this.storeFolder = path.join(this.#folder, 'data/User/globalStorage/hearthlink.hearthlink/store');
    mkdirSync(path.dirname(this.storeFolder), { recursive: true });
  }

  static async make({ models = [chatModel('hearth-chat')] }: ProfileParts = {}): Promise<Profile> {
    return new Profile(models === null ? null : await startScriptedOllama({ models }));
  }

  get ollama(): ScriptedOllama {
    if (this.#ollama === null) throw new Error('This profile was made without Ollama.');
    return this.#ollama;
  }

  /** Fills the store or looks at it, as another window would. */
  inStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
    return inStore(this.storeFolder, use);
  }

  /** Opens VS Code over this profile, in the sample workspace; again, after the one before was closed. */
  async open({ settings, ...options }: WorkbenchOptions = {}): Promise<Workbench> {
    const workbench = await openWorkbench({
      extensionPath: root,
      workspace: path.join(root, 'test/support/sample-workspace'),
      dataDir: this.#folder,
      settings: { 'hearthlink.endpoint': this.#ollama?.url ?? noOllama, ...settings },
      ...options,
    });
    this.#workbenches.push(workbench);
    return workbench;
  }

  /** Closes what is open over it, and takes it away. */
  async close(): Promise<void> {
    try {
      for (const workbench of this.#workbenches) await workbench.close();
    } finally {
      await this.#ollama?.stop();
      rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}
