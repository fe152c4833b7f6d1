import assert from 'node:assert/strict';
import type { Metafile } from 'esbuild';
import { KB, describeGate, firstLoadBytes, isOver } from '../../scripts/bundle-sizes.ts';

type Imports = Metafile['outputs'][string]['imports'];

function output(bytes: number, imports: Imports = [], cssBundle?: string): Metafile['outputs'][string] {
  return { bytes, inputs: {}, imports, exports: [], ...(cssBundle !== undefined && { cssBundle }) };
}

describe('the size of a first load', () => {
  it('adds the chunks imported statically, each once, and the style sheet', () => {
    const shared = { path: 'shared.js', kind: 'import-statement' } as const;
    const outputs = {
      'chat.js': output(100, [shared, { path: 'part.js', kind: 'import-statement' }], 'chat.css'),
      'part.js': output(30, [shared]),
      'shared.js': output(7),
      'chat.css': output(5),
      'other.js': output(1000),
    };
    assert.equal(firstLoadBytes({ inputs: {}, outputs }, 'chat.js'), 142);
  });

  it('adds the fonts that a style sheet names', () => {
    const outputs = {
      'icons.css': output(10, [{ path: 'icons.ttf?721d4c', kind: 'url-token' }]),
      'icons.ttf': output(4000),
    };
    assert.equal(firstLoadBytes({ inputs: {}, outputs }, 'icons.css'), 4010);
  });

  it('leaves out what is behind import() and what is not ours', () => {
    const outputs = {
      'chat.js': output(100, [
        { path: 'highlighter.js', kind: 'dynamic-import' },
        { path: 'vscode', kind: 'import-statement', external: true },
      ]),
      'highlighter.js': output(1000),
    };
    assert.equal(firstLoadBytes({ inputs: {}, outputs }, 'chat.js'), 100);
  });

  it('fails on an entry the build did not make', () => {
    assert.throws(() => firstLoadBytes({ inputs: {}, outputs: {} }, 'chat.js'), /made no chat\.js/);
  });
});

describe('a size gate', () => {
  it('holds at its limit, and is over one byte past it', () => {
    assert.equal(isOver({ name: 'view', bytes: 300 * KB, limit: 300 * KB }), false);
    assert.equal(isOver({ name: 'view', bytes: 300 * KB + 1, limit: 300 * KB }), true);
  });

  it('says by how much it is over', () => {
    assert.equal(describeGate({ name: 'view', bytes: 310 * KB, limit: 300 * KB }), '  view: 310.0 KB of 300 KB, over by 10.0 KB');
    assert.equal(describeGate({ name: 'view', bytes: 20 * KB, limit: 300 * KB }), '  view: 20.0 KB of 300 KB');
  });
});
