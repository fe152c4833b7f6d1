import type { IdSource } from '../../shared/ports.ts';
import type { Attachment } from '../../store/records.ts';
import type { AttachmentDraft } from './attachment-sources.ts';

/** What is attached to the message that is being written. The words of the draft are the view's own. */
export class Composer {
  readonly #ids: IdSource;
  readonly #tokensOf: (attachment: AttachmentDraft) => number;
  readonly #onChange: (attachments: readonly Attachment[]) => void;
  #attachments: readonly Attachment[] = [];

  constructor(ids: IdSource, tokensOf: (attachment: AttachmentDraft) => number, onChange: (attachments: readonly Attachment[]) => void) {
    this.#ids = ids;
    this.#tokensOf = tokensOf;
    this.#onChange = onChange;
  }

  get attachments(): readonly Attachment[] {
    return this.#attachments;
  }

  /** Adds it, in place of one of the same kind and place. */
  attach(draft: AttachmentDraft): void {
    const others = this.#attachments.filter(({ kind, label, uri }) => kind !== draft.kind || label !== draft.label || uri !== draft.uri);
    this.#set([...others, { ...draft, id: this.#ids.next(), tokens: this.#tokensOf(draft) }]);
  }

  detach(id: string): void {
    this.#set(this.#attachments.filter((attachment) => attachment.id !== id));
  }

  /** Hands the attachments over to the message that is being sent. */
  take(): readonly Attachment[] {
    const taken = this.#attachments;
    this.#set([]);
    return taken;
  }

  /** Puts back what a message that could not be stored had taken. */
  putBack(attachments: readonly Attachment[]): void {
    this.#set([...attachments, ...this.#attachments]);
  }

  #set(attachments: readonly Attachment[]): void {
    if (attachments.length === 0 && this.#attachments.length === 0) return;
    this.#attachments = attachments;
    this.#onChange(attachments);
  }
}
