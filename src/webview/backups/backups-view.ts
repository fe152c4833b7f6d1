import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { BackupsProtocol } from '../../shared/protocol/backups.ts';
import type { BackupsSnapshot, RestorePreviewView, RestoreTargetView } from '../../shared/protocol/backups-views.ts';
import { errorText } from '../chat/error-text.ts';
import type { Channel } from '../ui/channel.ts';
import { icon, iconButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { noticeView } from '../ui/notice.ts';
import { markShown } from '../ui/view-marks.ts';
import type { Ask } from './ask.ts';
import { backupTable, type TableActions } from './backup-table.ts';
import { activityWords, memoriesWords, shelfWords, verdictWords } from './backup-words.ts';
import { encryptionSection } from './encryption-section.ts';
import { placesSection } from './places-section.ts';
import { scheduleSection } from './schedule-section.ts';
import { shelfKeys } from './shelf-line.ts';
import '../ui/announcer.ts';
import './restore-dialogue.ts';

const secondMs = 1_000;

export interface BackupsViewParts {
  readonly channel: Channel<BackupsProtocol>;
  readonly clock: Clock;
}

/** The dialogue that is open. */
interface Restoring {
  readonly target: RestoreTargetView;
  readonly preview: RestorePreviewView | undefined;
  readonly isBusy: boolean;
}

/** Backups as a whole: what is so in a sentence, all of them on a line of time and in a table, when the next ones are made, and where they lie. */
export class BackupsView extends LightElement {
  static override properties = {
    snapshot: { state: true },
    restoring: { state: true },
    problem: { state: true },
    outcome: { state: true },
    now: { state: true },
  };

  readonly #channel: Channel<BackupsProtocol>;
  readonly #clock: Clock;
  declare private snapshot: BackupsSnapshot | undefined;
  declare private restoring: Restoring | undefined;
  declare private problem: HearthlinkError | undefined;
  /** What went well, to be read. */
  declare private outcome: string | undefined;
  declare private now: number;
  #second: ReturnType<typeof setInterval> | undefined;
  #isShown = false;
  #focusAfterDialogue: Element | null = null;

  constructor({ channel, clock }: BackupsViewParts) {
    super();
    this.#channel = channel;
    this.#clock = clock;
    this.now = clock.now();
    channel.on('snapshot', (snapshot) => { this.snapshot = snapshot; });
    channel.on('activity', (activity) => {
      if (this.snapshot !== undefined) this.snapshot = { ...this.snapshot, activity };
    });
    channel.on('locked', () => { this.#drop(); });
    channel.on('showRestore', () => { this.#openRestore(); });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#second = setInterval(() => { this.now = this.#clock.now(); }, secondMs);
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#second);
  }

  async #begin(): Promise<void> {
    this.snapshot = await this.#ask('ready', {});
  }

  protected override updated(): void {
    if (this.#isShown || this.snapshot === undefined) return;
    this.#isShown = true;
    markShown();
  }

  protected override render(): TemplateResult {
    return html`<main class="page">
        <h1 class="sr-only">${l10n.t('Backups')}</h1>
        <div class="panel">
          ${this.problem === undefined ? nothing : this.#problem(this.problem)} ${this.outcome === undefined ? nothing : this.#outcome(this.outcome)}
          ${this.snapshot === undefined ? nothing : this.#content(this.snapshot)}
        </div>
      </main>
      <hearth-announcer></hearth-announcer>
      ${this.restoring === undefined || this.snapshot === undefined ? nothing : this.#dialogue(this.restoring, this.snapshot)}`;
  }

  #content(snapshot: BackupsSnapshot): TemplateResult {
    const { backups, unreadable } = snapshot;
    return html`${this.#verdict(snapshot)} ${backups.length === 0 ? nothing : this.#shelf(snapshot)}
      ${backups.length + unreadable.length === 0 ? nothing : backupTable(snapshot, this.now, this.#tableActions)}
      <div class="pair">${scheduleSection(snapshot, this.now, this.#ask)} ${placesSection(snapshot, this.#ask)} ${encryptionSection(snapshot.encryption, this.now, this.#ask)}</div>`;
  }

  #verdict({ verdict, activity, backups }: BackupsSnapshot): TemplateResult {
    const { icon: name, iconClass, title, text } = verdictWords(verdict, this.now);
    const isBusy = activity.type !== 'idle';
    return html`<div class="verdict">
      ${icon(name, iconClass)}
      <div>
        <h2>${title}</h2>
        <p class="quiet">${text}</p>
        ${isBusy && backups.length === 0 ? html`<p class="quiet">${activityWords(activity, this.now)}</p>` : nothing}
      </div>
      <div class="button-row">
        ${verdict.type === 'locked'
          ? html`<vscode-button appearance="primary" @click=${() => void this.#ask('encryption', { action: 'unlock' })}>${l10n.t('Unlock…')}</vscode-button>`
          : html`<vscode-button appearance="primary" ?disabled=${isBusy} @click=${() => void this.#backUp()}>${l10n.t('Back up now')}</vscode-button>`}
        ${backups.length === 0
          ? nothing
          : html`<vscode-button appearance="secondary" ?disabled=${isBusy} @click=${() => { this.#openRestore(); }}>${l10n.t('Restore…')}</vscode-button>`}
      </div>
    </div>`;
  }

  #shelf({ backups, unreadable, folders }: BackupsSnapshot): TemplateResult {
    const bytes = [...backups, ...unreadable].reduce((sum, backup) => sum + backup.bytes, 0);
    return html`<section class="block shelf" tabindex="0" aria-label=${l10n.t('Backups over time')}>
      <div class="block-head">
        <h2>${l10n.t('On the shelf')}</h2>
        <span class="quiet">${shelfWords(backups.length, bytes, folders[0]?.freeBytes ?? null)}</span>
        <span class="spread"></span>
        ${shelfKeys()}
      </div>
      <hearth-shelf .backups=${backups} .now=${this.now - (this.now % 60_000)}></hearth-shelf>
    </section>`;
  }

  #dialogue({ target, preview, isBusy }: Restoring, { moments }: BackupsSnapshot): TemplateResult {
    return html`<hearth-restore
      .target=${target}
      .preview=${preview}
      .moments=${moments}
      .isBusy=${isBusy}
      .now=${this.now}
      @target-change=${({ detail }: CustomEvent<RestoreTargetView>) => void this.#preview(detail)}
      @restore=${() => void this.#restore()}
      @dismiss=${() => { this.#closeRestore(); }}
    ></hearth-restore>`;
  }

  #problem(error: HearthlinkError): TemplateResult {
    const { title, detail, advice } = errorText(error.toData());
    return html`<div class="note">
      ${noticeView({ icon: 'error', iconClass: 'bad', role: 'alert', title, detail, advice })}
      ${iconButton({ icon: 'close', label: l10n.t('Hide this note'), press: () => { this.problem = undefined; } })}
    </div>`;
  }

  #outcome(words: string): TemplateResult {
    return html`<div class="note">
      ${noticeView({ icon: 'verified', iconClass: 'good', role: 'status', title: words })}
      ${iconButton({ icon: 'close', label: l10n.t('Hide this note'), press: () => { this.outcome = undefined; } })}
    </div>`;
  }

  readonly #tableActions: TableActions = {
    prove: (id) => void this.#prove(id),
    restore: ({ id }) => { this.#openRestore({ type: 'backup', id }); },
    remove: ({ id }) => void this.#ask('remove', { id }),
    stop: () => void this.#ask('stop', {}),
  };

  readonly #ask: Ask = async (method, parameters) => {
    this.problem = undefined;
    try {
      return await this.#channel.request(method, parameters);
    } catch (error) {
      const known = HearthlinkError.from(error);
      if (known.code !== 'cancelled') this.problem = known;
      return undefined;
    }
  };

  async #backUp(): Promise<void> {
    this.outcome = undefined;
    const answer = await this.#ask('backUp', {});
    if (answer === undefined) return;
    if (answer.made) this.#announce(l10n.t('Backed up and proved.'));
    else this.outcome = l10n.t('Nothing has changed since the newest backup, so there is nothing to add to it.');
  }

  async #prove(id: string): Promise<void> {
    if ((await this.#ask('prove', { id })) !== undefined) this.#announce(l10n.t('Proved: it was restored into a scratch place and compared.'));
  }

  /** Without a target, that of the newest backup that can be restored. */
  #openRestore(target?: RestoreTargetView): void {
    const newest = this.snapshot?.backups.find(({ state, isIncomplete }) => state.type !== 'damaged' && !isIncomplete);
    const first: RestoreTargetView | undefined = target ?? (newest === undefined ? undefined : { type: 'backup', id: newest.id });
    if (first === undefined || this.restoring !== undefined) return;
    this.#focusAfterDialogue = document.activeElement;
    this.outcome = undefined;
    void this.#preview(first);
  }

  async #preview(target: RestoreTargetView): Promise<void> {
    const opened: Restoring = { target, preview: undefined, isBusy: false };
    this.restoring = opened;
    const preview = await this.#ask('preview', { target });
    if (this.restoring !== opened) return;
    if (preview === undefined) this.#closeRestore();
    else this.restoring = { ...opened, preview };
  }

  async #restore(): Promise<void> {
    const { restoring } = this;
    if (restoring === undefined || restoring.isBusy) return;
    this.restoring = { ...restoring, isBusy: true };
    const outcome = await this.#ask('restore', { target: restoring.target });
    this.#closeRestore();
    if (outcome === undefined) return;
    const memories = outcome.comparisons.find(({ kind }) => kind === 'memories')?.count ?? 0;
    this.outcome = outcome.hasSafety
      ? l10n.t('Restored and compared: {0} are back. What was there before is in the newest backup.', memoriesWords(memories))
      : l10n.t('Restored and compared: {0} are back.', memoriesWords(memories));
  }

  #closeRestore(): void {
    const before = this.#focusAfterDialogue;
    this.#focusAfterDialogue = null;
    this.restoring = undefined;
    // As long as the dialogue is in the page, nothing else takes the focus.
    void this.drawn().then(() => { if (before instanceof HTMLElement) before.focus(); });
  }

  /** Nothing that was read from a backup stays in the view; what can still be seen follows. */
  #drop(): void {
    this.restoring = undefined;
    this.outcome = undefined;
    if (this.snapshot === undefined) return;
    const { backups } = this.snapshot;
    this.snapshot = { ...this.snapshot, verdict: { type: 'locked', count: backups.length }, backups: [], moments: [] };
  }

  #announce(words: string): void {
    this.querySelector('hearth-announcer')?.say(words);
  }
}

customElements.define('hearth-backups', BackupsView);
