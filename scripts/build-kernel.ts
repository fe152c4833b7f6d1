// Builds src/store/search/vector-kernel.wat into vector-kernel.generated.ts beside it, as base64. Run it after changing the
// .wat; a test fails while the two differ.
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

import loadWabt from 'wabt';

const source = new URL('../src/store/search/vector-kernel.wat', import.meta.url);
const target = new URL('../src/store/search/vector-kernel.generated.ts', import.meta.url);

/** The TypeScript module that the .wat gives. */
export async function generateKernel(): Promise<string> {
  const wabt = await loadWabt();
  const parsed = wabt.parseWat('vector-kernel.wat', await readFile(source, 'utf8'), { simd: true });
  try {
    parsed.resolveNames();
    parsed.validate();
    const { buffer } = parsed.toBinary({ write_debug_names: false });
    const base64 = Buffer.from(buffer).toString('base64');
    return [
      '// Made by scripts/build-kernel.ts from vector-kernel.wat. Do not edit.',
      `export const vectorKernelBytes = ${buffer.length};`,
      'export const vectorKernelBase64 =',
      `  '${base64}';`,
      '',
    ].join('\n');
  } finally {
    parsed.destroy();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(target, await generateKernel());
}
