import type { ImportSource } from './records.ts';
import type { TransferPart, TransferRecord } from './transfer-records.ts';

/** What goes out to a file and comes in from one. */
export interface TransferRepository {
  /** A page of one part of an export. Pages are small enough to be made between two other calls. */
  exportPage(query: ExportQuery): Promise<ExportPage>;
  begin(started: NewImport): Promise<Import>;
  /** What is there already, by id, stays as it is. */
  add(batch: ImportBatch): Promise<AddedRecords>;
  /** Newest first. */
  list(): Promise<readonly Import[]>;
  /** Takes out for good what an import brought, but for chats that went on since. */
  undo(change: { readonly id: string; readonly at: number }): Promise<UndoneImport>;
}

export interface ExportQuery {
  readonly part: TransferPart;
  readonly after: string | null;
  /** Rows that are looked at. */
  readonly limit: number;
  /** One chat, with its messages and what was learned in it; or one memory alone. Default: everything. */
  readonly only?: { readonly type: 'chat' | 'memory'; readonly id: string };
}

export interface ExportPage {
  /** Records as JSON, one a line, with a comma between. */
  readonly lines: string;
  readonly count: number;
  /** Where the next page begins; null after the last. */
  readonly after: string | null;
}

export interface NewImport {
  readonly id: string;
  readonly source: ImportSource;
  /** The file's name, without its folder. */
  readonly name: string;
  readonly at: number;
}

export interface Import extends NewImport {
  readonly undoneAt: number | null;
  /** Chats and memories of their own that it brought. */
  readonly chats: number;
  readonly memories: number;
}

export interface ImportBatch {
  readonly importId: string;
  readonly records: readonly TransferRecord[];
  readonly at: number;
}

export interface AddedRecords {
  readonly chats: number;
  readonly messages: number;
  readonly memories: number;
  /** Memories that were left out because they were forgotten here. */
  readonly forgottenBefore: number;
}

export interface UndoneImport {
  readonly chats: number;
  readonly memories: number;
  /** Chats that were gone on with since, and so were left. */
  readonly keptChats: number;
}
