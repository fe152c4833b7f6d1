import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MessageView } from '../../shared/protocol/chat-views.ts';
import { icon, linkButton } from '../ui/icon.ts';
import { isOpen, setOpen } from './open-folds.ts';
import type { TurnContext } from './turn-context.ts';
import './memory-item.ts';

/** The memories of a reply: folded under what a model said, open where they are the answer. */
export function memoriesView({ id, memories, origin }: MessageView, context: TurnContext): TemplateResult | typeof nothing {
  if (memories.length === 0) return nothing;
  const list = html`<ul class="memory-list">
    ${memories.map((memory) => html`<li><hearth-memory .memory=${memory} .context=${context}></hearth-memory></li>`)}
  </ul>`;
  if (origin === 'recall') return html`${list}<div>${linkButton(l10n.t('Look further back'), () => void context.ask('lookFurther', { messageId: id }))}</div>`;
  if (origin !== 'model') return list;
  return foldView(id, 'memories', html`${icon('ember', 'ember')}${l10n.t('Memories used ({0})', memories.length)}`, list);
}

/** One line that opens in place, and is open again when its turn comes back into the page. */
export function foldView(messageId: string, name: string, summary: unknown, body: unknown): TemplateResult {
  const onToggle = (event: Event): void => {
    if (event.target instanceof HTMLDetailsElement) setOpen(messageId, name, event.target.open);
  };
  return html`<details class="fold" ?open=${isOpen(messageId, name)} @toggle=${onToggle}>
    <summary>${icon('chevron-right')}${summary}</summary>
    ${body}
  </details>`;
}
