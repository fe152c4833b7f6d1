import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { HearthlinkError, type ErrorCode } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { BackupsProtocol } from '../../shared/protocol/backups.ts';
import type { HeldAlongView, Keeping, LookedInto } from '../../shared/protocol/backups-contents.ts';
import type { BackupRow, BackupsSnapshot, RestoreOutcomeView, RestoreTargetView } from '../../shared/protocol/backups-views.ts';
import type { Channel } from '../ui/channel.ts';
import { icon, linkButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { problemNote } from '../ui/problem-note.ts';
import { provideButtons } from '../ui/toolkit.ts';
import { markShown } from '../ui/view-marks.ts';
import type { Ask } from './ask.ts';
import { outcomeNote, restoredOutcome, type Outcome, type Problem } from './backup-notes.ts';
import { backupTable, shownAtFirst, type TableActions } from './backup-table.ts';
import { activityWords, shelfWords, verdictWords } from './backup-words.ts';
import { encryptionSection } from './encryption-section.ts';
import { forgottenNotice } from './forgotten-notice.ts';
import { HeldAlong } from './held-along.ts';
import { placesSection } from './places-section.ts';
import { RestoreFlow, type Restoring } from './restore-flow.ts';
import { scheduleSection } from './schedule-section.ts';
import { shelfKeys } from './shelf-line.ts';
import '../ui/announcer.ts';
import './inside-view.ts';
import './restore-dialogue.ts';

provideButtons();

const secondMs = 1_000;

/** After these errors nobody knows whether the restore took place. */
const unclearWhether: ReadonlySet<ErrorCode> = new Set(['store-not-known-saved', 'store-timeout', 'store-stopped']);

export interface BackupsViewParts {
  readonly channel: Channel<BackupsProtocol>;
  readonly clock: Clock;
}

/** What is looked into; `opened` is undefined while it is put together. */
interface Looking {
  readonly target: RestoreTargetView;
  readonly opened: LookedInto | undefined;
  readonly along: HeldAlongView | undefined;
}

/** Backups as a whole: what is so in a sentence, all of them on a line of time and in a table, when the next ones are made, and where they lie. */
export class BackupsView extends LightElement {
  static override properties = {
    snapshot: { state: true },
    looking: { state: true },
    problem: { state: true },
    outcome: { state: true },
    showsAll: { state: true },
    now: { state: true },
  };

  readonly #channel: Channel<BackupsProtocol>;
  readonly #clock: Clock;
  declare private snapshot: BackupsSnapshot | undefined;
  declare private looking: Looking | undefined;
  declare private problem: Problem | undefined;
  declare private outcome: Outcome | undefined;
  declare private showsAll: boolean;
  declare private now: number;
  #second: ReturnType<typeof setInterval> | undefined;
  #isShown = false;
  #focusAfterDialogue: Element | null = null;
  readonly #restoring = new RestoreFlow({
    ask: (method, parameters) => this.#ask(method, parameters),
    onChange: () => { this.#onRestoring(); },
    onEnd: (outcome, target) => { this.#onRestored(outcome, target); },
  });

  constructor({ channel, clock }: BackupsViewParts) {
    super();
    this.#channel = channel;
    this.#clock = clock;
    this.showsAll = false;
    this.now = clock.now();
    channel.on('snapshot', (snapshot) => { this.snapshot = snapshot; });
    channel.on('activity', (activity) => {
      if (this.snapshot !== undefined) this.snapshot = { ...this.snapshot, activity };
    });
    channel.on('locked', () => { this.#drop(); });
    channel.on('settingsChanged', () => void this.find(HeldAlong, 'hearth-held-along')?.look());
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
    const { problem, outcome, snapshot } = this;
    const { restoring } = this.#restoring;
    return html`<main class="page">
        <h1 class="sr-only">${l10n.t('Backups')}</h1>
        <div class="panel">
          ${problem === undefined ? nothing : problemNote(problem.error.toData(), () => { this.problem = undefined; }, problem.where)}
          ${outcome === undefined ? nothing : outcomeNote(outcome, () => { this.outcome = undefined; })}
          ${snapshot === undefined ? nothing : this.looking === undefined ? this.#content(snapshot) : this.#inside(this.looking, snapshot)}
        </div>
      </main>
      <hearth-announcer></hearth-announcer>
      ${restoring === undefined || snapshot === undefined ? nothing : this.#dialogue(restoring, snapshot)}`;
  }

  #content(snapshot: BackupsSnapshot): TemplateResult {
    const { backups, unreadable } = snapshot;
    return html`${this.#verdict(snapshot)} ${forgottenNotice(snapshot, this.#ask)} ${backups.length === 0 ? nothing : this.#shelf(snapshot)}
      ${backups.length + unreadable.length === 0 ? nothing : backupTable(snapshot, { now: this.now, showsAll: this.showsAll }, this.#tableActions)}
      <div class="pair">${scheduleSection(snapshot, this.now, this.#ask)} ${placesSection(snapshot, this.#ask)} ${encryptionSection(snapshot.encryption, this.now, this.#ask)}</div>`;
  }

  #inside({ target, opened, along }: Looking, { activity }: BackupsSnapshot): TemplateResult {
    if (opened === undefined) {
      const words = activity.type === 'idle' || activity.type === 'starting' ? l10n.t('Putting it together…') : activityWords(activity, this.now);
      return html`<p class="state" role="status">${icon('loading', 'codicon-modifier-spin')}${words} ${linkButton(l10n.t('Stop'), () => void this.#ask('stop', {}))}</p>`;
    }
    return html`<hearth-inside
      .opened=${opened}
      .target=${target}
      .along=${along}
      .ask=${this.#ask}
      .now=${this.now}
      @said=${({ detail }: CustomEvent<string>) => { this.#announce(detail); }}
      @restore-all=${() => { this.#openRestore(target); }}
      @back=${() => { this.#leaveInside(); }}
    ></hearth-inside>`;
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
        ${newestUsable(backups) === undefined
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

  #dialogue({ target, preview, isBusy }: Restoring, { moments, activity }: BackupsSnapshot): TemplateResult {
    return html`<hearth-restore
      .target=${target}
      .preview=${preview}
      .moments=${moments}
      .isBusy=${isBusy}
      .activity=${activity}
      .now=${this.now}
      @target-change=${({ detail }: CustomEvent<RestoreTargetView>) => void this.#restoring.open(detail)}
      @look-inside=${() => { this.#restoring.close(); void this.#lookInside(target); }}
      @restore=${({ detail }: CustomEvent<Keeping>) => void this.#restoring.restore(detail)}
      @stop=${() => void this.#ask('stop', {})}
      @dismiss=${() => { this.#restoring.close(); }}
    ></hearth-restore>`;
  }

  readonly #tableActions: TableActions = {
    showAll: () => { this.#showAll(); },
    lookInside: ({ id }) => void this.#lookInside({ type: 'backup', id }),
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
      const where = method === 'restore' && !unclearWhether.has(known.code) ? l10n.t('Nothing was changed: all is as it was before.') : undefined;
      if (known.code !== 'cancelled') this.problem = { error: known, where };
      else if (where !== undefined) this.outcome = { title: l10n.t('The restore was stopped.'), detail: where };
      return undefined;
    }
  };

  async #backUp(): Promise<void> {
    this.outcome = undefined;
    const answer = await this.#ask('backUp', {});
    if (answer === undefined) return;
    if (answer.made) this.#announce(l10n.t('Backed up and proved.'));
    else this.outcome = { title: l10n.t('Nothing has changed since the newest backup, so there is nothing to add to it.') };
  }

  async #prove(id: string): Promise<void> {
    if ((await this.#ask('prove', { id })) !== undefined) this.#announce(l10n.t('Proved: it was restored into a scratch place and compared.'));
  }

  /** Without a target, that of the newest backup that can be restored. */
  #openRestore(target?: RestoreTargetView): void {
    const newest = newestUsable(this.snapshot?.backups ?? []);
    const first: RestoreTargetView | undefined = target ?? (newest === undefined ? undefined : { type: 'backup', id: newest.id });
    if (first === undefined || this.#restoring.restoring !== undefined) return;
    this.#focusAfterDialogue = document.activeElement;
    this.outcome = undefined;
    void this.#restoring.open(first);
  }

  #onRestoring(): void {
    this.requestUpdate();
    if (this.#restoring.restoring !== undefined) return;
    const before = this.#focusAfterDialogue;
    this.#focusAfterDialogue = null;
    // As long as the dialogue is in the page, nothing else takes the focus.
    void this.drawn().then(() => { if (before instanceof HTMLElement) before.focus(); });
  }

  #onRestored(outcome: RestoreOutcomeView | undefined, target: RestoreTargetView): void {
    // A restore closes what was open to be looked into, also when it then fails.
    if (this.looking !== undefined) {
      this.looking = undefined;
      this.#toShelf();
    }
    if (outcome === undefined) return;
    const restored = restoredOutcome(outcome, this.now, (id) => { this.#openRestore({ type: 'backup', id }); });
    const also = html`<hearth-held-along .target=${target} .ask=${this.#ask} .now=${this.now} .onlySettings=${true}></hearth-held-along>`;
    this.outcome = { ...restored, also };
    this.#announce([restored.title, restored.detail].filter((words) => words !== undefined).join(' '));
  }

  /** What was pressed goes away, so the focus goes on to the first that is new. */
  #showAll(): void {
    this.showsAll = true;
    void this.drawn().then(() => {
      const first = this.querySelectorAll('tr.backup')[shownAtFirst];
      first?.querySelector('th')?.focus();
    });
  }

  async #lookInside(target: RestoreTargetView): Promise<void> {
    const looking: Looking = { target, opened: undefined, along: undefined };
    this.looking = looking;
    this.outcome = undefined;
    const opened = await this.#ask('lookInto', { target });
    const along = opened === undefined ? undefined : await this.#ask('heldAlong', { target });
    if (this.looking !== looking) return;
    this.looking = opened === undefined ? undefined : { target, opened, along };
    if (opened === undefined) this.#toShelf();
  }

  #leaveInside(): void {
    this.looking = undefined;
    void this.#ask('closeInside', {});
    this.#toShelf();
  }

  /** All backups are shown again: there the keyboard goes on. */
  #toShelf(): void {
    void this.drawn().then(() => this.find(HTMLElement, '.shelf')?.focus());
  }

  /** Nothing that was read from a backup stays in the view; what can still be seen follows. */
  #drop(): void {
    this.#restoring.close();
    this.looking = undefined;
    this.outcome = undefined;
    if (this.snapshot === undefined) return;
    const { backups } = this.snapshot;
    this.snapshot = { ...this.snapshot, verdict: { type: 'locked', count: backups.length }, backups: [], moments: [] };
  }

  #announce(words: string): void {
    this.querySelector('hearth-announcer')?.say(words);
  }
}

function newestUsable(backups: readonly BackupRow[]): BackupRow | undefined {
  return backups.find(({ state, isIncomplete }) => state.type !== 'damaged' && !isIncomplete);
}

customElements.define('hearth-backups', BackupsView);
