import type { Disposable } from '../../shared/events.ts';
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
