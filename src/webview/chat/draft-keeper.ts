import type { StateBox } from '../ui/view-state.ts';
import type { ChatState } from './chat-state.ts';
import { draftOf, emptyDraft, newChatKey, withDraft, type Draft, type Drafts } from './drafts.ts';

/** The draft of the open chat. It outlives the page, except in a private chat, where it never leaves it. */
export class DraftKeeper {
  readonly #box: StateBox<Drafts>;
  #drafts: Drafts;
  #private: Draft = emptyDraft;

  constructor(box: StateBox<Drafts>) {
    this.#box = box;
    this.#drafts = box.load();
  }

  of(chat: ChatState): Draft {
    return chat.private ? this.#private : draftOf(this.#drafts, keyOf(chat));
  }

  set(chat: ChatState, draft: Draft): void {
    if (chat.private) this.#private = draft;
    else this.#save(withDraft(this.#drafts, keyOf(chat), draft));
  }

  /** What was begun in a new chat goes on in it when it has its id. */
  move(sessionId: string): void {
    const draft = draftOf(this.#drafts, newChatKey);
    this.#save(withDraft(withDraft(this.#drafts, newChatKey, emptyDraft), sessionId, draft));
  }

  forgetPrivate(): void {
    this.#private = emptyDraft;
  }

  #save(drafts: Drafts): void {
    this.#drafts = drafts;
    this.#box.save(drafts);
  }
}

function keyOf({ session }: ChatState): string {
  return session?.id ?? newChatKey;
}
