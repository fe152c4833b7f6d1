import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import type { HeldSettings } from '../../../src/operations/backup/held-along.ts';
import { knownSettings, settingTitle, settingsThen, type KnownSetting, type SettingsThen } from '../../../src/operations/backup/settings-then.ts';

async function known(): Promise<readonly KnownSetting[]> {
  const packageJson: unknown = JSON.parse(await readFile(path.join(import.meta.dirname, '../../../package.json'), 'utf8'));
  return knownSettings(packageJson, ['hearthlink.backupSecondFolder'], (text) => path.isAbsolute(text));
}

function held(values: Readonly<Record<string, unknown>>): HeldSettings {
  return { type: 'held', values: new Map(Object.entries(values)) };
}

function names({ differing }: SettingsThen): string[] {
  return differing.map(({ name }) => name);
}

describe('settings as they were then', () => {
  it('differ where another value was chosen, or where one is chosen now that was the default then', async () => {
    const then = held({ 'hearthlink.contextSize': 16_384, 'hearthlink.thinking': true, 'hearthlink.replyLength': 512 });
    const now = { 'hearthlink.contextSize': 4_096, 'hearthlink.thinking': true, 'hearthlink.memoryBudget': 500 };
    const { differing, leftOut } = settingsThen(then, now, await known());
    assert.deepEqual(differing.map(({ name, then: was, now: is }) => [name, was, is]), [
      ['hearthlink.contextSize', 16_384, 4_096],
      ['hearthlink.replyLength', 512, undefined],
      ['hearthlink.memoryBudget', undefined, 500],
    ]);
    assert.deepEqual(leftOut, []);
  });

  it('do not differ where the default was chosen in words', async () => {
    const found = settingsThen(held({ 'hearthlink.contextSize': 8_192, 'hearthlink.chatModel': '' }), { 'hearthlink.replyLength': 1_024 }, await known());
    assert.deepEqual(found, { differing: [], leftOut: [] });
  });

  it('know every setting of this release, and say which lead to an address or a folder', async () => {
    const leading = (await known()).filter(({ leadsTo }) => leadsTo !== null).map(({ name, leadsTo }) => [name, leadsTo]);
    assert.deepEqual(leading, [['hearthlink.endpoint', 'address'], ['hearthlink.backupSecondFolder', 'folder']]);
    for (const setting of await known()) assert.ok(setting.accepts(setting.default), `${setting.name} accepts its default`);
  });

  it('leave out and name what is no setting here, or not with such a value', async () => {
    const hostile = {
      'hearthlink.contextSize': 10,
      'hearthlink.replyLength': '1024',
      'hearthlink.keepAlive': 'for ever',
      'hearthlink.thinking': 1,
      'hearthlink.endpoint': 'file:///etc',
      'hearthlink.backupSecondFolder': '../attic',
      'hearthlink.chatModel': 'a\u202Emodel',
      'hearthlink.embeddingModel': 'x'.repeat(2_000),
      'hearthlink.memoryBudget': { toString: 1 },
      'hearthlink.later': true,
      'terminal.integrated.shell': '/bin/sh',
    };
    const { differing, leftOut } = settingsThen(held(hostile), {}, await known());
    assert.deepEqual(differing, []);
    assert.deepEqual([...leftOut].sort(), Object.keys(hostile).sort());
  });

  it('are nothing but settings of this release with values they can have, whatever stands in the backup', async () => {
    const settings = await known();
    const own = fc.constantFrom(...settings.map(({ name }) => name), '__proto__', 'constructor', 'hearthlink.__proto__');
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(own, fc.string()), fc.jsonValue()), (values) => {
        const { differing, leftOut } = settingsThen(held(values), {}, settings);
        for (const { name, then, accepts } of differing) assert.ok(settings.some((setting) => setting.name === name) && accepts(then));
        const taken = new Set(names({ differing, leftOut }));
        for (const name of leftOut) assert.ok(!taken.has(name));
      }),
    );
  });

  it('are the same after all that differs was taken over', async () => {
    const settings = await known();
    const value = fc.oneof(fc.integer({ min: 0, max: 400_000 }), fc.boolean(), fc.constantFrom('5m', 'http://127.0.0.1:1', '/attic', 'gemma'));
    const chosen = fc.dictionary(fc.constantFrom(...settings.map(({ name }) => name)), value);
    fc.assert(
      fc.property(chosen, chosen, (then, now) => {
        const { differing } = settingsThen(held(then), now, settings);
        const after = { ...now, ...Object.fromEntries(differing.map((setting) => [setting.name, setting.then])) };
        assert.deepEqual(names(settingsThen(held(then), after, settings)), []);
      }),
    );
  });

  it('are none where a backup has none, or nothing that can be read', async () => {
    for (const type of ['none', 'unreadable'] as const) assert.deepEqual(settingsThen({ type }, { 'hearthlink.contextSize': 4_096 }, await known()), { differing: [], leftOut: [] });
  });
});

describe('the title of a setting', () => {
  it('is made of its name as VS Code makes it', () => {
    assert.equal(settingTitle('hearthlink.contextSize'), 'Context size');
    assert.equal(settingTitle('hearthlink.backupSecondFolder'), 'Backup second folder');
  });

  it('is nothing that a notification, a list or a page could take for more than letters, whatever the name', () => {
    assert.equal(settingTitle('[run](command:evil) $(flame)'), '?run??command?evil????flame?');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => /^[\w.? -]{0,62}$/.test(settingTitle(name))));
  });
});
