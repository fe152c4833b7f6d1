import type { MemoryFilter } from '../../shared/protocol/memory-views.ts';
import type { Ask } from './ask.ts';
import { SearchHits, SlicePages, type SliceSource } from './slice-source.ts';

interface Question {
  readonly text: string;
  readonly filter: MemoryFilter;
  /** The row that is in sight and has to come first. */
  readonly near?: number;
}

/** After this long without a key the meaning of the words is looked at too, which is slower. */
const typingPauseMs = 250;
/** Changes of the store that come together are looked at together. */
const refreshPauseMs = 150;

/**
 * What the search and the filters bring. One question at a time is on its way; what is typed meanwhile replaces what was waiting,
 * so that fast typing never queues up.
 */
export class MemorySearch {
  readonly #ask: Ask;
  readonly #onFound: () => void;
  #found: SliceSource | undefined;
  #current: Question | undefined;
  #next: Question | undefined;
  #meaningPause: ReturnType<typeof setTimeout> | undefined;
  #refreshPause: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: Ask, onFound: () => void) {
    this.#ask = ask;
    this.#onFound = onFound;
  }

  /** Undefined until the first answer. */
  get found(): SliceSource | undefined {
    return this.#found;
  }

  look(question: Question): void {
    clearTimeout(this.#meaningPause);
    this.#next = question;
    if (this.#current === undefined) void this.#run();
  }

  /** Asks again for what is shown, once what is happening has settled. */
  refresh(questionNow: () => Question): void {
    clearTimeout(this.#refreshPause);
    this.#refreshPause = setTimeout(() => { this.look(questionNow()); }, refreshPauseMs);
  }

  async #run(): Promise<void> {
    for (let question = this.#take(); question !== undefined; question = this.#take()) {
      const found = await this.#answer(question, false);
      // An answer to what was typed before is better than none, and is replaced at once.
      if (found !== undefined) this.#show(found);
      if (question.text.trim() !== '') this.#planMeaning(question);
    }
  }

  #take(): Question | undefined {
    this.#current = this.#next;
    this.#next = undefined;
    return this.#current;
  }

  async #answer({ text, filter, near = 0 }: Question, meaning: boolean): Promise<SliceSource | undefined> {
    if (text.trim() === '') return SlicePages.open(this.#ask, filter, this.#onFound, near);
    const answer = await this.#ask('search', { text, filter, meaning });
    return answer === undefined || answer.byMeaning !== meaning ? undefined : new SearchHits(answer.hits);
  }

  #planMeaning(question: Question): void {
    this.#meaningPause = setTimeout(() => {
      void this.#answer(question, true).then((found) => {
        if (found !== undefined && this.#current === undefined && this.#next === undefined) this.#show(found);
      });
    }, typingPauseMs);
  }

  #show(found: SliceSource): void {
    this.#found = found;
    this.#onFound();
  }
}
