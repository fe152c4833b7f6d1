import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { EntityKind, EntityView, GraphView, SliceRow } from '../../shared/protocol/memory-views.ts';
import { iconButton, linkButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { dayWords } from '../ui/time-words.ts';
import type { Ask } from './ask.ts';
import { noFilter } from './browser-state.ts';
import { entityKindWord, nodeShape } from './entity-shapes.ts';
import { labelsThatFit } from './graph-labels.ts';
import { layOut, type Point } from './graph-layout.ts';
import { sliceRowView } from './slice-row.ts';
import { memoriesWords } from './slice-words.ts';

/** Drawn at first, and at most. */
const limits = { first: 120, most: 500 } as const;
/** Besides what is tied to the chosen one: more names would hide the nodes. */
const mostNamed = 60;
/** From so many ties on they step back: what touches the chosen one has to stand out. */
const manyTies = 200;
const edge = 60;
const latestShown = 5;

/**
 * People, places, projects, files and topics, tied by the memories that name both. One tab stop: the arrows go from one to the next,
 * by how often they are named; what is tied to the chosen one has the colour of memory. The same can be read as a table. Tells
 * `memories-wanted` with a name, and `slice-wanted` with an id.
 */
export class MemoryGraph extends LightElement {
  static override properties = {
    ask: { attribute: false },
    now: { attribute: false },
    graph: { state: true },
    chosen: { state: true },
    latest: { state: true },
    isTable: { state: true },
    zoom: { state: true },
    size: { state: true },
  };

  declare ask: Ask;
  declare now: number;
  declare private graph: GraphView | undefined;
  /** Its place among the entities. */
  declare private chosen: number;
  declare private latest: readonly SliceRow[];
  declare private isTable: boolean;
  declare private zoom: number;
  declare private size: { readonly width: number; readonly height: number };
  #points: readonly Point[] = [];
  readonly #resizes = new ResizeObserver(([entry]) => {
    if (entry !== undefined) this.size = { width: entry.contentRect.width, height: entry.contentRect.height };
  });

  constructor() {
    super();
    this.chosen = 0;
    this.latest = [];
    this.isTable = false;
    this.zoom = 1;
    this.size = { width: 700, height: 560 };
  }

  protected override firstUpdated(): void {
    void this.#load(limits.first);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  protected override updated(): void {
    const box = this.find(HTMLElement, '.graph');
    if (box !== undefined) this.#resizes.observe(box);
  }

  protected override render(): TemplateResult {
    const { graph } = this;
    if (graph === undefined) return html`<p class="quiet late detail-none">${l10n.t('Reading your memories.')}</p>`;
    if (graph.entities.length === 0) return html`<section class="empty"><p>${l10n.t('No name or topic stands in several memories yet.')}</p></section>`;
    const entity = graph.entities[this.chosen];
    return html`<div class="panes graph-panes">
      <div class="graph ${this.isTable ? 'is-table' : ''}">
        ${this.isTable ? this.#table(graph) : this.#drawing(graph)}
        <div class="toolbar graph-tools">
          <span class="quiet">${l10n.t('{0} of {1}, from the latest {2}', numberWords(graph.entities.length), numberWords(graph.found), memoriesWords(graph.read))}</span>
          ${graph.found > graph.entities.length && graph.entities.length < limits.most ? linkButton(l10n.t('Show more'), () => void this.#load(limits.most)) : nothing}
          ${iconButton({ icon: this.isTable ? 'type-hierarchy' : 'list-flat', label: this.isTable ? l10n.t('Show as a graph') : l10n.t('Show as a list'), press: () => { this.isTable = !this.isTable; } })}
          ${this.isTable
            ? nothing
            : html`${iconButton({ icon: 'remove', label: l10n.t('Zoom out'), disabled: this.zoom <= 1, press: () => { this.zoom = Math.max(1, this.zoom / 1.5); } })}
                ${iconButton({ icon: 'add', label: l10n.t('Zoom in'), press: () => { this.zoom = Math.min(8, this.zoom * 1.5); } })}
                ${iconButton({ icon: 'screen-full', label: l10n.t('Fit'), press: () => { this.zoom = 1; } })}`}
        </div>
      </div>
      ${entity === undefined ? nothing : this.#detail(graph, entity)}
    </div>`;
  }

  #drawing(graph: GraphView): TemplateResult {
    const near = this.#neighbours(graph, this.chosen);
    const { width, height } = this.size;
    const at = this.#places();
    const strongest = Math.max(1, ...graph.ties.map(({ count }) => count));
    const named = this.#labelled(graph, near, at);
    return html`<svg
        viewBox="0 0 ${width} ${height}"
        role="listbox"
        tabindex="0"
        aria-label=${l10n.t('People, places, projects and topics, and the memories that tie them')}
        aria-activedescendant="entity-${this.chosen}"
        @keydown=${this.#onKey}
      >
        <g aria-hidden="true" class=${graph.ties.length >= manyTies ? 'ties is-many' : 'ties'}>
          ${graph.ties.map(({ a, b, count }) => {
            const [from, to] = [at[a], at[b]];
            if (from === undefined || to === undefined) return nothing;
            const isNear = a === this.chosen || b === this.chosen;
            return svg`<line class="tie ${isNear ? 'is-near' : ''}" x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y} stroke-width=${0.5 + (2 * count) / strongest} />`;
          })}
        </g>
        ${graph.entities.map((entity, index) => this.#node(entity, index, { near, at, isLabelled: named.has(index) }))}
      </svg>
      <div class="legend" aria-hidden="true">${(['person', 'place', 'project', 'file', 'topic'] as const).map((kind) => html`<span><svg viewBox="-6 -6 12 12">${nodeShape(kind, 5)}</svg>${entityKindWord(kind)}</span>`)}</div>`;
  }

  #node(entity: EntityView, index: number, { near, at, isLabelled }: { readonly near: ReadonlyMap<number, number>; readonly at: readonly Point[]; readonly isLabelled: boolean }): SVGTemplateResult | typeof nothing {
    const place = at[index];
    if (place === undefined) return nothing;
    const standing = index === this.chosen ? 'is-chosen' : near.has(index) ? 'is-near' : 'is-far';
    const radius = radiusOf(entity, this.graph);
    return svg`<g
      class="entity ${standing}"
      role="option"
      id="entity-${index}"
      aria-selected=${index === this.chosen ? 'true' : 'false'}
      aria-label=${describe(entity)}
      transform="translate(${place.x} ${place.y})"
      @click=${() => { this.#choose(index); }}
    >
      <title>${describe(entity)}</title>
      <circle class="hit" r="12" />
      ${nodeShape(entity.kind, radius)}
      ${isLabelled ? svg`<text y=${radius + labelDrop}>${entity.name}</text>` : nothing}
    </g>`;
  }

  #table(graph: GraphView): TemplateResult {
    return html`<div class="graph-list">
      <table>
        <caption class="sr-only">${l10n.t('People, places, projects and topics, and the memories that tie them')}</caption>
        <thead><tr><th scope="col">${l10n.t('Name')}</th><th scope="col">${l10n.t('Kind')}</th><th scope="col">${l10n.t('Memories')}</th><th scope="col">${l10n.t('Most tied to')}</th></tr></thead>
        <tbody>
          ${graph.entities.map((entity, index) => html`<tr>
            <th scope="row">${linkButton(entity.name, () => { this.#choose(index); })}</th>
            <td>${entityKindWord(entity.kind)}</td>
            <td>${numberWords(entity.count)}</td>
            <td>${this.#tied(graph, index).slice(0, 3).map(({ entity: other }) => other.name).join(', ')}</td>
          </tr>`)}
        </tbody>
      </table>
    </div>`;
  }

  #detail(graph: GraphView, entity: EntityView): TemplateResult {
    const tied = this.#tied(graph, this.chosen);
    return html`<section class="detail" aria-label=${entity.name}>
      <div class="detail-head">
        <h2>${entity.name}</h2>
        <p class="quiet">${l10n.t('{0} · {1} since {2}', entityKindWord(entity.kind), memoriesWords(entity.count), dayWords(entity.since, this.now))}</p>
      </div>
      ${tied.length === 0
        ? nothing
        : html`<div class="section">
            <h3>${l10n.t('Most tied to')}</h3>
            <ul>
              ${tied.map(({ entity: other, index, count }) => html`<li class="row">${linkButton(other.name, () => { this.#choose(index); })}<span class="quiet spread">${memoriesWords(count)}</span></li>`)}
            </ul>
          </div>`}
      <div class="section">
        <h3>${l10n.t('Latest')}</h3>
        <ul>
          ${this.latest.map((slice) => html`<li><button type="button" class="slice is-button" @click=${() => this.dispatchEvent(new CustomEvent('slice-wanted', { detail: slice.id }))}>${sliceRowView({ slice, why: null }, { now: this.now, mark: null })}</button></li>`)}
        </ul>
        <p>${linkButton(l10n.t('Show all'), () => this.dispatchEvent(new CustomEvent('memories-wanted', { detail: entity.name })))}</p>
      </div>
    </section>`;
  }

  /** Those whose names are drawn: as many as fit, first the chosen one, then what it is tied to, then the most frequent. */
  #labelled(graph: GraphView, near: ReadonlyMap<number, number>, at: readonly Point[]): ReadonlySet<number> {
    const byTie = [...near].toSorted(([, a], [, b]) => b - a).map(([index]) => index);
    const order = [...new Set([this.chosen, ...byTie, ...graph.entities.slice(0, mostNamed).keys()])];
    const labels = order.flatMap((index) => {
      const [entity, place] = [graph.entities[index], at[index]];
      return entity === undefined || place === undefined ? [] : [{ index, text: entity.name, x: place.x, y: place.y + radiusOf(entity, graph) + labelDrop - 4 }];
    });
    return new Set([...labelsThatFit(labels)].flatMap((fitting) => labels[fitting]?.index ?? []));
  }

  /** In pixels; zoomed in, the chosen one is in the middle. */
  #places(): Point[] {
    const { width, height } = this.size;
    const centre = this.zoom === 1 ? { x: 0, y: 0 } : (this.#points[this.chosen] ?? { x: 0, y: 0 });
    const scale = { x: ((width - 2 * edge) / 2) * this.zoom, y: ((height - 2 * edge) / 2) * this.zoom };
    return this.#points.map(({ x, y }) => ({ x: Math.round(width / 2 + (x - centre.x) * scale.x), y: Math.round(height / 2 - 10 + (y - centre.y) * scale.y) }));
  }

  /** Places of what is tied to an entity, with the memories that name both. */
  #neighbours({ ties }: GraphView, index: number): Map<number, number> {
    return new Map(ties.flatMap(({ a, b, count }): [number, number][] => (a === index ? [[b, count]] : b === index ? [[a, count]] : [])));
  }

  #tied(graph: GraphView, index: number): { readonly entity: EntityView; readonly index: number; readonly count: number }[] {
    return [...this.#neighbours(graph, index)]
      .flatMap(([other, count]) => {
        const entity = graph.entities[other];
        return entity === undefined ? [] : [{ entity, index: other, count }];
      })
      .toSorted((a, b) => b.count - a.count);
  }

  async #load(limit: number): Promise<void> {
    const graph = await this.ask('graph', { limit });
    if (graph === undefined) return;
    this.#points = layOut(graph);
    this.graph = graph;
    this.#choose(0);
  }

  #choose(index: number): void {
    const entity = this.graph?.entities[index];
    if (entity === undefined) return;
    this.chosen = index;
    void this.#showLatest(entity.name);
  }

  async #showLatest(name: string): Promise<void> {
    const answer = await this.ask('list', { filter: { ...noFilter, about: name }, offset: 0, limit: latestShown, counted: false });
    if (answer !== undefined && this.graph?.entities[this.chosen]?.name === name) this.latest = answer.slices;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const last = (this.graph?.entities.length ?? 0) - 1;
    const next = { ArrowRight: this.chosen + 1, ArrowDown: this.chosen + 1, ArrowLeft: this.chosen - 1, ArrowUp: this.chosen - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#choose(Math.max(0, Math.min(last, next)));
  };
}

/** From the edge of a node down to the foot of its label, in pixels. */
const labelDrop = 14;

function radiusOf({ count }: EntityView, graph: GraphView | undefined): number {
  return 3 + 6 * Math.sqrt(count / (graph?.entities[0]?.count ?? count));
}

function describe({ name, kind, count }: { readonly name: string; readonly kind: EntityKind; readonly count: number }): string {
  return l10n.t('{0}, {1}, {2}', name, entityKindWord(kind), memoriesWords(count));
}

customElements.define('hearth-memory-graph', MemoryGraph);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-memory-graph': MemoryGraph;
  }
}
