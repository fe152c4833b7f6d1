import { Range, Uri, commands, l10n, window, workspace } from 'vscode';
import { correctedText } from '../../memory/corrected-text.ts';
import type { Forgetting } from '../../memory/forgetting.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock, IdSource } from '../../shared/ports.ts';
import type { CapturedView, MemoryView } from '../../shared/protocol/chat-views.ts';
import type { Store } from '../../store/port.ts';
import type { CaptureMode, Slice } from '../../store/records.ts';
import { memoryView } from './message-views.ts';

export interface MemoryActionsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly agentId: string;
  readonly ids: IdSource;
  readonly undoMs: number;
  readonly forgetting: Forgetting;
}

/** What can be done with a memory wherever it is quoted. */
export class MemoryActions {
  readonly #parts: MemoryActionsParts;

  constructor(parts: MemoryActionsParts) {
    this.#parts = parts;
  }

  /** Corrects a memory. Of something said, the answer is a new memory that takes its place. */
  async edit(id: string, text: string): Promise<MemoryView> {
    const { store, clock } = this.#parts;
    const [slice] = await store.slices.get([id]);
    if (slice === undefined) throw new HearthlinkError('not-found');
    const corrected = correctedText(slice.text, text);
    if (slice.kind === 'episodic') return this.#view(await this.#correct(slice, corrected));
    return this.#view(await store.slices.edit({ id, text: corrected, at: clock.now() }));
  }

  /** What was said stays as it was said, in its chat; what is remembered of it from now on is the correction. */
  async #correct(said: Slice, text: string): Promise<Slice> {
    const { store, clock, ids } = this.#parts;
    const at = clock.now();
    const { scope, importance, provenance, validFrom } = said;
    const correction = { id: ids.next(), kind: 'semantic', state: 'held', text, speaker: 'user', scope, importance, confidence: 1, provenance, validFrom, expiresAt: null, at } as const;
    const [added] = await store.slices.add([correction]);
    if (added === undefined || added.outcome === 'forgotten-before') throw new HearthlinkError('forgotten-before');
    // Of two that say nearly the same, the one that was there before may be the very one that is corrected.
    if (added.slice.id !== said.id) await store.slices.supersede({ id: said.id, by: added.slice.id, at });
    return added.slice;
  }

  async forget(id: string): Promise<MemoryView> {
    return this.#view(await this.#parts.forgetting.forget(id));
  }

  async undoForget(id: string): Promise<MemoryView> {
    return this.#view(await this.#parts.forgetting.undo(id));
  }

  /** Answers a proposed fact; after a `no` it is not proposed again, and what was said stays as it was said. */
  async decide(sliceId: string, remember: boolean, mode: Exclude<CaptureMode, 'unset'> | null): Promise<void> {
    const { store, clock, agentId } = this.#parts;
    const at = clock.now();
    if (mode !== null) await store.agents.setCaptureMode({ agentId, mode, at });
    if (remember) await store.slices.edit({ id: sliceId, state: 'held', at });
    else await this.takeBack(sliceId);
  }

  /** A fact that was found and is none: it goes, the words it was found in stay. */
  async takeBack(sliceId: string): Promise<void> {
    const { store, clock, forgetting, undoMs } = this.#parts;
    const at = clock.now();
    await store.slices.reject({ ids: [sliceId], alsoHeld: true, undoUntil: at + undoMs, at });
    forgetting.wipeAfter(at + undoMs);
  }

  /** A fact's state after a decision, for the line under the reply. */
  async captured(sliceId: string): Promise<CapturedView | null> {
    const [slice] = await this.#parts.store.slices.get([sliceId]);
    return slice === undefined ? null : { sliceId, text: slice.text, state: slice.state === 'forgotten' ? 'undone' : slice.state, contradicts: slice.contradicts.length > 0 };
  }

  /** Shows where a memory comes from. Answers the message to open, or opens the file itself. */
  async source(id: string): Promise<{ readonly sessionId: string; readonly messageId: string } | null> {
    const [slice] = await this.#parts.store.slices.get([id]);
    if (slice === undefined) throw new HearthlinkError('not-found');
    const { provenance } = slice;
    if (provenance.type === 'message') return provenance;
    if (provenance.type === 'editor') await openLines(Uri.parse(provenance.uri, true), provenance.firstLine, provenance.lastLine);
    return null;
  }

  #view(slice: Slice): MemoryView {
    return memoryView(slice, this.#parts.undoMs);
  }
}

async function openLines(uri: Uri, firstLine: number, lastLine: number): Promise<void> {
  try {
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { selection: new Range(firstLine - 1, 0, lastLine - 1, Number.MAX_SAFE_INTEGER) });
  } catch (error) {
    throw new HearthlinkError('attachment-unreadable', { detail: l10n.t('The file may have been moved.') }, error);
  }
}

/** Opens a link that a person clicked, if it is one that may be opened; anything else is refused. */
export async function openLink(href: string): Promise<void> {
  const uri = URL.canParse(href) ? new URL(href) : null;
  if (uri === null || !['https:', 'http:', 'mailto:'].includes(uri.protocol)) throw new HearthlinkError('invalid-input');
  await commands.executeCommand('vscode.open', Uri.parse(href, true));
}
