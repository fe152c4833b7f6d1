import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { codiconSheet, iconsIn, viewSources } from '../../scripts/icon-subset.ts';
import { subsetFont } from '../../scripts/subset-font.ts';

const root = path.join(import.meta.dirname, '../..');
const sheet = readFileSync(path.join(root, codiconSheet), 'utf8');
const font = readFileSync(path.join(root, codiconSheet.replace(/css$/, 'ttf')));

describe('the icons that are shipped', () => {
  it('are those that a source names, in whichever way it chooses one', () => {
    const source = `icon('trash'); iconButton({ icon: isRecall ? 'search' : "arrow-up" }); return \`warning\`; say('no such icon');`;
    assert.deepEqual(iconsIn([source], sheet).names, ['arrow-up', 'search', 'trash', 'warning']);
  });

  it('keep their rule and the font, while all others lose theirs', () => {
    const { css, characters } = iconsIn([`icon('trash')`], sheet);
    assert.match(css, /@font-face[\s\S]*codicon\.ttf[\s\S]*\.codicon-trash:before \{ content: "\\[0-9a-f]+" \}/);
    assert.doesNotMatch(css, /codicon-(?:add|zoom-in):before/);
    assert.equal(characters.length, 1);
  });

  it('have their glyph in the font, and no other has', () => {
    const [trash = 0] = iconsIn([`icon('trash')`], sheet).characters;
    const [search = 0] = iconsIn([`icon('search')`], sheet).characters;
    const subset = subsetFont(font, [trash]);
    const empty = subsetFont(subset, []).length;
    assert.ok(subsetFont(subset, [trash]).length > empty);
    assert.equal(subsetFont(subset, [search]).length, empty);
  });

  it('are a small part of all, for the views as they are', () => {
    const { names, characters } = iconsIn(viewSources().map((file) => readFileSync(file, 'utf8')), sheet);
    for (const name of ['trash', 'arrow-up', 'search', 'attach', 'selection', 'eye-closed']) assert.ok(names.includes(name), name);
    assert.ok(subsetFont(font, characters).length < font.length / 4);
  });

  it('cannot be taken from what is no font', () => {
    assert.throws(() => subsetFont(new Uint8Array(100), [0xea60]), /could not be read/);
  });
});
