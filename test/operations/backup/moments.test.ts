import assert from 'node:assert/strict';
import fc from 'fast-check';
import { byId, chainOf } from '../../../src/operations/backup/backup-record.ts';
import { pathOf, pathTo, restorableSpans } from '../../../src/operations/backup/moments.ts';
import { anyShelf, backup, changesOf, damaged, notProved } from './sample-backups.ts';

const full = backup('full', 100);
const noon = changesOf(full, 'noon', 200);
const night = changesOf(noon, 'night', 300);
const nextFull = backup('next', 350);

describe('the moments that can be gone back to', () => {
  it('are all since the end of everything, for as long as changes follow without a gap', () => {
    assert.deepEqual(restorableSpans([nextFull, night, full, noon]), [{ from: 100, to: 300 }, { from: 350, to: 350 }]);
    assert.deepEqual(restorableSpans([full, night]), [{ from: 100, to: 100 }]);
    assert.deepEqual(restorableSpans([full, { ...noon, soundness: damaged }, night]), [{ from: 100, to: 100 }]);
  });

  it('are reached by reading everything and the changes up to it', () => {
    const shelf = [full, noon, night, nextFull];
    assert.deepEqual(pathTo(250, shelf), { chain: ['full', 'noon', 'night'], until: 250, proved: true });
    assert.deepEqual(pathTo(200, shelf), { chain: ['full', 'noon'], until: null, proved: true });
    assert.deepEqual(pathTo(340, shelf), { chain: ['full', 'noon', 'night'], until: null, proved: true });
    assert.deepEqual(pathTo(1_000, shelf), { chain: ['next'], until: null, proved: true });
    assert.equal(pathTo(99, shelf), null);
  });

  it('are called proved when all of the chain is', () => {
    assert.equal(pathTo(250, [full, { ...noon, soundness: notProved }, night])?.proved, false);
  });

  it('are reached by the proved one of two ways that reach as far', () => {
    const twin = changesOf(full, 'twin', 200, { soundness: notProved });
    assert.deepEqual(pathTo(200, [full, noon, twin])?.chain, ['full', 'noon']);
    assert.deepEqual(pathTo(200, [full, { ...noon, soundness: notProved }, { ...twin, soundness: noon.soundness }])?.chain, ['full', 'twin']);
  });

  it('of one backup are its end, by all that it needs; none when that is gone', () => {
    assert.deepEqual(pathOf('night', [full, noon, night]), { chain: ['full', 'noon', 'night'], until: null, proved: true });
    assert.equal(pathOf('night', [full, night]), null);
    assert.equal(pathOf('other', [full]), null);
    const damaged = { ...noon, soundness: { type: 'damaged', what: 'records' } } as const;
    assert.deepEqual(pathOf('noon', [full, damaged]), { chain: ['full', 'noon'], until: null, proved: false }, 'it is tried again');
  });

  it('are reached exactly inside a span, and never by something that was written later, whatever the shelf', () => {
    fc.assert(
      fc.property(anyShelf(20, 1000), fc.integer({ min: 99_000, max: 121_000 }), (shelf, moment) => {
        const path = pathTo(moment, shelf);
        const spans = restorableSpans(shelf);
        const all = byId(shelf);
        if (path === null) {
          assert.ok(spans.every(({ from }) => from > moment));
          return;
        }
        const last = all.get(path.chain.at(-1) ?? '');
        assert.ok(last !== undefined);
        assert.deepEqual(chainOf(last, all)?.map(({ id }) => id), path.chain);
        assert.ok((path.until ?? last.position.at) <= moment);
        const reached = path.until ?? last.position.at;
        const span = spans.findLast(({ from }) => from <= moment);
        assert.equal(reached, span === undefined ? undefined : Math.min(moment, span.to), 'as close as any backup comes');
      }),
      { numRuns: 1000 },
    );
  });
});
