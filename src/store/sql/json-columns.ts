import * as z from 'zod';

import { errorCodes, type ErrorData } from '../../shared/errors.ts';
import type { ReplyStatistics } from '../records.ts';

const errorData = z.object({
  code: z.enum(errorCodes),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
});

const count = z.number().nullable();

const replyStatistics = z.object({
  promptTokens: count,
  replyTokens: count,
  loadMs: count,
  promptMs: count,
  replyMs: count,
  omittedMessages: z.number(),
  omittedAttachments: z.number(),
  omittedMemories: z.number(),
});

export function errorToColumn(error: ErrorData | null): string | null {
  return error === null ? null : JSON.stringify(error);
}

export function errorFromColumn(column: string | null): ErrorData | null {
  return column === null ? null : errorData.parse(JSON.parse(column));
}

export function statisticsToColumn(statistics: ReplyStatistics | null): string | null {
  return statistics === null ? null : JSON.stringify(statistics);
}

export function statisticsFromColumn(column: string | null): ReplyStatistics | null {
  return column === null ? null : replyStatistics.parse(JSON.parse(column));
}
