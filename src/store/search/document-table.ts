import type { IndexedDocument } from '../effects.ts';
import { GroupChains, none } from './group-chains.ts';
import type { Section, SectionReader } from './section-file.ts';
import { StringTable } from './string-table.ts';
import { grown } from './typed-arrays.ts';

/** What the table keeps of a document: the text is in the postings alone, and its kind makes no difference to a search. */
export type DocumentAttributes = Omit<IndexedDocument, 'text' | 'kind'>;

const aliveBit = 1;
const visibleBit = 2;

/**
 * The documents of an index, one number each, ascending in the order they were added, with their attributes in columns. A
 * removed document keeps its number, without being alive, until the table is packed.
 */
export class DocumentTable {
  readonly ids: StringTable;
  readonly speakers: StringTable;
  readonly scopes: StringTable;
  readonly groups: GroupChains;
  count = 0;
  aliveCount = 0;
  /** Sum of the lengths of what is alive. */
  totalLength = 0;

  #id = new Uint32Array(0);
  #at = new Float64Array(0);
  #length = new Uint32Array(0);
  #speaker = new Uint32Array(0);
  #scope = new Uint32Array(0);
  #source = new Int32Array(0);
  #flags = new Uint8Array(0);
  /** By id number: its document, or `none`. An id may be known before its document: a fact can come before its source. */
  #documentOfId = new Int32Array(0);

  constructor(
    ids = StringTable.empty(),
    speakers = StringTable.empty(),
    scopes = StringTable.empty(),
    groups: GroupChains = new GroupChains(),
  ) {
    this.ids = ids;
    this.speakers = speakers;
    this.scopes = scopes;
    this.groups = groups;
  }

  /** Numbers a document of `length` words. Its id must be free. */
  add(document: DocumentAttributes, length: number): number {
    const number = this.count;
    this.#reserve(number + 1);
    this.count = number + 1;
    const id = this.#know(this.ids.intern(document.id));
    this.#documentOfId[id] = number;
    this.#id[number] = id;
    this.#at[number] = document.at;
    this.#length[number] = length;
    this.#speaker[number] = this.speakers.intern(document.speaker);
    this.#scope[number] = this.scopes.intern(document.scope);
    this.#source[number] = document.factOf === null ? none : this.#know(this.ids.intern(document.factOf));
    this.#flags[number] = aliveBit | (document.visible ? visibleBit : 0);
    this.groups.add(number, document.group, document.order, length);
    this.aliveCount++;
    this.totalLength += length;
    return number;
  }

  remove(number: number): void {
    this.#documentOfId[this.#id[number] ?? 0] = none;
    this.#flags[number] = 0;
    this.aliveCount--;
    this.totalLength -= this.length(number);
    this.groups.remove(number, this.length(number));
  }

  setVisible(number: number, visible: boolean): void {
    this.#flags[number] = aliveBit | (visible ? visibleBit : 0);
  }

  find(id: string): number {
    const number = this.ids.find(id);
    return number === -1 ? none : (this.#documentOfId[number] ?? none);
  }

  /** The documents whose ids are the strings of `ids`, in their order; `none` where there is no such document. */
  findAllByIds(ids: StringTable): Int32Array<ArrayBuffer> {
    const numbers = this.ids.findAllFrom(ids);
    for (let i = 0; i < numbers.length; i++) {
      const own = numbers[i] ?? -1;
      numbers[i] = own === -1 ? none : (this.#documentOfId[own] ?? none);
    }
    return numbers;
  }

  isAlive(number: number): boolean {
    return ((this.#flags[number] ?? 0) & aliveBit) !== 0;
  }

  isVisible(number: number): boolean {
    return this.#flags[number] === (aliveBit | visibleBit);
  }

  /** For the scoring loops: 1 at the number of each document that is alive, in one of `scopes`, and visible or not asked to be. */
  marked({ scopes, includeHidden }: { readonly scopes: readonly string[] | null; readonly includeHidden: boolean }): Uint8Array {
    const wanted = new Uint8Array(this.scopes.size).fill(scopes === null ? 1 : 0);
    for (const scope of scopes ?? []) {
      const number = this.scopes.find(scope);
      if (number !== -1) wanted[number] = 1;
    }
    const marks = new Uint8Array(this.count);
    const needed = includeHidden ? aliveBit : aliveBit | visibleBit;
    for (let number = 0; number < marks.length; number++) {
      if (((this.#flags[number] ?? 0) & needed) === needed) marks[number] = wanted[this.#scope[number] ?? 0] ?? 0;
    }
    return marks;
  }

  id(number: number): string {
    return this.ids.get(this.#id[number] ?? 0);
  }

  length(number: number): number {
    return this.#length[number] ?? 0;
  }

  /** For the scoring loop: the length of each document. */
  get lengths(): Uint32Array {
    return this.#length;
  }

  at(number: number): number {
    return this.#at[number] ?? 0;
  }

  /** Number in `speakers`. */
  speaker(number: number): number {
    return this.#speaker[number] ?? 0;
  }

  /** Number in `scopes`. */
  scope(number: number): number {
    return this.#scope[number] ?? 0;
  }

  /** The document a fact was taken from: `none` when it is not a fact or its source is not here. */
  source(number: number): number {
    const id = this.#source[number] ?? none;
    return id === none ? none : (this.#documentOfId[id] ?? none);
  }

  /** For the scoring loops: `none` where a document was not taken from another. */
  get sourceIds(): Int32Array {
    return this.#source;
  }

  get byteLength(): number {
    const columns = [this.#id, this.#at, this.#length, this.#speaker, this.#scope, this.#source, this.#flags, this.#documentOfId];
    const parts = [this.ids, this.speakers, this.scopes, this.groups, ...columns];
    return parts.reduce((sum, part) => sum + part.byteLength, 0);
  }

  /**
   * A table of what is alive, in the same order, and for each old number the new one or `none`. Ids and names that only the dead
   * had are not in it.
   */
  packed(): { readonly table: DocumentTable; readonly renumbered: Int32Array } {
    const renumbered = new Int32Array(this.count).fill(none);
    let count = 0;
    for (let number = 0; number < this.count; number++) if (this.isAlive(number)) renumbered[number] = count++;
    const groups = this.groups.renumbered(renumbered, count, this.#length);
    const table = new DocumentTable(StringTable.empty(), StringTable.empty(), StringTable.empty(), groups);
    table.#reserve(count);
    for (let number = 0; number < this.count; number++) if (this.isAlive(number)) table.#copy(this, number);
    return { table, renumbered };
  }

  /** Views of what is in use, for a file. Only a packed table may be written. */
  sections(): Section[] {
    const strings = [this.ids, this.speakers, this.scopes];
    const columns = [this.#id, this.#at, this.#length, this.#speaker, this.#scope, this.#source, this.#flags];
    return [
      Float64Array.of(this.count, this.totalLength),
      ...strings.flatMap((table) => table.sections()),
      ...this.groups.sections(this.count),
      ...columns.map((column) => column.subarray(0, this.count)),
      this.#documentOfId.subarray(0, this.ids.size),
    ];
  }

  /** Lays a table over sections that were written by `sections`; it takes them over. */
  static fromSections(reader: SectionReader): DocumentTable {
    const [count = 0, totalLength = 0] = reader.next(Float64Array);
    const ids = StringTable.fromSections(reader);
    const speakers = StringTable.fromSections(reader);
    const scopes = StringTable.fromSections(reader);
    const table = new DocumentTable(ids, speakers, scopes, GroupChains.fromSections(reader));
    table.count = count;
    table.aliveCount = count;
    table.totalLength = totalLength;
    table.#id = reader.next(Uint32Array);
    table.#at = reader.next(Float64Array);
    table.#length = reader.next(Uint32Array);
    table.#speaker = reader.next(Uint32Array);
    table.#scope = reader.next(Uint32Array);
    table.#source = reader.next(Int32Array);
    table.#flags = reader.next(Uint8Array);
    table.#documentOfId = reader.next(Int32Array);
    return table;
  }

  /** Appends document `number` of `other`, all but its group. */
  #copy(other: DocumentTable, number: number): void {
    const copy = this.count++;
    const id = this.#know(this.ids.internFrom(other.ids, other.#id[number] ?? 0));
    const source = other.#source[number] ?? none;
    this.#documentOfId[id] = copy;
    this.#id[copy] = id;
    this.#at[copy] = other.at(number);
    this.#length[copy] = other.length(number);
    this.#speaker[copy] = this.speakers.internFrom(other.speakers, other.speaker(number));
    this.#scope[copy] = this.scopes.internFrom(other.scopes, other.scope(number));
    this.#source[copy] = source === none ? none : this.#know(this.ids.internFrom(other.ids, source));
    this.#flags[copy] = other.#flags[number] ?? 0;
    this.aliveCount++;
    this.totalLength += other.length(number);
  }

  /** Makes room for what is told of id `number`, once. */
  #know(number: number): number {
    const known = this.#documentOfId.length;
    if (number >= known) this.#documentOfId = grown(this.#documentOfId, number + 1, Int32Array).fill(none, known);
    return number;
  }

  #reserve(count: number): void {
    this.#id = grown(this.#id, count, Uint32Array);
    this.#at = grown(this.#at, count, Float64Array);
    this.#length = grown(this.#length, count, Uint32Array);
    this.#speaker = grown(this.#speaker, count, Uint32Array);
    this.#scope = grown(this.#scope, count, Uint32Array);
    this.#source = grown(this.#source, count, Int32Array);
    this.#flags = grown(this.#flags, count, Uint8Array);
  }
}
