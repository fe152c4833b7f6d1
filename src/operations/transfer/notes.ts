import { importedId, memoryRecord } from './imported-chat.ts';
import { nothingLeftOut, type ImportFile, type ImportPlan } from './import-plan.ts';

/** Longer ones are documents, not notes; what is recalled has to fit into a prompt. */
const longestNote = 2000;
const shortestNote = 3;

const listItem = /^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(.*)$/;
const heading = /^\s{0,3}#{1,6}\s+/;
const rule = /^\s{0,3}(?:[-*_]\s*){3,}$/;
const fence = /^\s{0,3}(?:```|~~~)/;

interface Note {
  readonly lines: string[];
  readonly firstLine: number;
  lastLine: number;
}

/** Markdown or plain text: each item of a list and each paragraph becomes a memory. Headings, code and front matter do not. */
export function readNotes({ text, uri, modifiedAt }: ImportFile): ImportPlan {
  const records = notesIn(text).flatMap(({ lines, firstLine, lastLine }) => {
    const words = lines.join(' ').replaceAll(/\s+/g, ' ').trim();
    return piecesOf(words).map((piece) =>
      memoryRecord({
        id: importedId('notes', `${uri} ${piece}`, modifiedAt),
        text: piece,
        createdAt: modifiedAt,
        provenance: { type: 'editor', uri, firstLine, lastLine },
      }),
    );
  });
  const distinct = [...new Map(records.map((record) => [record.id, record])).values()];
  return { source: 'notes', records: distinct, leftOut: nothingLeftOut };
}

/** Lines count from 1. */
function notesIn(text: string): Note[] {
  const lines = text.split(/\r\n|\r|\n/);
  const notes: Note[] = [];
  let open: Note | undefined;
  let isCode = false;
  const first = lines[0]?.trim() === '---' ? lines.indexOf('---', 1) + 1 : 0;
  for (const [index, line] of lines.entries()) {
    if (index < first) continue;
    if (fence.test(line)) isCode = !isCode;
    const item = listItem.exec(line)?.[1];
    if (isCode || fence.test(line) || line.trim() === '' || heading.test(line) || rule.test(line)) open = undefined;
    else if (open === undefined || item !== undefined) {
      open = { lines: [item ?? line], firstLine: index + 1, lastLine: index + 1 };
      notes.push(open);
    } else {
      open.lines.push(line);
      open.lastLine = index + 1;
    }
  }
  return notes;
}

const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** A note that is too long, in pieces of whole sentences; a sentence that is too long by itself is cut between words. */
function piecesOf(words: string): string[] {
  if (words.length <= longestNote) return words.length < shortestNote ? [] : [words];
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of sentences.segment(words)) {
    for (const part of segment.length > longestNote ? (segment.match(longPart) ?? []) : [segment]) {
      if (piece.length + part.length > longestNote) {
        pieces.push(piece.trim());
        piece = '';
      }
      piece += part;
    }
  }
  return [...pieces, piece.trim()].filter((one) => one.length >= shortestNote);
}

const longPart = new RegExp(`[\\s\\S]{1,${longestNote}}(?=\\s|$)|[\\s\\S]{1,${longestNote}}`, 'g');
