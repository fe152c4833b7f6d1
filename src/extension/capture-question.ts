import { l10n, window, type QuickPickItem } from 'vscode';
import type { CaptureMode } from '../store/records.ts';

type Choice = Exclude<CaptureMode, 'unset'>;

/** Asks how facts are remembered from now on; null when the user leaves it as it is. */
export async function captureQuestion(current: CaptureMode): Promise<Choice | null> {
  const items: (QuickPickItem & { mode: Choice })[] = [
    { mode: 'ask', label: l10n.t('Ask me'), detail: l10n.t('Alden asks about each fact he finds in what you say.') },
    { mode: 'automatic', label: l10n.t('Remember, and let me undo'), detail: l10n.t('Each fact is kept at once and shown under the reply, with undo.') },
    { mode: 'off', label: l10n.t('Only what I tell you to'), detail: l10n.t('No facts are made. What was said can still be recalled.') },
  ];
  const picked = await window.showQuickPick(
    items.map((item) => ({ ...item, description: item.mode === current ? l10n.t('Now') : '' })),
    { title: l10n.t('How shall facts be remembered?') },
  );
  return picked?.mode ?? null;
}
