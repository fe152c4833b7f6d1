import { transferParts, type TransferPart } from '../../store/transfer-records.ts';
import type { ExportPage } from '../../store/transfer-port.ts';
import { exportFormat, exportVersion, listNames } from './hearthlink-export.ts';

/** Reads one page of a part of the store. */
export type ReadPage = (part: TransferPart, after: string | null) => Promise<ExportPage>;

export interface ExportHead {
  /** In milliseconds. */
  readonly exportedAt: number;
  /** Of the extension. */
  readonly madeBy: string;
}

/** What has been written so far, for whoever waits. */
export type ExportCounts = Readonly<Record<TransferPart, number>>;

/** An export as JSON, piece by piece, none larger than a page of the store. docs/export-format.md describes it. */
export async function* exportAsJson(readPage: ReadPage, { exportedAt, madeBy }: ExportHead, onCounted: (counts: ExportCounts) => void): AsyncGenerator<string> {
  const counts = { agent: 0, chat: 0, message: 0, memory: 0 };
  yield `{"format":"${exportFormat}","version":${exportVersion},"exportedAt":${JSON.stringify(new Date(exportedAt).toISOString())},"madeBy":${JSON.stringify(madeBy)}`;
  for (const part of transferParts) {
    yield `,\n"${listNames[part]}":[`;
    for await (const page of pagesOf(readPage, part)) {
      if (page.count === 0) continue;
      yield `${counts[part] === 0 ? '\n' : ',\n'}${page.lines}`;
      counts[part] += page.count;
      onCounted({ ...counts });
    }
    yield ']';
  }
  yield '}\n';
}

export async function* pagesOf(readPage: ReadPage, part: TransferPart): AsyncGenerator<ExportPage> {
  let after: string | null = null;
  do {
    const page: ExportPage = await readPage(part, after);
    yield page;
    ({ after } = page);
  } while (after !== null);
}
