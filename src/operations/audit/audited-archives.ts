import type { Archives } from '../backup/ports.ts';
import type { Audit } from './audit.ts';

/** The same archives, which note each backup that is written. */
export function auditedArchives(archives: Archives, audit: Audit): Archives {
  return {
    ...archives,
    write: async (...order) => {
      const manifest = await archives.write(...order);
      audit.note({ action: 'backup.made', what: manifest.kind, ids: [manifest.id] });
      return manifest;
    },
  };
}
