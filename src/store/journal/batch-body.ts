import type { Effect, IndexedDocument, SliceKind } from '../effects.ts';
import type { SqlParameter } from '../methods-contract.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { decodeChanges, encodeChanges, type Changes } from './changes.ts';

/** What a batch did, in the order in which every replica repeats it. */
export interface BatchBody {
  /** When it was made, in milliseconds. */
  readonly at: number;
  readonly calls: readonly KeptCall[];
  readonly statements: readonly CapturedStatement[];
  readonly effects: readonly Effect[];
  readonly changes: Changes;
}

export interface KeptCall {
  readonly id: string;
  /** The result as JSON; null where it is not kept. */
  readonly result: string | null;
}

export interface CapturedStatement {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

export function encodeBatch(batch: BatchBody): Buffer {
  const writer = new ByteWriter();
  writer.float64(batch.at);
  writer.list(batch.calls, (call) => {
    writer.text(call.id);
    writer.optionalText(call.result);
  });
  writer.list(batch.statements, (statement) => {
    writer.text(statement.sql);
    writer.list(statement.parameters, (parameter) => { encodeParameter(writer, parameter); });
  });
  writer.list(batch.effects, (effect) => { encodeEffect(writer, effect); });
  encodeChanges(writer, batch.changes);
  return writer.bytes();
}

/** Throws a RangeError for what `encodeBatch` did not make. */
export function decodeBatch(body: Uint8Array): BatchBody {
  const reader = new ByteReader(body);
  return {
    at: reader.float64(),
    calls: reader.list(() => ({ id: reader.text(), result: reader.optionalText() })),
    statements: reader.list(() => ({ sql: reader.text(), parameters: reader.list(() => decodeParameter(reader)) })),
    effects: reader.list(() => decodeEffect(reader)),
    changes: decodeChanges(reader),
  };
}

const parameterType = { null: 0, int32: 1, real: 2, text: 3, bytes: 4 } as const;

function encodeParameter(writer: ByteWriter, parameter: SqlParameter): void {
  if (parameter === null) {
    writer.uint8(parameterType.null);
  } else if (typeof parameter === 'string') {
    writer.uint8(parameterType.text);
    writer.text(parameter);
  } else if (typeof parameter !== 'number') {
    writer.uint8(parameterType.bytes);
    writer.blob(parameter);
  } else if ((parameter | 0) === parameter) {
    // The same test by which sql.js binds an integer; all other numbers it binds as a double, which holds them exactly.
    writer.uint8(parameterType.int32);
    writer.int32(parameter);
  } else {
    writer.uint8(parameterType.real);
    writer.float64(parameter);
  }
}

function decodeParameter(reader: ByteReader): SqlParameter {
  const type = reader.uint8();
  switch (type) {
    case parameterType.null: return null;
    case parameterType.int32: return reader.int32();
    case parameterType.real: return reader.float64();
    case parameterType.text: return reader.text();
    case parameterType.bytes: return reader.blob();
    default: throw new RangeError(`Unknown parameter type ${type}.`);
  }
}

const effectTypes: readonly Effect['type'][] = ['put-document', 'remove-document', 'set-visible', 'put-vector', 'remove-vectors'];
const sliceKinds: readonly SliceKind[] = ['episodic', 'semantic', 'procedural', 'working'];

function encodeEffect(writer: ByteWriter, effect: Effect): void {
  writer.uint8(effectTypes.indexOf(effect.type));
  switch (effect.type) {
    case 'put-document':
      encodeDocument(writer, effect.document);
      return;
    case 'remove-document':
    case 'remove-vectors':
      writer.text(effect.id);
      return;
    case 'set-visible':
      writer.flag(effect.visible);
      writer.list(effect.ids, (id) => { writer.text(id); });
      return;
    case 'put-vector':
      writer.text(effect.id);
      writer.text(effect.model);
      writer.float64(effect.scale);
      writer.blob(new Uint8Array(effect.values.buffer, effect.values.byteOffset, effect.values.length));
  }
}

function decodeEffect(reader: ByteReader): Effect {
  const type = effectTypes[reader.uint8()];
  switch (type) {
    case 'put-document': return { type, document: decodeDocument(reader) };
    case 'remove-document': return { type, id: reader.text() };
    case 'remove-vectors': return { type, id: reader.text() };
    case 'set-visible': {
      const visible = reader.flag();
      return { type, ids: reader.list(() => reader.text()), visible };
    }
    case 'put-vector': {
      const id = reader.text();
      const model = reader.text();
      const scale = reader.float64();
      return { type, id, model, values: new Int8Array(Uint8Array.from(reader.blob()).buffer), scale };
    }
    default: throw new RangeError('Unknown effect.');
  }
}


function encodeDocument(writer: ByteWriter, document: IndexedDocument): void {
  writer.text(document.id);
  writer.text(document.group);
  writer.float64(document.order);
  writer.text(document.text);
  writer.text(document.speaker);
  writer.float64(document.at);
  writer.uint8(sliceKinds.indexOf(document.kind));
  writer.optionalText(document.factOf);
  writer.text(document.scope);
  writer.flag(document.visible);
}

function decodeDocument(reader: ByteReader): IndexedDocument {
  const id = reader.text();
  const group = reader.text();
  const order = reader.float64();
  const text = reader.text();
  const speaker = reader.text();
  const at = reader.float64();
  const kind = sliceKinds[reader.uint8()];
  if (kind === undefined) throw new RangeError('Unknown kind of slice.');
  return { id, group, order, text, speaker, at, kind, factOf: reader.optionalText(), scope: reader.text(), visible: reader.flag() };
}
