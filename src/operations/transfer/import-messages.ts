import type { ErrorData } from '../../shared/errors.ts';
import type { TransferRecord } from '../../store/transfer-records.ts';
import type { ImportSummary } from './import-plan.ts';

/** What the main thread and the work worker say to each other about a file that is to be imported. */

export interface FileToRead {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  readonly uri: string;
}

export type ToImportReader =
  | { readonly type: 'read'; readonly file: FileToRead }
  /** Asks for the next records; they come in the order in which they have to be stored. */
  | { readonly type: 'next' };

export type FromImportReader =
  | { readonly type: 'summary'; readonly summary: ImportSummary; readonly total: number }
  | { readonly type: 'records'; readonly records: readonly TransferRecord[] }
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly error: ErrorData };
