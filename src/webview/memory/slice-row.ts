import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { icon } from '../ui/icon.ts';
import { fullWords, machineTime, momentWords } from '../ui/time-words.ts';
import { matchedText } from './matched-text.ts';
import type { ListedSlice } from './slice-source.ts';
import { kindIcons, kindWord, sourceWords, standingWords, whyWords } from './slice-words.ts';

/** The two lines of a memory in a list: kind, words and marks; date, source and why it is there. */
export function sliceRowView({ slice, why }: ListedSlice, { now, mark }: { readonly now: number; readonly mark: TemplateResult | null }): TemplateResult {
  const { kind, text, pinned, contradicts, source, at } = slice;
  const standing = standingWords(slice, now);
  const reasons = [...(why === null ? [] : [whyWords(why)]), standing].filter((words) => words !== '');
  return html`${mark ?? icon(kindIcons[kind])}
    <span class="one-line slice-text"><span class="sr-only">${l10n.t('{0}:', kindWord(kind))} </span>${matchedText(text, why?.words ?? [])}</span>
    <span class="slice-marks">
      ${contradicts ? html`${icon('warning', 'warn')}<span class="sr-only">${l10n.t('Does not fit with another memory')}</span>` : nothing}
      ${pinned ? html`${icon('pinned')}<span class="sr-only">${l10n.t('Pinned')}</span>` : nothing}
    </span>
    <span class="slice-line">
      <span class="one-line"><time datetime=${machineTime(at)} title=${fullWords(at)}>${momentWords(at, now)}</time> · ${sourceWords(source)}</span>
      ${reasons.length === 0 ? nothing : html`<span class="slice-why">${reasons.join(' · ')}</span>`}
    </span>`;
}
