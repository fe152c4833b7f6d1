import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { icon } from '../ui/icon.ts';
import { dayWords, fullWords, machineTime, startOfDay } from '../ui/time-words.ts';
import { matchedText } from './matched-text.ts';
import type { ListedSlice } from './slice-source.ts';
import { kindIcons, kindWord, sourceWords, standingWords } from './slice-words.ts';

export interface TimelinePlace {
  readonly now: number;
  readonly mark: TemplateResult | null;
  /** When the memory above was noted; null where none is above. */
  readonly before: number | null;
}

/** One line on the rail: its day where a new one begins, a stop that is filled while it holds, kind, words and source. */
export function timelineRowView({ slice, why }: ListedSlice, { now, mark, before }: TimelinePlace): TemplateResult {
  const { kind, text, pinned, source, at } = slice;
  const isNewDay = before === null || startOfDay(before) !== startOfDay(at);
  const standing = standingWords(slice, now);
  return html`<span class="stop-day">
      <time class=${isNewDay ? '' : 'sr-only'} datetime=${machineTime(at)} title=${fullWords(at)}>${dayWords(at, now)}</time>
    </span>
    <span class="stop-rail" aria-hidden="true"></span>
    ${mark ?? icon(kindIcons[kind])}
    <span class="one-line slice-text"><span class="sr-only">${l10n.t('{0}:', kindWord(kind))} </span>${matchedText(text, why?.words ?? [])}</span>
    ${pinned ? html`${icon('pinned')}<span class="sr-only">${l10n.t('Pinned')}</span>` : nothing}
    <span class="one-line quiet stop-source">${standing === '' ? sourceWords(source) : standing}</span>`;
}
