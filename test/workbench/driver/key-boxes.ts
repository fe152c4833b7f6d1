import type { WorkbenchWindow } from './workbench-window.ts';

/** The questions about keys in one window, answered as a person would. */
export class KeyBoxes {
  readonly #window: WorkbenchWindow;

  constructor(window: WorkbenchWindow) {
    this.#window = window;
  }

  /** Types into the box with this title, once it is the one that is open. */
  answer(title: string, text: string): Promise<void> {
    return this.#window.answerBox(title, text);
  }

  /** What a box says of what was typed stands beside it, in a layer of its own. */
  says(words: string | RegExp): Promise<void> {
    return this.#window.page.getByText(words).filter({ visible: true }).first().waitFor();
  }

  /** Takes the recovery key that is shown now, as if it were kept somewhere. */
  async copyRecoveryKey(): Promise<string> {
    const { detail } = await this.#window.dialog();
    const [recoveryKey] = /(?:[0-9A-Z]{4}-){8}[0-9A-Z]{4}/.exec(detail) ?? [];
    if (recoveryKey === undefined) throw new Error(`There is no recovery key in "${detail}".`);
    await this.#window.answerDialog('Copy');
    return recoveryKey;
  }

  /** All that is asked before there are keys, which nothing but typing opens. Answers the recovery key. */
  async makeKeys(passphrase: string): Promise<string> {
    await this.answer('Choose a passphrase', passphrase);
    await this.answer('Your passphrase, again', passphrase);
    const recoveryKey = await this.copyRecoveryKey();
    await this.answer('Your recovery key, again', recoveryKey);
    await this.#window.pick('Ask me at each start');
    return recoveryKey;
  }
}
