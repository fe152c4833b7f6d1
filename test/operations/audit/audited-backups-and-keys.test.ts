import assert from 'node:assert/strict';
import { auditedArchives } from '../../../src/operations/audit/audited-archives.ts';
import { auditedEncryption, auditKeys } from '../../../src/operations/audit/audited-keys.ts';
import type { AuditEvent } from '../../../src/operations/audit/audit.ts';
import type { Archives, Manifest } from '../../../src/operations/backup/ports.ts';
import type { KeysEvent } from '../../../src/operations/keys/vault.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { Emitter } from '../../../src/shared/events.ts';
import { sampleHead } from '../archive/support/sample-archive.ts';

const sampleManifest: Manifest = { ...sampleHead(), parts: [] };

function recorded() {
  const events: AuditEvent[] = [];
  return { events, audit: { note: (event: AuditEvent) => void events.push(event) } };
}

describe('backups and keys whose use is recorded', () => {
  it('notes each backup that was written, and none that could not be', async () => {
    const { events, audit } = recorded();
    const disk = { isFull: false };
    const plain: Archives = {
      write: () => (disk.isFull ? Promise.reject(new HearthlinkError('store-full')) : Promise.resolve(sampleManifest)),
      open: () => Promise.reject(new HearthlinkError('not-found')),
    };
    const archives = auditedArchives(plain, audit);
    const write = () => archives.write('some', [], () => { throw new HearthlinkError('internal'); });
    assert.equal(await write(), sampleManifest);
    disk.isFull = true;
    await assert.rejects(write(), { code: 'store-full' });
    assert.deepEqual(events, [{ action: 'backup.made', what: sampleManifest.kind, ids: [sampleManifest.id] }]);
  });

  it('notes keys that are made, opened, locked and changed, and what did not open them', () => {
    const { events, audit } = recorded();
    const emitter = new Emitter<KeysEvent>((error) => { throw error; });
    const noting = auditKeys({ onEvent: emitter.event }, audit);
    emitter.fire({ type: 'changed', what: 'encrypted' });
    emitter.fire({ type: 'locked', by: 'idle' });
    emitter.fire({ type: 'refused', triesLeft: 4 });
    emitter.fire({ type: 'unlocked' });
    emitter.fire({ type: 'locks-soon', minutesLeft: 5 });
    emitter.fire({ type: 'changed', what: 'passphrase' });
    noting.dispose();
    emitter.fire({ type: 'locked', by: 'command' });
    assert.deepEqual(events, [
      { action: 'keys.made', what: 'encrypted' },
      { action: 'keys.locked', what: 'idle' },
      { action: 'keys.unlocked', outcome: 'refused', what: 'vault-refused' },
      { action: 'keys.unlocked' },
      { action: 'keys.changed', what: 'passphrase' },
    ]);
  });

  it('notes that chats and memories were encrypted and decrypted, and not where that went wrong', async () => {
    const { events, audit } = recorded();
    const report = { keyId: 1, filesLeft: 0 };
    const keys = { areLocked: false };
    const put = () => (keys.areLocked ? Promise.reject(new HearthlinkError('store-locked')) : Promise.resolve(report));
    const content = auditedEncryption({ isEncrypted: () => Promise.resolve(true), encrypt: put, decrypt: put }, audit);
    assert.deepEqual([await content.encrypt(), await content.decrypt()], [report, report]);
    keys.areLocked = true;
    await assert.rejects(content.encrypt(), { code: 'store-locked' });
    await assert.rejects(content.decrypt(), { code: 'store-locked' });
    assert.deepEqual(events, [{ action: 'keys.changed', what: 'store-encrypted' }, { action: 'keys.changed', what: 'store-decrypted' }]);
  });
});
