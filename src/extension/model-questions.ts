import { ThemeIcon, l10n, window } from 'vscode';
import type { ModelView } from '../shared/protocol/chat-views.ts';

const gigabyte = 1e9;

/** Asks which installed model answers from now on, or for another to pull; null when nothing was chosen. */
export async function askForModel(models: readonly ModelView[]): Promise<string | null> {
  const picked = await window.showQuickPick(
    models.map((model) => ({
      name: model.name,
      label: model.name,
      iconPath: new ThemeIcon(model.chosen ? 'check' : 'blank'),
      description: model.loaded ? l10n.t('In memory') : '',
      detail: describe(model),
    })),
    { title: l10n.t('Choose a model'), placeHolder: models.length === 0 ? l10n.t('No model is installed. Pull one first.') : '' },
  );
  return picked?.name ?? null;
}

/** Asks for the name of a model to pull. Nothing is downloaded before the user has confirmed a name. */
export async function askWhichToPull(suggestion: string): Promise<string | null> {
  const name = await window.showInputBox({
    title: l10n.t('Pull a model'),
    prompt: l10n.t('The name of a model of the Ollama library. It is downloaded by Ollama, a few gigabytes.'),
    value: suggestion,
    validateInput: (value) => (/^[\w./-]+(:[\w.-]+)?$/.test(value.trim()) ? undefined : l10n.t('A name such as {0}', 'gemma4:e4b-it-qat')),
  });
  return name === undefined ? null : name.trim();
}

function describe({ bytes, contextLength, abilities, needsBytes }: ModelView): string {
  const parts = [l10n.t('{0} GB', (bytes / gigabyte).toFixed(1))];
  if (contextLength !== null) parts.push(l10n.t('context {0}k', Math.round(contextLength / 1024)));
  const able = abilities.filter((ability) => ability !== 'chat');
  if (able.length > 0) parts.push(able.join(', '));
  if (needsBytes !== null) parts.push(l10n.t('needs more memory than this machine has'));
  return parts.join(' · ');
}
