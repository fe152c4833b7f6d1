import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MemoryFilter, MemorySnapshot, SliceDetailView, SliceRow } from '../../shared/protocol/memory-views.ts';
import type { Ask } from './ask.ts';
import { nothingFound, nothingYet } from './browser-notes.ts';
import { noFilter, type BrowserState } from './browser-state.ts';
import type { BulkChange } from './bulk-change.ts';
import type { DetailContext } from './slice-detail.ts';
import type { SliceSource } from './slice-source.ts';
import './slice-detail.ts';
import './slice-list.ts';

export interface BrowserBody {
  readonly state: BrowserState;
  readonly snapshot: MemorySnapshot;
  /** Undefined until a first answer has come. */
  readonly found: SliceSource | undefined;
  /** Of the chosen memory; undefined while none is, or it has not come. */
  readonly detail: SliceDetailView | undefined;
  readonly detailContext: DetailContext;
  readonly activeIndex: number;
  /** By id, for an action on several. */
  readonly marked: ReadonlyMap<string, SliceRow>;
  /** Raised when rows have come, or memories have changed. */
  readonly revision: number;
  readonly now: number;
  readonly ask: Ask;
  readonly announce: (words: string) => void;
  readonly onSnapshot: (snapshot: MemorySnapshot) => void;
  /** All memories with a name are wanted. */
  readonly onAbout: (name: string) => void;
  /** One memory is wanted, out of what is not a list. */
  readonly onAlone: (id: string) => void;
  readonly onFilter: (filter: MemoryFilter) => void;
  readonly onRow: (index: number) => void;
  readonly onOpened: () => void;
  readonly onMark: (mark: { readonly index: number; readonly only: boolean }) => void;
  readonly onForget: () => void;
  /** Makes one of those that are marked; answers whether it was saved. */
  readonly merge: (text: string) => Promise<boolean>;
  readonly onChange: (change: Exclude<BulkChange, { type: 'merge' }>) => void;
  readonly onMarksCleared: () => void;
}

/** What stands below the head: the view that was chosen, or what there is to do while nothing is remembered. */
export function browserBody(body: BrowserBody): TemplateResult {
  const { state, snapshot, ask, now, revision } = body;
  switch (state.view) {
    case 'review':
      return review(body);
    case 'statistics':
      return html`<hearth-memory-statistics .ask=${ask} .agentName=${snapshot.agent.name} .now=${now} .revision=${revision}></hearth-memory-statistics>`;
    case 'graph':
      return snapshot.total === 0 ? nothingYet(snapshot, ask) : graph(body);
    case 'list':
    case 'timeline':
      return snapshot.total === 0 ? nothingYet(snapshot, ask) : memories(body, state.view);
  }
}

function review({ snapshot, ask, announce, now, revision, onSnapshot }: BrowserBody): TemplateResult {
  return html`<hearth-review
    .ask=${ask}
    .announce=${announce}
    .agentName=${snapshot.agent.name}
    .alwaysAccepts=${snapshot.alwaysAccepts}
    .isReadOnly=${snapshot.isReadOnly}
    .now=${now}
    .revision=${revision}
    @snapshot-known=${({ detail }: CustomEvent<MemorySnapshot>) => { onSnapshot(detail); }}
  ></hearth-review>`;
}

function graph({ ask, now, onAbout, onAlone }: BrowserBody): TemplateResult {
  return html`<hearth-memory-graph
    .ask=${ask}
    .now=${now}
    @memories-wanted=${({ detail }: CustomEvent<string>) => { onAbout(detail); }}
    @slice-wanted=${({ detail }: CustomEvent<string>) => { onAlone(detail); }}
  ></hearth-memory-graph>`;
}

function memories(body: BrowserBody, layout: 'list' | 'timeline'): TemplateResult {
  return html`${layout === 'timeline' ? weeks(body) : nothing} ${body.marked.size === 0 ? nothing : bulkBar(body)} ${foundMemories(body, layout)}`;
}

function foundMemories(body: BrowserBody, layout: 'list' | 'timeline'): TemplateResult {
  const { found, state, detail, onFilter } = body;
  if (found === undefined) return html`<div class="panes"></div>`;
  if (found.total > 0) return panes(body, list(body, found, layout));
  const nothingLeft = nothingFound(state, () => { onFilter(noFilter); });
  // The one that was forgotten may have been the only hit: its way back stays.
  return detail === undefined ? nothingLeft : panes(body, nothingLeft);
}

function weeks({ state: { filter }, ask, now, revision, onFilter }: BrowserBody): TemplateResult {
  return html`<hearth-weeks
    .ask=${ask}
    .filter=${filter}
    .now=${now}
    .revision=${revision}
    @range-chosen=${({ detail }: CustomEvent<Pick<MemoryFilter, 'from' | 'to'>>) => { onFilter({ ...filter, ...detail }); }}
  ></hearth-weeks>`;
}

/** What was found, and beside it the chosen one in full. */
function panes({ detail, detailContext }: BrowserBody, found: TemplateResult): TemplateResult {
  return html`<div class="panes">
    ${found}
    ${detail === undefined
      ? html`<p class="detail detail-none quiet">${l10n.t('Choose a memory to see it in full.')}</p>`
      : html`<hearth-slice-detail .detail=${detail} .context=${detailContext}></hearth-slice-detail>`}
  </div>`;
}

function list(body: BrowserBody, found: SliceSource, layout: 'list' | 'timeline'): TemplateResult {
  const { activeIndex, marked, revision, now } = body;
  return html`<hearth-slices
    .layout=${layout}
    .source=${found}
    .revision=${revision}
    .activeIndex=${activeIndex}
    .marked=${marked}
    .now=${now}
    @slice-chosen=${(event: CustomEvent<number>) => { body.onRow(event.detail); }}
    @slice-opened=${body.onOpened}
    @slice-marked=${(event: CustomEvent<{ index: number; only: boolean }>) => { body.onMark(event.detail); }}
    @forget-wanted=${body.onForget}
  ></hearth-slices>`;
}

function bulkBar({ snapshot: { agent, hasWorkspace, isReadOnly }, marked, merge, onChange, onMarksCleared }: BrowserBody): TemplateResult {
  return html`<hearth-bulk-bar
    .marked=${[...marked.values()]}
    .agentName=${agent.name}
    .hasWorkspace=${hasWorkspace}
    .isReadOnly=${isReadOnly}
    .merge=${merge}
    @change-decided=${({ detail }: CustomEvent<Exclude<BulkChange, { type: 'merge' }>>) => { onChange(detail); }}
    @marks-cleared=${onMarksCleared}
  ></hearth-bulk-bar>`;
}
