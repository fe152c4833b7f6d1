import assert from 'node:assert/strict';
import { missingFiles, strays } from '../../scripts/package-contents.ts';

describe('the contents of the package', () => {
  it('are what runs, and nothing that it was made from', () => {
    const shipped = ['package.json', 'dist/extension.cjs', 'dist/webview/chat.js', 'media/icon.png', 'LICENSE'];
    const made = ['src/store/port.ts', 'dist/extension.cjs.map', 'dist/test/extension/index.cjs', 'node_modules/zod/index.js'];
    assert.deepEqual(strays([...shipped, ...made]), made);
  });

  it('include every file that the manifest names, at any depth', () => {
    const manifest = {
      main: './dist/extension.cjs',
      icon: 'media/icon.png',
      contributes: { views: [{ icon: 'media/hearth.svg', name: '%view.chat%' }], walkthroughs: [{ media: { svg: 'media/hello.svg' } }] },
    };
    assert.deepEqual(missingFiles(manifest, ['dist/extension.cjs', 'media/icon.png']), ['media/hearth.svg', 'media/hello.svg']);
  });

  it('need no file for what only looks like one', () => {
    assert.deepEqual(missingFiles({ homepage: 'https://example.com/media/a.png', title: '%media/a%' }, []), []);
  });
});
