import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { BackupRow } from '../../shared/protocol/backups-views.ts';
import { currentLocale, counted } from '../ui/locale.ts';
import { LightElement } from '../ui/light-element.ts';
import { dayWords, startOfDay } from '../ui/time-words.ts';

const height = 60;
const axisY = 40.5;
const fullHeight = 32;
const changesHeight = 16;
const edge = 10;
const dayMs = 86_400_000;
/** Room that a date below the line needs. */
const dateWidth = 72;

/**
 * All backups on one line of time: tall is everything, short is changes, hollow is not proved, crossed is damaged, dashed leaves next. Drawn
 * to the width it has, so that text keeps its size. The table below says the same.
 */
export class ShelfLine extends LightElement {
  static override properties = { backups: { attribute: false }, now: { attribute: false }, width: { state: true } };

  declare backups: readonly BackupRow[];
  declare now: number;
  declare private width: number;
  readonly #measuring = new ResizeObserver(([entry]) => {
    if (entry !== undefined) this.width = Math.round(entry.contentRect.width);
  });

  constructor() {
    super();
    this.backups = [];
    this.now = 0;
    this.width = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#measuring.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#measuring.disconnect();
  }

  protected override render(): TemplateResult {
    const { width } = this;
    const x = this.#scale();
    return html`<svg viewBox="0 0 ${Math.max(width, 1)} ${height}" role="img" aria-label=${this.#summary()}>
      <line class="axis" x1="0" x2=${width} y1=${axisY} y2=${axisY} />
      ${this.backups.map((backup) => tick(backup, Math.round(x(backup.madeAt)) + 0.5))} ${this.#dates(x)}
    </svg>`;
  }

  #scale(): (at: number) => number {
    const first = Math.min(...this.backups.map(({ madeAt }) => madeAt), this.now - dayMs);
    const last = Math.max(this.now, ...this.backups.map(({ madeAt }) => madeAt));
    return (at) => edge + ((at - first) / (last - first)) * Math.max(0, this.width - 2 * edge);
  }

  /** As many days as have room, the same number of days apart, counted back from today. */
  #dates(x: (at: number) => number): SVGTemplateResult[] {
    const first = Math.min(...this.backups.map(({ madeAt }) => madeAt), this.now - dayMs);
    const days = Math.max(1, Math.ceil((this.now - first) / dayMs));
    const step = Math.max(1, Math.ceil((days * dateWidth) / Math.max(this.width, dateWidth)));
    const format = new Intl.DateTimeFormat(currentLocale(), { day: 'numeric', month: 'short' });
    const dates: SVGTemplateResult[] = [];
    for (let ago = 0; ago <= days; ago += step) {
      const day = startOfDay(this.now - ago * dayMs);
      if (day < first && ago > 0) break;
      const words = ago === 0 ? dayWords(day, this.now) : format.format(day);
      const anchor = ago === 0 ? 'end' : 'start';
      dates.push(svg`<text x=${ago === 0 ? this.width - 2 : Math.max(0, x(day))} y="56" text-anchor=${anchor}>${words}</text>`);
    }
    return dates;
  }

  #summary(): string {
    const count = (passes: (backup: BackupRow) => boolean): number => this.backups.filter(passes).length;
    const all = this.backups.length;
    return [
      counted(all, l10n.t('{0} backup.', all), l10n.t('{0} backups.', all)),
      l10n.t('{0} of everything, {1} proved, {2} damaged, {3} leaving next.', ...[
        count(({ kind }) => kind === 'full'),
        count(({ state }) => state.type === 'proved'),
        count(({ state }) => state.type === 'damaged'),
        count(({ leaves }) => leaves),
      ]),
    ].join(' ');
  }
}

function tick({ kind, state, leaves }: BackupRow, x: number): SVGTemplateResult {
  const length = kind === 'full' ? fullHeight : changesHeight;
  if (state.type === 'damaged') {
    const top = axisY - length;
    return svg`<path class="tick is-damaged" d=${`M${String(x - 3)} ${String(top + 2)}l6 6M${String(x + 3)} ${String(top + 2)}l-6 6M${String(x)} ${String(top + 10)}V${String(axisY)}`} />`;
  }
  const look = leaves ? 'is-leaving' : state.type === 'not-proved' ? 'is-unproved' : '';
  return svg`<rect class="tick ${look}" x=${x - 1.5} y=${axisY - length} width="3" height=${length} />`;
}

/** What the marks mean. For the eye; the line has a label of its own. */
export function shelfKeys(): TemplateResult {
  const key = (mark: SVGTemplateResult, words: string): TemplateResult => html`<span><svg viewBox="0 0 8 12">${mark}</svg>${words}</span>`;
  return html`<span class="keys" aria-hidden="true">
    ${key(svg`<rect class="tick" x="2.5" y="0.5" width="3" height="11" />`, l10n.t('Everything, proved'))}
    ${key(svg`<rect class="tick" x="2.5" y="5.5" width="3" height="6" />`, l10n.t('Changes'))}
    ${key(svg`<rect class="tick is-unproved" x="2.5" y="0.5" width="3" height="11" />`, l10n.t('Not proved'))}
    ${key(svg`<path class="tick is-damaged" d="M1 1l6 6M7 1l-6 6M4 8v4" />`, l10n.t('Damaged'))}
    ${key(svg`<rect class="tick is-leaving" x="2.5" y="0.5" width="3" height="11" />`, l10n.t('Leaves next'))}
  </span>`;
}

customElements.define('hearth-shelf', ShelfLine);
