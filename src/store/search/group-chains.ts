import type { Section, SectionReader } from './section-file.ts';
import { StringTable } from './string-table.ts';
import { grown } from './typed-arrays.ts';

/** No document, group or string. */
export const none = -1;

/** The group of what stands alone: it has neither neighbours nor a session. */
export const standAloneGroup = 'facts';

/**
 * Which documents belong to one session, and which stand beside each other in it: the documents of a group are chained in the
 * order of their positions, so that a neighbour is one look-up away.
 */
export class GroupChains {
  readonly names: StringTable;
  /** How many groups have a document, and the length of all documents in groups. */
  filled = 0;
  totalLength = 0;
  #group = new Int32Array(0);
  #order = new Float64Array(0);
  #previous = new Int32Array(0);
  #next = new Int32Array(0);
  /** By group: its last document, how many it has, and their length. */
  #last = new Int32Array(0);
  #size = new Uint32Array(0);
  #length = new Float64Array(0);

  constructor(names = StringTable.empty()) {
    this.names = names;
  }

  get byteLength(): number {
    const columns = [this.#group, this.#order, this.#previous, this.#next, this.#last, this.#size, this.#length];
    return columns.reduce((sum, column) => sum + column.byteLength, this.names.byteLength);
  }

  /** For the scoring loop: the group of each document, or `none`. */
  get groupNumbers(): Int32Array {
    return this.#group;
  }

  group(document: number): number {
    return this.#group[document] ?? none;
  }

  length(group: number): number {
    return this.#length[group] ?? 0;
  }

  previous(document: number): number {
    return this.#previous[document] ?? none;
  }

  next(document: number): number {
    return this.#next[document] ?? none;
  }

  /** Puts a document in its place in its group; nearly always that is the end. */
  add(document: number, name: string, order: number, length: number): void {
    this.#reserve(document + 1);
    const group = name === standAloneGroup ? none : this.#know(this.names.intern(name));
    this.#group[document] = group;
    this.#order[document] = order;
    let before = group === none ? none : (this.#last[group] ?? none);
    let after = none;
    while (before !== none && (this.#order[before] ?? 0) > order) {
      after = before;
      before = this.previous(before);
    }
    this.#previous[document] = before;
    this.#next[document] = after;
    if (group === none) return;
    if (before !== none) this.#next[before] = document;
    if (after !== none) this.#previous[after] = document;
    else this.#last[group] = document;
    this.#count(group, 1, length);
  }

  /** Takes a document out of its group; its neighbours become each other's. */
  remove(document: number, length: number): void {
    const group = this.group(document);
    if (group === none) return;
    const before = this.previous(document);
    const after = this.next(document);
    if (before !== none) this.#next[before] = after;
    if (after !== none) this.#previous[after] = before;
    else this.#last[group] = before;
    this.#count(group, -1, -length);
  }

  /** The chains of the documents that `renumbered` does not map to `none`, under their new numbers, which must ascend. */
  renumbered(renumbered: Int32Array, count: number, lengths: Uint32Array): GroupChains {
    const chains = new GroupChains();
    chains.#reserve(count);
    for (const [document, number] of renumbered.entries()) {
      if (number === none) continue;
      const oldGroup = this.group(document);
      const group = oldGroup === none ? none : chains.#know(chains.names.internFrom(this.names, oldGroup));
      const next = this.next(document);
      chains.#group[number] = group;
      chains.#order[number] = this.#order[document] ?? 0;
      chains.#previous[number] = renumbered[this.previous(document)] ?? none;
      chains.#next[number] = renumbered[next] ?? none;
      if (group === none) continue;
      chains.#count(group, 1, lengths[document] ?? 0);
      if (next === none) chains.#last[group] = number;
    }
    return chains;
  }

  /** Views of what is in use by `count` documents, for a file. */
  sections(count: number): Section[] {
    const byDocument = [this.#group, this.#order, this.#previous, this.#next].map((column) => column.subarray(0, count));
    const byGroup = [this.#last, this.#size, this.#length].map((column) => column.subarray(0, this.names.size));
    return [Float64Array.of(this.filled, this.totalLength), ...this.names.sections(), ...byDocument, ...byGroup];
  }

  /** Lays chains over sections that were written by `sections`; they take them over. */
  static fromSections(reader: SectionReader): GroupChains {
    const [filled = 0, totalLength = 0] = reader.next(Float64Array);
    const chains = new GroupChains(StringTable.fromSections(reader));
    chains.filled = filled;
    chains.totalLength = totalLength;
    chains.#group = reader.next(Int32Array);
    chains.#order = reader.next(Float64Array);
    chains.#previous = reader.next(Int32Array);
    chains.#next = reader.next(Int32Array);
    chains.#last = reader.next(Int32Array);
    chains.#size = reader.next(Uint32Array);
    chains.#length = reader.next(Float64Array);
    return chains;
  }

  #count(group: number, documents: number, length: number): void {
    const before = this.#size[group] ?? 0;
    this.#size[group] = before + documents;
    this.#length[group] = this.length(group) + length;
    this.totalLength += length;
    if (before === 0) this.filled++;
    if (before + documents === 0) this.filled--;
  }

  /** Makes room for what is told of group `number`, once. */
  #know(number: number): number {
    const known = this.#last.length;
    if (number >= known) {
      this.#last = grown(this.#last, number + 1, Int32Array).fill(none, known);
      this.#size = grown(this.#size, number + 1, Uint32Array);
      this.#length = grown(this.#length, number + 1, Float64Array);
    }
    return number;
  }

  #reserve(count: number): void {
    this.#group = grown(this.#group, count, Int32Array);
    this.#order = grown(this.#order, count, Float64Array);
    this.#previous = grown(this.#previous, count, Int32Array);
    this.#next = grown(this.#next, count, Int32Array);
  }
}
