import { InputBoxValidationSeverity, window, type InputBox, type InputBoxValidationMessage } from 'vscode';

export interface BoxQuestion {
  readonly title: string;
  readonly prompt: string;
  /** Whether what is typed is hidden. */
  readonly isHidden: boolean;
  /** Uses what was typed; what it answers is said below the box, which stays open then. Null: the box closes. */
  readonly take: (typed: string) => Promise<string | null>;
  /** Told of each change, to say something about what is typed so far. */
  readonly onType?: (typed: string, say: (message: InputBoxValidationMessage | undefined) => void) => void;
}

/** Asks in a native box that stays open, also when the focus goes elsewhere, until what was typed is taken. False when it was closed. */
export function askInBox({ title, prompt, isHidden, take, onType }: BoxQuestion): Promise<boolean> {
  const box = window.createInputBox();
  Object.assign(box, { title, prompt, password: isHidden, ignoreFocusOut: true });
  return new Promise((resolve) => {
    let isTaken = false;
    box.onDidChangeValue((typed) => {
      box.validationMessage = undefined;
      onType?.(typed, (message) => { if (box.value === typed) box.validationMessage = message; });
    });
    box.onDidAccept(() => {
      void taken(box, take).then((answer) => {
        isTaken ||= answer;
        if (answer) box.hide();
      });
    });
    box.onDidHide(() => {
      // Nothing of a secret stays in the box.
      box.value = '';
      box.dispose();
      resolve(isTaken);
    });
    box.show();
  });
}

async function taken(box: InputBox, take: BoxQuestion['take']): Promise<boolean> {
  if (box.busy || box.value === '') return false;
  box.busy = true;
  box.enabled = false;
  const problem = await take(box.value);
  box.busy = false;
  box.enabled = true;
  if (problem !== null) box.validationMessage = { message: problem, severity: InputBoxValidationSeverity.Error };
  return problem === null;
}
