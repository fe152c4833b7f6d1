import type { ImportSource } from '../../store/records.ts';
import type { TransferRecord } from '../../store/transfer-records.ts';

/** A file that is to be imported, as it was read. */
export interface ImportFile {
  /** Without its folder. */
  readonly name: string;
  /** Where it stands, for notes to name as their source. */
  readonly uri: string;
  readonly text: string;
  /** When it was changed last, in milliseconds: the date of what has none of its own. */
  readonly modifiedAt: number;
}

/** What a file holds that can be imported, ready to be stored in this order. */
export interface ImportPlan {
  readonly source: ImportSource;
  readonly records: readonly TransferRecord[];
  /** What is in the file and cannot come along, by what it is. */
  readonly leftOut: LeftOut;
}

export interface LeftOut {
  /** Pictures, sound and other parts of messages that are not words. */
  readonly attachments: number;
  /** Messages of tools and systems, and empty ones. */
  readonly messages: number;
  /** Entries that are not as the format says. */
  readonly unreadable: number;
}

export const nothingLeftOut: LeftOut = { attachments: 0, messages: 0, unreadable: 0 };

/** What a person is shown before anything is stored. */
export interface ImportSummary {
  readonly source: ImportSource;
  readonly chats: number;
  readonly messages: number;
  readonly memories: number;
  /** Earliest and latest date in it, in milliseconds; null where there is none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly leftOut: LeftOut;
}

export function summaryOf({ source, records, leftOut }: ImportPlan): ImportSummary {
  let [chats, messages, memories] = [0, 0, 0];
  let [from, to] = [Infinity, -Infinity];
  for (const record of records) {
    if (record.type === 'agent') continue;
    if (record.type === 'chat') chats++;
    else if (record.type === 'message') messages++;
    else if (record.text !== null) memories++;
    from = Math.min(from, record.createdAt);
    to = Math.max(to, record.createdAt);
  }
  const isDated = from !== Infinity;
  return { source, chats, messages, memories, from: isDated ? from : null, to: isDated ? to : null, leftOut };
}
