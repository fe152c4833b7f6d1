import { ThemeIcon, l10n, window, type QuickPick, type QuickPickItem } from 'vscode';
import { questionTime } from '../memory/question-time.ts';
import { maskSecrets } from '../memory/secrets.ts';
import type { RecallHit } from '../store/recall-port.ts';
import type { ChatParts } from './chat/chat-parts.ts';

type Item = QuickPickItem & { readonly hit: RecallHit };

const typingPauseMs = 120;
const forgetButton = (): { iconPath: ThemeIcon; tooltip: string } => ({ iconPath: new ThemeIcon('trash'), tooltip: l10n.t('Forget') });

/** Searches memory as one types, by words. Answers the message to open for the chosen memory; null for none. */
export function recallInPicker(parts: ChatParts): Promise<{ readonly sessionId: string; readonly messageId: string } | null> {
  const picker = window.createQuickPick<Item>();
  picker.title = l10n.t('Recall a memory');
  picker.placeholder = l10n.t('A few words of it');
  picker.matchOnDescription = true;
  let pause: NodeJS.Timeout | undefined;
  picker.onDidChangeValue((value) => {
    clearTimeout(pause);
    pause = setTimeout(() => void search(parts, picker, value), typingPauseMs);
  });
  picker.onDidTriggerItemButton(async ({ item }) => {
    await parts.memories.forget(item.hit.slice.id);
    picker.items = picker.items.filter(({ hit }) => hit.slice.id !== item.hit.slice.id);
  });
  return new Promise((resolve) => {
    picker.onDidAccept(async () => {
      const [chosen] = picker.selectedItems;
      resolve(chosen === undefined ? null : await parts.memories.source(chosen.hit.slice.id));
      picker.hide();
    });
    picker.onDidHide(() => {
      clearTimeout(pause);
      picker.dispose();
      resolve(null);
    });
    picker.show();
  });
}

async function search({ store, agent, clock, log }: ChatParts, picker: QuickPick<Item>, text: string): Promise<void> {
  picker.busy = true;
  try {
    const at = clock.now();
    const { hits } = await store.recall({
      text,
      vector: null,
      agentId: agent.id,
      workspaceId: null,
      sessionId: null,
      excludeMessageIds: [],
      limit: 30,
      tokenBudget: 20_000,
      charactersPerToken: 4,
      during: questionTime(text, at),
      at,
    });
    if (picker.value === text) picker.items = hits.map(item);
  } catch (error) {
    log.warn('a recall failed', { reason: error instanceof Error ? error.name : 'unknown' });
  } finally {
    picker.busy = false;
  }
}

function item(hit: RecallHit): Item {
  const { slice } = hit;
  return {
    hit,
    label: maskSecrets(slice.text).replaceAll(/\s+/g, ' ').slice(0, 200),
    description: new Date(slice.validFrom).toLocaleDateString(undefined, { dateStyle: 'medium' }),
    ...(slice.sourceTitle === null ? {} : { detail: slice.sourceTitle }),
    buttons: [forgetButton()],
    alwaysShow: true,
  };
}
