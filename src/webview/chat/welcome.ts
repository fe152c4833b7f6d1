import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { ChatSnapshot, PullView } from '../../shared/protocol/chat-views.ts';
import { icon, linkButton } from '../ui/icon.ts';
import { buttonRow } from '../ui/notice.ts';
import type { Ask } from './ask.ts';
import { errorLine, errorText } from '../ui/error-text.ts';
import { pullView } from './pull-view.ts';

export interface WelcomeParts {
  readonly chat: ChatSnapshot;
  readonly ask: Ask;
  /** Puts words into the composer and the caret behind them. */
  readonly suggest: (text: string) => void;
}

/** What an empty chat shows. */
export function welcomeView(parts: WelcomeParts): TemplateResult {
  const { connection, store, private: isPrivate } = parts.chat;
  if (store.state === 'damaged') return damagedView();
  if (store.state === 'locked') return lockedView();
  if (store.state === 'newer-schema' || store.state === 'stopped') return unreadableView(parts);
  if (store.state === 'read-only') return readOnlyView();
  if (connection.state === 'no-model') return noModelView(parts);
  return isPrivate ? privateView(parts.chat.agent.name) : helloView(parts);
}

function page(title: string, glyph: string, content: unknown): TemplateResult {
  return html`<section class="welcome" aria-labelledby="welcome-title">
    ${icon(glyph, glyph === 'hearth' ? 'ember' : '')}
    <h2 id="welcome-title">${title}</h2>
    ${content}
  </section>`;
}

function helloView({ chat, ask, suggest }: WelcomeParts): TemplateResult {
  const explain = async (): Promise<void> => {
    if ((await ask('attachSelection', {})) !== undefined) suggest(l10n.t('Explain this.'));
  };
  return page(
    l10n.t('Hello, I’m {0}.', chat.agent.name),
    'hearth',
    html`<p>${l10n.t('I live on this machine and remember what you tell me. You can read, change and forget any of it, whenever you like.')}</p>
      <h3 class="sr-only">${l10n.t('Ways to begin')}</h3>
      <div class="starters">
        ${starter('comment', l10n.t('Tell me what you’re working on'), l10n.t('Tomorrow we can go on from there'), () => { suggest(l10n.t('I’m working on ')); })}
        ${chat.editor === null ? nothing : starter('selection', l10n.t('Explain what I have selected'), chat.editor.label, () => void explain())}
        ${starter('bookmark', l10n.t('Remember something for me'), l10n.t('“Releases go out on Thursdays”'), () => { suggest('/remember '); })}
      </div>
      <p class="quiet">${l10n.t('Everything stays in a folder of yours.')} ${linkButton(l10n.t('See where'), () => void ask('openDataFolder', {}))}</p>`,
  );
}

function starter(glyph: string, title: string, hint: string, press: () => void): TemplateResult {
  return html`<button type="button" class="starter" @click=${press}>${icon(glyph)}<span>${title}</span><span class="quiet">${hint}</span></button>`;
}

function privateView(agentName: string): TemplateResult {
  return page(
    l10n.t('Just between us'),
    'hearth-out',
    html`<p>${l10n.t('{0} recalls nothing here and keeps nothing. When you end it, or close the window, it is gone.', agentName)}</p>`,
  );
}

function noModelView({ chat, ask }: WelcomeParts): TemplateResult {
  const { connection, pull } = chat;
  if (connection.state !== 'no-model') return page('', 'hearth', nothing);
  const { suggestion, memoryGb } = connection;
  return page(
    l10n.t('Almost there'),
    'hearth',
    html`<p>${l10n.t('Ollama is running, but has no model to talk with yet. {0} fits your {1} GB of memory.', suggestion, memoryGb)}</p>
      ${pull === null || pull.error !== null ? offerView(suggestion, pull?.error ?? null, ask) : pullView(pull, ask)}
      <p class="quiet">${l10n.t('You can keep working. What you write below is sent when the model is here.')}</p>`,
  );
}

function offerView(model: string, error: PullView['error'], ask: Ask): TemplateResult {
  return html`${error === null ? nothing : html`<p role="alert"><span class="bad">${icon('error')}</span> ${errorLine(error)}</p>`}
  ${buttonRow([
    { label: error === null ? l10n.t('Pull {0}', model) : l10n.t('Try again'), press: () => void ask('pullModel', { model }) },
    { label: l10n.t('Choose another'), press: () => void ask('pullModel', { model: null }) },
  ])}`;
}

/** Nobody is invited to begin what cannot be saved; who has to say something can, and sees what becomes of it. */
function readOnlyView(): TemplateResult {
  return page(
    l10n.t('Nothing can be written right now'),
    'hearth-out',
    html`<p>${l10n.t('What is above says why, and what to do. You can write all the same: it stays in memory until it can be saved.')}</p>`,
  );
}

/** What was written before the damage can mostly be read, so nothing is said of all chats. */
function damagedView(): TemplateResult {
  return page(
    l10n.t('Some chats may be missing here'),
    'hearth-out',
    html`<p>${l10n.t('Chats that can be read are in the list. What is above says what is damaged, and what to do.')}</p>`,
  );
}

/** The banner above has the way to unlock it. */
function lockedView(): TemplateResult {
  return page(
    l10n.t('Locked'),
    'lock',
    html`<p>${l10n.t('Your chats and memories are encrypted, and stay so until you unlock them.')}</p>`,
  );
}

/** "Cannot read" is never shown as "empty". */
function unreadableView({ chat: { store } }: WelcomeParts): TemplateResult {
  const advice = store.error === null ? undefined : errorText(store.error).advice;
  return page(
    l10n.t('Your chats cannot be read right now'),
    'hearth-out',
    html`<p>${l10n.t('They are not gone. What is above says why they are not shown, and what to do.')}</p>
      ${advice === undefined ? nothing : html`<p class="quiet">${advice}</p>`}`,
  );
}
