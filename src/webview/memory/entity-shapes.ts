import { svg, type SVGTemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { EntityKind } from '../../shared/protocol/memory-views.ts';

export function entityKindWord(kind: EntityKind): string {
  switch (kind) {
    case 'person':
      return l10n.t('Person');
    case 'place':
      return l10n.t('Place');
    case 'project':
      return l10n.t('Project');
    case 'file':
      return l10n.t('File');
    case 'topic':
      return l10n.t('Topic');
  }
}

/** The shape says the kind, around the origin: a ring, a diamond, a square, a page with a folded corner, a dot. */
export function nodeShape(kind: EntityKind, radius: number): SVGTemplateResult {
  const r = radius;
  switch (kind) {
    case 'person':
      return svg`<circle class="node" r=${r} />`;
    case 'place':
      return svg`<path class="node" d="M0 ${-r}L${r} 0L0 ${r}L${-r} 0z" />`;
    case 'project':
      return svg`<rect class="node" x=${-r} y=${-r} width=${2 * r} height=${2 * r} rx="2" />`;
    case 'file':
      return svg`<path class="node" d="M${-r * 0.8} ${-r}h${r}l${r * 0.6} ${r * 0.6}v${r * 1.4}h${-r * 1.6}z" />`;
    case 'topic':
      return svg`<circle class="node is-topic" r=${r * 0.7} />`;
  }
}
