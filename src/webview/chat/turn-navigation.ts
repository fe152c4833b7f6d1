import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { MessageView } from '../../shared/protocol/chat-views.ts';

/** What the navigation needs of the transcript it moves in. */
export interface Turns extends ReactiveControllerHost, HTMLElement {
  readonly messages: readonly MessageView[];
  readonly list: HTMLOListElement | undefined;
  rowOf(id: string): HTMLLIElement | undefined;
  reveal(index: number): void;
  toEnd(): void;
}

const reachable = 'a[href], button:not([disabled]), summary, textarea, input, [tabindex="0"], vscode-button:not([disabled]), vscode-radio';

/**
 * The transcript as one stop of the Tab order. Arrows, Home and End go from turn to turn, Enter goes into a turn, where Tab walks its
 * controls, and Esc goes back to the composer.
 */
export class TurnNavigation implements ReactiveController {
  readonly #turns: Turns;
  #currentId: string | undefined;
  #focusWanted = false;
  #hadFocus = false;
  #tabIsDown = false;

  constructor(turns: Turns) {
    this.#turns = turns;
    turns.addController(this);
  }

  hostConnected(): void {
    this.#turns.addEventListener('keydown', this.#onKeyDown);
    this.#turns.addEventListener('focusin', this.#onFocusIn);
    this.#turns.addEventListener('focusout', this.#onFocusOut);
    document.addEventListener('keydown', this.#onAnyKey, true);
    document.addEventListener('pointerdown', this.#onAnyKey, true);
  }

  hostDisconnected(): void {
    document.removeEventListener('keydown', this.#onAnyKey, true);
    document.removeEventListener('pointerdown', this.#onAnyKey, true);
  }

  /** Called when rows were drawn: a turn that was gone to is there now, and one that had the focus may be gone. */
  afterUpdate(): void {
    if (this.#focusWanted) {
      const row = this.#currentRow();
      if (row === undefined) return;
      this.#focusWanted = false;
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: 'nearest' });
    } else if (this.#hadFocus && document.activeElement === document.body) {
      this.#turns.list?.focus({ preventScroll: true });
    }
  }

  readonly #onAnyKey = (event: Event): void => {
    this.#tabIsDown = event instanceof KeyboardEvent && event.key === 'Tab';
  };

  /** Tab from outside arrives at the turn that was left, or at the last one, never at a button inside. */
  readonly #onFocusIn = (event: FocusEvent): void => {
    const list = this.#turns.list;
    if (list === undefined) return;
    const cameFromOutside = !(event.relatedTarget instanceof Node && this.#turns.contains(event.relatedTarget));
    this.#hadFocus = true;
    list.tabIndex = -1;
    const row = event.target instanceof Element ? event.target.closest('li.turn') : null;
    if (event.target === list || (cameFromOutside && this.#tabIsDown)) this.#goTo(this.#currentIndex());
    else if (row instanceof HTMLElement) this.#currentId = row.dataset['id'];
  };

  readonly #onFocusOut = (event: FocusEvent): void => {
    if (event.relatedTarget === null || (event.relatedTarget instanceof Node && this.#turns.contains(event.relatedTarget))) return;
    this.#hadFocus = false;
    if (this.#turns.list !== undefined) this.#turns.list.tabIndex = 0;
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      this.#turns.dispatchEvent(new CustomEvent('composer-wanted', { bubbles: true }));
    } else if (event.key === 'Tab') {
      this.#onTab(event, event.target);
    } else if (event.target.matches('li.turn, ol.transcript') && this.#onTurnKey(event.key)) {
      event.preventDefault();
    }
  };

  #onTurnKey(key: string): boolean {
    const last = this.#turns.messages.length - 1;
    switch (key) {
      case 'ArrowUp':
        this.#goTo(Math.max(0, this.#currentIndex() - 1));
        return true;
      case 'ArrowDown':
        this.#goTo(Math.min(last, this.#currentIndex() + 1));
        return true;
      case 'Home':
        this.#goTo(0);
        return true;
      case 'End':
        this.#turns.toEnd();
        this.#goTo(last);
        return true;
      case 'Enter':
        this.#controlsOf(this.#currentRow())[0]?.focus();
        return true;
      default:
        return false;
    }
  }

  /** Inside a turn Tab walks its controls; past its first or last, and from a turn itself, it leaves the transcript. */
  #onTab(event: KeyboardEvent, target: HTMLElement): void {
    const row = target.closest('li.turn');
    const controls = row instanceof HTMLElement && target !== row ? this.#controlsOf(row) : [];
    const edge = event.shiftKey ? controls[0] : controls.at(-1);
    if (controls.length > 0 && target !== edge) return;
    if (event.shiftKey && row instanceof HTMLElement && target !== row) {
      event.preventDefault();
      row.focus();
      return;
    }
    this.#stepOut(event.shiftKey ? 'afterbegin' : 'beforeend');
  }

  /** The browser's own Tab goes on from whatever has the focus: from a mark at the edge it goes to what lies outside. */
  #stepOut(edge: 'afterbegin' | 'beforeend'): void {
    const mark = document.createElement('span');
    mark.tabIndex = -1;
    this.#turns.insertAdjacentElement(edge, mark);
    mark.focus({ preventScroll: true });
    mark.addEventListener('blur', () => { mark.remove(); }, { once: true });
  }

  #goTo(index: number): void {
    const message = this.#turns.messages[index];
    if (message === undefined) return;
    this.#currentId = message.id;
    const row = this.#currentRow();
    if (row === undefined) {
      this.#focusWanted = true;
      this.#turns.reveal(index);
      return;
    }
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }

  #currentIndex(): number {
    const index = this.#turns.messages.findIndex(({ id }) => id === this.#currentId);
    return index === -1 ? this.#turns.messages.length - 1 : index;
  }

  #currentRow(): HTMLElement | undefined {
    const id = this.#turns.messages[this.#currentIndex()]?.id;
    return id === undefined ? undefined : this.#turns.rowOf(id);
  }

  #controlsOf(row: HTMLElement | undefined): HTMLElement[] {
    if (row === undefined) return [];
    const found = [...row.querySelectorAll<HTMLElement>(reachable)];
    return found.filter((control) => control.tabIndex >= 0 && control.checkVisibility({ visibilityProperty: true }));
  }
}
