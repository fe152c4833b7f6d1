import assert from 'node:assert/strict';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { RepeatedFailure } from '../../src/shared/repeated-failure.ts';
import { keepingLog } from '../support/seeded-ports.ts';

describe('a failure that comes again and again', () => {
  it('is counted each time, and logged when it is another, or comes back after it was over', () => {
    const log = keepingLog();
    const failure = new RepeatedFailure(log, 'it could not be done');
    const [locked, full] = [new HearthlinkError('store-locked'), new HearthlinkError('store-full')];
    assert.deepEqual([locked, locked, full, full].map((error) => failure.failed(error)), [1, 2, 3, 4]);
    failure.isOver();
    assert.equal(failure.failed(full), 1);
    assert.deepEqual(log.lines, ['store-locked', 'store-full', 'store-full'].map((code) => `warn it could not be done {"code":"${code}"}`));
  });
});
