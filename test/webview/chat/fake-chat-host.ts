import * as z from 'zod/mini';
import type { EventData, EventName } from '../../../src/shared/protocol/channel.ts';
import type { ChatProtocol } from '../../../src/shared/protocol/chat.ts';
import type { ChatSnapshot, MemoryView, MessageView } from '../../../src/shared/protocol/chat-views.ts';
import { setStage, StageHost, type Parameters } from '../stage/stage-host.ts';
import { models, reply, request, search, sessions, snapshot, stageTime } from './sample-content.ts';
import { scenes, type Scene } from './scenes.ts';

const statusSchema = z.enum(['active', 'paused', 'closed', 'archived']);

/** Plays the extension's part for a chat view in a plain page: answers what is asked, and follows the script of a scene. */
export class FakeChatHost extends StageHost {
  readonly #scene: Scene;
  #messages: readonly MessageView[];
  #snapshot: ChatSnapshot;
  #earlier: readonly MessageView[];
  readonly #sessions = sessions.map((one) => ({ ...one }));
  #played = false;
  #streaming: { readonly id: string; stop: () => void } | undefined;

  constructor(scene: Scene) {
    super();
    this.#scene = scene;
    this.#snapshot = scene.snapshot;
    this.#messages = scene.snapshot.messages;
    this.#earlier = scene.earlier ?? [];
  }

  emit<E extends EventName<ChatProtocol>>(name: E, data: EventData<ChatProtocol, E>): void {
    this.post(name, data);
  }

  protected override delivered(method: string): void {
    if (method !== 'ready' || this.#played) return;
    this.#played = true;
    this.#scene.play?.(this);
  }

  /** Lets a reply grow word by word; 0 words a second puts the whole text there at once and leaves the reply streaming. */
  stream(id: string, text: string, wordsPerSecond: number, then?: () => void): void {
    const words = text.split(/(?<=\s)/);
    let next = 0;
    const began = performance.now();
    const timer = setInterval(() => {
      const due = Math.min(words.length, Math.ceil(((performance.now() - began) / 1000) * wordsPerSecond));
      for (; next < due; next++) this.#grow(id, words[next] ?? '');
      if (next < words.length) return;
      clearInterval(timer);
      then?.();
    }, 4);
    this.#streaming = { id, stop: () => { clearInterval(timer); } };
  }

  /** Changes a reply and tells the view. */
  update(id: string, change: Partial<MessageView>): void {
    const message = this.#messages.find((candidate) => candidate.id === id);
    if (message === undefined) return;
    const changed = { ...message, ...change };
    this.#messages = this.#messages.map((candidate) => (candidate.id === id ? changed : candidate));
    this.emit('messages', { messages: [changed], total: this.#total() });
  }

  /** A question and its answer, as another window would have brought them. */
  made(text: string): MessageView[] {
    const number = String(this.#messages.length);
    return [request({ id: `other-q-${number}`, text, at: Date.now() }), reply({ id: `other-r-${number}`, text: 'Understood.', at: Date.now() })];
  }

  add(...messages: readonly MessageView[]): void {
    this.#messages = [...this.#messages, ...messages];
    this.emit('messages', { messages: [...messages], total: this.#total() });
  }

  /** Presses what a reader would, as soon as it is there. */
  press(...selectors: readonly string[]): void {
    const [next, ...rest] = selectors;
    const found = next === undefined ? null : document.querySelector(next);
    if (found instanceof HTMLElement) found.click();
    if (next !== undefined) requestAnimationFrame(() => { this.press(...(found === null ? selectors : rest)); });
  }

  show(next: ChatSnapshot): void {
    this.#snapshot = next;
    this.#messages = next.messages;
    this.emit('snapshot', next);
  }

  #total(): number {
    return this.#earlier.length + this.#messages.length;
  }

  #grow(id: string, text: string): void {
    const message = this.#messages.find((candidate) => candidate.id === id);
    if (message === undefined) return;
    this.#messages = this.#messages.map((candidate) => (candidate.id === id ? { ...candidate, text: candidate.text + text } : candidate));
    this.emit('delta', { messageId: id, text, thinking: '', length: message.text.length });
  }

  #memory(id: unknown): MemoryView | undefined {
    return this.#messages.flatMap(({ memories }) => memories).find((memory) => memory.id === id);
  }

  protected override answer(method: string, parameters: Parameters): unknown {
    switch (method) {
      case 'ready':
        return { ...this.#snapshot, messages: [...this.#messages], total: this.#total() };
      case 'older': {
        const page = this.#earlier.slice(-200);
        this.#earlier = this.#earlier.slice(0, -200);
        this.#messages = [...page, ...this.#messages];
        return { messages: page, hasMore: this.#earlier.length > 0 };
      }
      case 'send':
        this.#converse(String(parameters['text']));
        return {};
      case 'stop':
        this.#streaming?.stop();
        if (this.#streaming !== undefined) this.update(this.#streaming.id, { status: 'stopped' });
        return {};
      case 'listSessions':
        return { sessions: this.#sessions.filter(({ status }) => parameters['archived'] === true || status !== 'archived') };
      case 'searchSessions':
        return { hits: search(String(parameters['text'])) };
      case 'changeSessionStatus': {
        const changed = this.#sessions.find(({ id }) => id === parameters['id']);
        if (changed !== undefined) changed.status = z.parse(statusSchema, parameters['to']);
        return { session: changed };
      }
      case 'deleteSession':
        return { facts: 2 };
      case 'renameSession':
        return { session: { ...sessions[0], id: parameters['id'], title: parameters['title'] } };
      case 'listModels':
        return { models: [...models] };
      case 'newChat':
        this.show(snapshot({ private: parameters['private'] === true }));
        return {};
      case 'editMemory':
        return { memory: { ...this.#memory(parameters['id']), text: parameters['text'] } };
      case 'forgetMemory':
        return { memory: { ...this.#memory(parameters['id']), state: 'forgotten', undoUntil: Date.now() + 60_000 } };
      case 'undoForgetMemory':
        return { memory: { ...this.#memory(parameters['id']), state: 'held', undoUntil: null } };
      case 'remember':
        return { memory: { ...this.#memory('m1'), id: 'new', text: 'Kept from this turn.', verbatim: true, speaker: 'agent', at: stageTime, source: { type: 'chat', title: '', canOpen: true }, state: 'held', undoUntil: null, contradicts: false, words: [] } };
      default:
        return {};
    }
  }

  #converse(text: string): void {
    const number = String(this.asked.length);
    const replyId = `reply-${number}`;
    this.add(request({ id: `request-${number}`, text, at: Date.now() }), reply({ id: replyId, text: '', at: Date.now(), status: 'streaming' }));
    const words = 'Understood. I will keep that in mind while we go on with the build.';
    this.stream(replyId, words, 60, () => { this.update(replyId, { status: 'complete' }); });
  }
}

setStage({ name: 'chatStage', time: stageTime, scenes, host: (scene) => new FakeChatHost(scene) });
