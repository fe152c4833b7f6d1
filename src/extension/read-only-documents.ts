import { Uri, languages, window, workspace } from 'vscode';
import type { Disposable } from '../shared/events.ts';

const scheme = 'hearthlink';

/** Texts of ours that are read, searched and copied in an editor like any other, and cannot be changed. */
export class ReadOnlyDocuments implements Disposable {
  readonly #texts = new Map<string, string>();
  readonly #provider: Disposable;

  constructor() {
    this.#provider = workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: (uri) => this.#texts.get(uri.path) ?? '' });
  }

  /** @param name the editor's title */
  async show(name: string, text: string): Promise<void> {
    // A text of its own each time: the editor keeps what it was given under a name.
    const path = `/${String(this.#texts.size + 1)}/${name}`;
    this.#texts.set(path, text);
    const document = await workspace.openTextDocument(Uri.from({ scheme, path }));
    await languages.setTextDocumentLanguage(document, 'plaintext');
    await window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.#provider.dispose();
    this.#texts.clear();
  }
}
