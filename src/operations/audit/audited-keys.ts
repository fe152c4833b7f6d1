import type { Disposable } from '../../shared/events.ts';
import type { ContentEncryption } from '../keys/store-encryption.ts';
import type { Vault } from '../keys/vault.ts';
import type { Audit } from './audit.ts';

/** Notes when keys are opened, locked and changed, and when somebody typed what does not open them. */
export function auditKeys(vault: Pick<Vault, 'onEvent'>, audit: Audit): Disposable {
  return vault.onEvent((event) => {
    switch (event.type) {
      case 'unlocked':
        audit.note({ action: 'keys.unlocked' });
        return;
      case 'refused':
        audit.note({ action: 'keys.unlocked', outcome: 'refused', what: 'vault-refused' });
        return;
      case 'locked':
        audit.note({ action: 'keys.locked', what: event.by });
        return;
      case 'changed':
        audit.note({ action: event.what === 'encrypted' ? 'keys.made' : 'keys.changed', what: event.what });
        return;
      case 'locks-soon':
        return;
    }
  });
}

/** The same, which notes when chats and memories have been put under the keys, and when they lie open again. */
export function auditedEncryption(content: ContentEncryption, audit: Audit): ContentEncryption {
  return {
    isEncrypted: () => content.isEncrypted(),
    encrypt: async () => {
      const report = await content.encrypt();
      audit.note({ action: 'keys.changed', what: 'store-encrypted' });
      return report;
    },
    decrypt: async () => {
      const report = await content.decrypt();
      audit.note({ action: 'keys.changed', what: 'store-decrypted' });
      return report;
    },
  };
}
