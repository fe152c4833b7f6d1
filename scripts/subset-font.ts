import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** From harfbuzz's hb-blob.h: the bytes are ours, and may be changed. */
const writableMemory = 2;

/**
 * The TrueType font with the glyphs of these characters alone, hinting and names as they were. Made by HarfBuzz's own subsetter, whose
 * C functions its WebAssembly build exports; what is allocated goes with the instance.
 *
 * @param characters code points; one that the font does not have is passed over
 * @throws Error when the bytes are no font
 */
export function subsetFont(font: Uint8Array, characters: Iterable<number>): Uint8Array {
  const { call, memory } = harfbuzz();
  const bytes = call('malloc', font.byteLength);
  new Uint8Array(memory.buffer).set(font, bytes);
  const face = call('hb_face_create', call('hb_blob_create', bytes, font.byteLength, writableMemory, 0, 0), 0);
  const wanted = call('hb_subset_input_create_or_fail');
  const wantedCharacters = call('hb_subset_input_unicode_set', wanted);
  for (const character of characters) call('hb_set_add', wantedCharacters, character);
  const subset = call('hb_subset_or_fail', face, wanted);
  const made = subset === 0 ? 0 : call('hb_face_reference_blob', subset);
  const length = made === 0 ? 0 : call('hb_blob_get_length', made);
  if (length === 0) throw new Error('The font could not be read.');
  const start = call('hb_blob_get_data', made, 0);
  return new Uint8Array(memory.buffer).slice(start, start + length);
}

interface HarfBuzz {
  /** Calls a C function; every argument and answer is a number, an address mostly. */
  readonly call: (name: string, ...parameters: number[]) => number;
  readonly memory: WebAssembly.Memory;
}

function harfbuzz(): HarfBuzz {
  const file = createRequire(import.meta.url).resolve('harfbuzzjs/dist/harfbuzz-subset.wasm');
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), {});
  const call = (name: string, ...parameters: number[]): number => {
    const exported = exports[name];
    if (typeof exported !== 'function') throw new Error(`This HarfBuzz has no ${name}.`);
    return Number(Reflect.apply(exported, undefined, parameters));
  };
  const { memory } = exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('This HarfBuzz shows no memory.');
  call('_initialize');
  return { call, memory };
}
