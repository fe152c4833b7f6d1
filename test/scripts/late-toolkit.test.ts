import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { takingColoursAtOnce } from '../../scripts/late-toolkit.ts';

const toolkit = path.dirname(createRequire(import.meta.url).resolve('@vscode/webview-ui-toolkit/package.json'));
const source = readFileSync(path.join(toolkit, 'dist/utilities/theme/applyTheme.js'), 'utf8');

describe('the toolkit that comes late', () => {
  it('waits for no event of the page', () => {
    assert.match(source, /'load'/);
    assert.doesNotMatch(takingColoursAtOnce(source), /'load'/);
  });

  it('fails the build where another version is written otherwise', () => {
    assert.throws(() => takingColoursAtOnce(source.replace("'load'", "'pageshow'")), /look at applyTheme\.js/);
  });
});
