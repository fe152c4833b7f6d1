/**
 * What a write does to the derived search structures. A repository method emits effects beside its SQL; both stand in the
 * same journal record, so every replica's index follows every replica's rows.
 */

/** A piece of text that can be found: a turn, a fact, a preference. */
export interface IndexedDocument {
  /** The slice's id. */
  readonly id: string;
  /** Neighbours are looked up inside a group: the session of a turn, or `facts` for what stands alone. */
  readonly group: string;
  /** Position inside the group; neighbours are the documents next to it in this order. */
  readonly order: number;
  readonly text: string;
  /** Who said it: `user`, or the agent's id. */
  readonly speaker: string;
  /** When it was said, in milliseconds. */
  readonly at: number;
  readonly kind: SliceKind;
  /** For a fact: the id of the turn slice it was taken from, which a hit on the fact also raises. */
  readonly factOf: string | null;
  /** Scope key: `shared`, `agent:<id>` or `workspace:<id>`. */
  readonly scope: string;
  /** False while recall must not see it: inactive branch, forgotten, superseded, deleted or private session. */
  readonly visible: boolean;
}

export type SliceKind = 'episodic' | 'semantic' | 'procedural' | 'working';

export type Effect =
  | { readonly type: 'put-document'; readonly document: IndexedDocument }
  | { readonly type: 'remove-document'; readonly id: string }
  | { readonly type: 'set-visible'; readonly ids: readonly string[]; readonly visible: boolean }
  | {
      readonly type: 'put-vector';
      readonly id: string;
      /** Digest of the embedding model; vectors of two models never meet. */
      readonly model: string;
      /** L2-normalised, quantised to int8 with one scale: value[i] * scale is the component. */
      readonly values: Int8Array;
      readonly scale: number;
    }
  | { readonly type: 'remove-vectors'; readonly id: string };
