import type { Metafile } from 'esbuild';

/** A limit on what is loaded in one go; sizes are bytes of minified output. */
export interface SizeGate {
  readonly name: string;
  readonly bytes: number;
  readonly limit: number;
}

/** 1 KB is 1,024 bytes, here and in every gate. */
export const KB = 1024;

/**
 * The bytes a view fetches before `entry` is drawn: the entry, every chunk it imports statically (through any number of steps), the
 * style sheet esbuild made beside it, and the fonts and pictures that style sheets name. Chunks behind `import()` are left out.
 *
 * @param entry an output path as the metafile spells it
 * @throws Error when the metafile has no such output
 */
export function firstLoadBytes(metafile: Metafile, entry: string): number {
  const loaded = new Set<string>();
  const waiting = [entry];
  let bytes = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    const output = metafile.outputs[path];
    if (output === undefined) throw new Error(`The build made no ${path}.`);
    bytes += output.bytes;
    if (output.cssBundle !== undefined) waiting.push(output.cssBundle);
    for (const imported of output.imports) {
      const isFirst = imported.kind === 'import-statement' || imported.kind === 'url-token';
      if (isFirst && imported.external !== true) waiting.push(imported.path.replace(/[?#].*$/, ''));
    }
  }
  return bytes;
}

/** One line for people: name, size, limit, and whether it holds. */
export function describeGate({ name, bytes, limit }: SizeGate): string {
  const size = `${(bytes / KB).toFixed(1)} KB of ${(limit / KB).toFixed(0)} KB`;
  return bytes <= limit ? `  ${name}: ${size}` : `  ${name}: ${size}, over by ${((bytes - limit) / KB).toFixed(1)} KB`;
}

export function isOver({ bytes, limit }: SizeGate): boolean {
  return bytes > limit;
}
