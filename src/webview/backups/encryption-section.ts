import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { EncryptionAction, EncryptionView } from '../../shared/protocol/backups-encryption.ts';
import { icon, linkButton } from '../ui/icon.ts';
import { momentWords } from '../ui/time-words.ts';
import type { Ask } from './ask.ts';
import { closedWords, encryptionWords, lockWords, olderKeysWords } from './encryption-words.ts';

/** Whether backups are encrypted, whether what opens them is locked, and all that can be done about it. */
export function encryptionSection(encryption: EncryptionView, now: number, ask: Ask): TemplateResult {
  const { state, isLocked, isStoreEncrypted } = encryption;
  const link = (words: string, action: EncryptionAction): TemplateResult => linkButton(words, () => void ask('encryption', { action }));
  const { icon: name, iconClass, words } = encryptionWords(encryption);
  return html`<section class="block">
    <h2>${l10n.t('Encryption')}</h2>
    <dl class="facts">
      <dt>${l10n.t('State')}</dt>
      <dd><span class="state">${icon(name, iconClass)}${words}</span> ${stateLinks(encryption, link)}</dd>
      ${state === 'never' || state === 'damaged' || isLocked ? nothing : openFacts(encryption, now, link)}
    </dl>
    ${state === 'on' || isStoreEncrypted === true ? storeLine(encryption, link) : nothing}
  </section>`;
}

/** About what is not a backup. To change it takes the keys, so while they are locked it is only said. */
function storeLine({ isLocked, isStoreEncrypted }: EncryptionView, link: Link): TemplateResult {
  const isEncrypted = isStoreEncrypted === true;
  const words = isEncrypted ? l10n.t('Your chats and memories are encrypted as well.') : l10n.t('This is about backups. Your chats and memories themselves lie open beside them.');
  const change = isEncrypted ? link(l10n.t('Stop encrypting them…'), 'decrypt-store') : link(l10n.t('Encrypt them too…'), 'encrypt-store');
  return html`<p class="quiet">${words} ${isLocked ? nothing : change}</p>`;
}

type Link = (words: string, action: EncryptionAction) => TemplateResult;

function stateLinks({ state, isLocked, closedMinutes }: EncryptionView, link: Link): TemplateResult {
  if (closedMinutes !== null && (isLocked || state === 'damaged')) return html`<span class="quiet">${closedWords(closedMinutes)}</span>`;
  if (state === 'damaged') return link(l10n.t('Get them back from a copy…'), 'unlock');
  if (state === 'never') return link(l10n.t('Turn on…'), 'encrypt');
  return html`${isLocked ? link(l10n.t('Unlock…'), 'unlock') : link(l10n.t('Lock now'), 'lock')}
  ${state === 'on' ? link(l10n.t('Turn off…'), 'turn-off') : link(l10n.t('Turn on again…'), 'encrypt')}`;
}

function openFacts({ isRemembered, keyMadeAt, olderKeys, lockAfterMinutes }: EncryptionView, now: number, link: Link): TemplateResult {
  return html`<dt>${l10n.t('Locks')}</dt>
    <dd>${lockWords(lockAfterMinutes)}</dd>
    <dt>${l10n.t('Passphrase')}</dt>
    <dd>
      ${isRemembered ? l10n.t('Remembered on this computer.') : l10n.t('Asked for at each start.')} ${link(l10n.t('Change how…'), 'remember')}
      ${link(l10n.t('New passphrase…'), 'change-passphrase')} ${link(l10n.t('New recovery key…'), 'new-recovery-key')}
    </dd>
    <dt>${l10n.t('Key')}</dt>
    <dd>
      ${keyMadeAt === null ? nothing : l10n.t('Made {0}.', momentWords(keyMadeAt, now))} ${olderKeys === 0 ? nothing : olderKeysWords(olderKeys)}
      ${link(l10n.t('Make a new key…'), 'new-key')}
    </dd>`;
}
