import { Range, Uri, commands, l10n, window, workspace } from 'vscode';
import type { Forgetting } from '../../memory/forgetting.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { CapturedView, MemoryView } from '../../shared/protocol/chat-views.ts';
import type { Store } from '../../store/port.ts';
import type { CaptureMode, Slice } from '../../store/records.ts';
import { memoryView } from './message-views.ts';

export interface MemoryActionsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly agentId: string;
  readonly undoMs: number;
  readonly forgetting: Forgetting;
}

/** What can be done with a memory wherever it is quoted. */
export class MemoryActions {
  readonly #parts: MemoryActionsParts;

  constructor(parts: MemoryActionsParts) {
    this.#parts = parts;
  }

  async edit(id: string, text: string): Promise<MemoryView> {
    const trimmed = text.trim();
    if (trimmed === '') throw new HearthlinkError('invalid-input');
    return this.#view(await this.#parts.store.slices.edit({ id, text: trimmed, at: this.#parts.clock.now() }));
  }

  async forget(id: string): Promise<MemoryView> {
    return this.#view(await this.#parts.forgetting.forget(id));
  }

  async undoForget(id: string): Promise<MemoryView> {
    return this.#view(await this.#parts.forgetting.undo(id));
  }

  /** Answers a proposed fact; a `no` forgets it without a trace in later proposals. */
  async decide(sliceId: string, remember: boolean, mode: Exclude<CaptureMode, 'unset'> | null): Promise<void> {
    const { store, clock, agentId } = this.#parts;
    const at = clock.now();
    if (mode !== null) await store.agents.setCaptureMode({ agentId, mode, at });
    if (remember) await store.slices.edit({ id: sliceId, state: 'held', at });
    else await this.#parts.forgetting.forget(sliceId);
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
