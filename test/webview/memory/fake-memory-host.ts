import * as z from 'zod/mini';
import { memoryProtocol } from '../../../src/shared/protocol/memory.ts';
import type { GraphView, Hit, MemoryFilter, MemorySnapshot, SliceRow } from '../../../src/shared/protocol/memory-views.ts';
import { setStage, StageHost, type Parameters } from '../stage/stage-host.ts';
import { detailOf, graph, largeGraph, memories, proposals, row, snapshot, stageTime, statistics, weeksOf } from './sample-memories.ts';

export interface MemoryScene {
  readonly snapshot: MemorySnapshot;
  readonly slices: readonly SliceRow[];
  readonly graph?: GraphView;
}

/** Every state of the memory browser that differs by what the store holds. */
const scenes: Readonly<Record<string, () => MemoryScene>> = {
  some: () => ({ snapshot: snapshot({ total: memories.length, toReview: 2 }), slices: memories }),
  empty: () => ({ snapshot: snapshot({ total: 0 }), slices: [] }),
  'read-only': () => ({ snapshot: snapshot({ total: memories.length, isReadOnly: true }), slices: memories }),
  'one-hundred-thousand': () => ({ snapshot: snapshot(), slices: manyMemories(100_000), graph: largeGraph }),
};

function manyMemories(count: number): SliceRow[] {
  const kinds = ['episodic', 'semantic', 'procedural', 'working'] as const;
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[i % kinds.length] ?? 'episodic';
    return row({ id: `n${String(i)}`, text: `Memory number ${String(i)}, of the ${String(i % 97)} ones about buoys.`, kind, at: stageTime - i * 60_000 });
  });
}

/** Plays the extension's part for a memory browser in a plain page. */
export class FakeMemoryHost extends StageHost {
  readonly #snapshot: MemorySnapshot;
  #slices: readonly SliceRow[];
  readonly #graph: GraphView;
  #proposals = proposals;
  #decided: typeof proposals = [];

  constructor({ snapshot: first, slices, graph: named = graph }: MemoryScene) {
    super();
    this.#snapshot = first;
    this.#slices = slices;
    this.#graph = named;
  }

  /** Changes a memory as another window would, and tells the view. */
  changeElsewhere(id: string, change: Partial<SliceRow>): void {
    this.#change(id, change);
    this.post('changed', { ids: [id], everything: false });
  }

  protected override answer(method: string, parameters: Parameters): unknown {
    switch (method) {
      case 'ready':
        return this.#snapshot;
      case 'list': {
        const { filter, offset, limit } = z.parse(memoryProtocol.methods.list.parameters, parameters);
        const passing = this.#slices.filter((slice) => passes(slice, filter));
        return { slices: passing.slice(offset, offset + limit), total: passing.length };
      }
      case 'search': {
        const { text, filter, meaning } = z.parse(memoryProtocol.methods.search.parameters, parameters);
        return { hits: meaning ? [] : this.#search(text, filter), byMeaning: false };
      }
      case 'detail': {
        const slice = this.#slices.find(({ id }) => id === parameters['id']);
        return { detail: slice === undefined ? null : detailOf(slice, this.#slices) };
      }
      case 'edit':
        return { slice: this.#change(String(parameters['id']), { text: String(parameters['text']) }) };
      case 'change': {
        const { slices, pinned, importance, scope, kind } = z.parse(memoryProtocol.methods.change.parameters, parameters);
        const change: Partial<SliceRow> = {
          ...(pinned === undefined ? {} : { pinned }),
          ...(importance === undefined ? {} : { importance }),
          ...(scope === undefined ? {} : { scope }),
          ...(kind === undefined ? {} : { kind }),
        };
        const before = this.#slices.filter(({ id }) => slices.some((changed) => changed.id === id));
        const undo = before.map(({ id, version, kind, pinned }) => ({ id, version: version + 1, kind, pinned, importance: 0.5, scope: { type: 'shared' } }));
        return { slices: slices.map(({ id }) => this.#change(id, change)), undo };
      }
      case 'undoChange': {
        const { before } = z.parse(memoryProtocol.methods.undoChange.parameters, parameters);
        return { slices: before.map(({ id, kind, pinned }) => this.#change(id, { kind, pinned, importance: 'normal', scope: 'shared' })) };
      }
      case 'forget':
        return { slices: idsOf(parameters).map((id) => this.#change(id, { undoUntil: Date.now() + 60_000 })) };
      case 'undoForget':
        return { slices: idsOf(parameters).map((id) => this.#change(id, { undoUntil: null })) };
      case 'merge': {
        const { slices, text } = z.parse(memoryProtocol.methods.merge.parameters, parameters);
        const ids = slices.map(({ id }) => id);
        return this.#replace(ids, [text]);
      }
      case 'split': {
        const { slice, texts } = z.parse(memoryProtocol.methods.split.parameters, parameters);
        return this.#replace([slice.id], texts);
      }
      case 'undoReplace': {
        const { ids, by } = z.parse(memoryProtocol.methods.undoReplace.parameters, parameters);
        this.#slices = this.#slices.filter(({ id }) => !by.some((added) => added.id === id));
        for (const id of ids) this.#change(id, { replaced: false });
        return {};
      }
      case 'settle':
        for (const id of [parameters['id'], parameters['otherId']]) this.#change(String(id), { contradicts: false });
        return {};
      case 'weeks':
        return { weeks: weeksOf(this.#slices) };
      case 'statistics':
        return statistics;
      case 'graph': {
        const { limit } = z.parse(memoryProtocol.methods.graph.parameters, parameters);
        const ties = this.#graph.ties.filter(({ a, b }) => a < limit && b < limit);
        return { ...this.#graph, entities: this.#graph.entities.slice(0, limit), ties };
      }
      case 'proposals':
        return { proposals: this.#proposals, total: this.#proposals.length };
      case 'accept':
      case 'reject':
        this.#decided = this.#proposals.filter(({ slice }) => idsOf(parameters).includes(slice.id));
        this.#proposals = this.#proposals.filter(({ slice }) => !idsOf(parameters).includes(slice.id));
        return {};
      case 'acceptEdited':
        this.#proposals = this.#proposals.filter(({ slice }) => slice.id !== parameters['id']);
        return {};
      case 'undoReject':
        this.#proposals = [...this.#decided, ...this.#proposals];
        return {};
      case 'acceptAll': {
        const count = this.#proposals.length;
        this.#proposals = [];
        return { count };
      }
      case 'setAlwaysAccept':
        return { ...this.#snapshot, alwaysAccepts: parameters['always'] };
      default:
        return {};
    }
  }

  #replace(ids: readonly string[], texts: readonly string[]): object {
    for (const id of ids) this.#change(id, { replaced: true });
    const added = texts.map((text, i) => row({ id: `new-${String(this.asked.length)}-${String(i)}`, text }));
    this.#slices = [...added, ...this.#slices];
    return { slices: added, undo: { ids, by: added.map(({ id, version }) => ({ id, version })) } };
  }

  #search(text: string, filter: MemoryFilter): Hit[] {
    const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
    return this.#slices
      .map((slice) => ({ slice, why: { words: words.filter((word) => slice.text.toLowerCase().includes(word)), meaning: false, neighbour: false } }))
      .filter(({ slice, why }) => why.words.length > 0 && passes(slice, filter))
      .toSorted((a, b) => b.why.words.length - a.why.words.length)
      .slice(0, 100);
  }

  #change(id: string, change: Partial<SliceRow>): SliceRow | undefined {
    this.#slices = this.#slices.map((slice) => (slice.id === id ? { ...slice, ...change, version: slice.version + 1 } : slice));
    return this.#slices.find((slice) => slice.id === id);
  }
}

function passes(slice: SliceRow, filter: MemoryFilter): boolean {
  const isIn = <T>(chosen: readonly T[], value: T): boolean => chosen.length === 0 || chosen.includes(value);
  return (
    slice.undoUntil === null &&
    isIn(filter.kinds, slice.kind) &&
    isIn(filter.scopes, slice.scope) &&
    isIn(filter.speakers, slice.speaker) &&
    isIn(filter.sources, slice.source.type) &&
    isIn(filter.importance, slice.importance) &&
    (filter.from === null || slice.at >= filter.from) &&
    (filter.to === null || slice.at < filter.to) &&
    (!filter.pinned || slice.pinned) &&
    (!filter.replaced || slice.replaced) &&
    slice.archived === filter.archived &&
    slice.text.includes(filter.about)
  );
}

function idsOf(parameters: Parameters): string[] {
  return z.parse(z.object({ ids: z.array(z.string()) }), parameters).ids;
}

setStage({ name: 'memoryStage', time: stageTime, scenes, host: (scene) => new FakeMemoryHost(scene) });
