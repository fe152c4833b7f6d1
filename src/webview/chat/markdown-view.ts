import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import * as l10n from '@vscode/l10n';
import type { Ask } from './ask.ts';
import type { Align, Block, Cell, Inline, ListEntry, PlacedBlock } from './markdown.ts';
import './code-block.ts';

/** Draws top-level blocks; one that has not changed since the last time is not looked at again. */
export function markdownView(blocks: readonly PlacedBlock[], ask: Ask): TemplateResult {
  const levels = headingLevels(blocks.map(({ block }) => block));
  return html`${repeat(blocks, ({ start }) => start, ({ block }, index) => guard([block, levels[index]], () => blockView(block, ask, levels[index])))}`;
}

/** The page has its h1, the day is h2, the turn h3: a reply's own headings begin below. */
const firstLevel = 4;

/**
 * For each block the level of a heading in it: one below the heading it belongs to, so that none is skipped, whatever depth a
 * model begins with.
 */
function headingLevels(blocks: readonly Block[]): number[] {
  const above: number[] = [];
  return blocks.map((block) => {
    if (block.type !== 'heading') return Math.min(firstLevel + above.length, 6);
    while ((above.at(-1) ?? 0) >= block.depth) above.pop();
    above.push(block.depth);
    return Math.min(firstLevel + above.length - 1, 6);
  });
}

function blockView(block: Block, ask: Ask, level = firstLevel): TemplateResult {
  switch (block.type) {
    case 'paragraph':
      return html`<p>${inlineViews(block.content, ask)}</p>`;
    case 'heading':
      return headingView(level, inlineViews(block.content, ask));
    case 'code':
      return html`<hearth-code-block .text=${block.text} .language=${block.language} .ask=${ask}></hearth-code-block>`;
    case 'quote':
      return html`<blockquote>${block.blocks.map((inner) => blockView(inner, ask, level))}</blockquote>`;
    case 'list':
      return listView(block.start, block.entries, ask);
    case 'table':
      return tableView(block, ask);
    case 'rule':
      return html`<hr />`;
  }
}

function headingView(level: number, content: readonly unknown[]): TemplateResult {
  if (level === firstLevel) return html`<h4>${content}</h4>`;
  return level === 5 ? html`<h5>${content}</h5>` : html`<h6>${content}</h6>`;
}

function listView(start: number | null, entries: readonly ListEntry[], ask: Ask): TemplateResult {
  const items = entries.map((entry) => html`<li>${taskMark(entry.done)}${entryView(entry.blocks, ask)}</li>`);
  return start === null ? html`<ul>${items}</ul>` : html`<ol start=${start}>${items}</ol>`;
}

function taskMark(done: boolean | null): TemplateResult | typeof nothing {
  if (done === null) return nothing;
  return html`<span class="task" role="img" aria-label=${done ? l10n.t('Done') : l10n.t('Not done')}>${done ? '☑' : '☐'}</span> `;
}

/** The first paragraph of an entry stands on the line of its mark. */
function entryView(blocks: readonly Block[], ask: Ask): unknown[] {
  const [first, ...rest] = blocks;
  if (first?.type !== 'paragraph') return blocks.map((block) => blockView(block, ask));
  return [...inlineViews(first.content, ask), ...rest.map((block) => blockView(block, ask))];
}

function tableView({ align, header, rows }: Extract<Block, { type: 'table' }>, ask: Ask): TemplateResult {
  const head = header.map((cell, column) => html`<th scope="col" class=${alignClass(align[column])}>${inlineViews(cell, ask)}</th>`);
  const row = (cells: readonly Cell[]): TemplateResult =>
    html`<tr>${cells.map((cell, column) => html`<td class=${alignClass(align[column])}>${inlineViews(cell, ask)}</td>`)}</tr>`;
  return html`<div class="table-frame" tabindex="0" role="group" aria-label=${l10n.t('Table')}>
    <table><thead><tr>${head}</tr></thead><tbody>${rows.map(row)}</tbody></table>
  </div>`;
}

function alignClass(align: Align | undefined): string {
  return align === 'right' ? 'at-end' : align === 'center' ? 'centred' : '';
}

function inlineViews(content: readonly Inline[], ask: Ask): unknown[] {
  return content.map((inline) => inlineView(inline, ask));
}

function inlineView(inline: Inline, ask: Ask): unknown {
  switch (inline.type) {
    case 'text':
      return inline.text;
    case 'code':
      return html`<code>${inline.text}</code>`;
    case 'strong':
      return html`<strong>${inlineViews(inline.content, ask)}</strong>`;
    case 'emphasis':
      return html`<em>${inlineViews(inline.content, ask)}</em>`;
    case 'struck':
      return html`<s>${inlineViews(inline.content, ask)}</s>`;
    case 'break':
      return html`<br />`;
    case 'link':
      return html`<a href=${inline.href} title=${inline.href} @click=${(event: Event) => { openLink(event, inline.href, ask); }}
        >${inlineViews(inline.content, ask)}</a>`;
  }
}

/** The page itself goes nowhere: the extension opens the address, and VS Code asks first where it does not know the site. */
function openLink(event: Event, href: string, ask: Ask): void {
  event.preventDefault();
  void ask('openLink', { href });
}
