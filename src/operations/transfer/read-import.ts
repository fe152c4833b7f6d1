import { HearthlinkError } from '../../shared/errors.ts';
import { isChatGpt, readChatGpt } from './chatgpt.ts';
import { isClaude, readClaude } from './claude.ts';
import { isHearthlinkExport, readHearthlinkExport } from './hearthlink-export.ts';
import type { ImportFile, ImportPlan } from './import-plan.ts';
import { parseJsonText } from './json-text.ts';
import { mem0Entries, readMem0 } from './mem0.ts';
import { readNotes } from './notes.ts';
import { refused } from './refusal.ts';

/** A larger file does not fit into a string together with what is made of it. */
export const largestImportBytes = 256 * 1024 * 1024;

/**
 * Finds out what kind of file it is, by what is in it, and reads it. Nothing of it is run, fetched or followed.
 * @throws HearthlinkError `import-unreadable` with the reason; `import-empty` where there is nothing to bring in.
 */
export function readImport(file: ImportFile): ImportPlan {
  const plan = planOf(file);
  if (plan.records.length === 0) throw new HearthlinkError('import-empty');
  return plan;
}

function planOf(file: ImportFile): ImportPlan {
  if (file.text.startsWith('PK\u0003\u0004')) throw refused('zip');
  if (file.text.includes('\0')) throw refused('not-text');
  if (!/^\s*[[{]/.test(file.text) && !/\.json$/i.test(file.name)) return readNotes(file);
  const data = parseJsonText(file.text);
  if (isHearthlinkExport(data)) return readHearthlinkExport(data);
  if (isChatGpt(data)) return readChatGpt(data);
  if (isClaude(data)) return readClaude(data);
  const memories = mem0Entries(data);
  if (memories !== undefined) return readMem0(memories, file.modifiedAt);
  throw refused('unknown-kind');
}
