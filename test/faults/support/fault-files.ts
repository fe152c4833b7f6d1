import type { JournalFile, StoreFiles } from '../../../src/store/files/store-files.ts';

/** The same files, whose journals do some things in another way. */
export function withJournal(files: StoreFiles, changed: (journal: JournalFile, name: string) => Partial<JournalFile>): StoreFiles {
  return {
    ...files,
    openJournal: (name) => {
      const journal = files.openJournal(name);
      return journal === null ? null : { ...journal, ...changed(journal, name) };
    },
  };
}
