import { DiagnosticSeverity, FileType, languages, window, workspace, type Diagnostic, type TextEditor, type Uri } from 'vscode';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Attachment } from '../../store/records.ts';

/** An attachment before it has an id and a size in tokens. */
export type AttachmentDraft = Omit<Attachment, 'id' | 'tokens'>;

/** Larger files are refused: no local model reads them whole, and they would be stored with the message. */
const largestFileBytes = 1024 * 1024;

/** What is selected in `editor`, or its whole line where nothing is; null for an empty document. */
export function selectionOf(editor: TextEditor): AttachmentDraft | null {
  const { document, selection } = editor;
  const range = selection.isEmpty ? document.lineAt(selection.active.line).range : selection;
  const text = document.getText(range);
  if (text.trim() === '') return null;
  const firstLine = range.start.line + 1;
  // A selection that ends before the first character of a line does not include that line.
  const lastLine = range.end.character === 0 && range.end.line > range.start.line ? range.end.line : range.end.line + 1;
  return {
    kind: 'selection',
    label: `${fileName(document.uri)}:${firstLine === lastLine ? String(firstLine) : `${String(firstLine)}–${String(lastLine)}`}`,
    uri: document.uri.toString(),
    firstLine,
    lastLine,
    language: document.languageId,
    text,
  };
}

/** Where the editor stands, for suggestions; null without an editor or with nothing in it. */
export function editorLabel(editor: TextEditor | undefined): string | null {
  return editor === undefined || editor.selection.isEmpty ? null : (selectionOf(editor)?.label ?? null);
}

/**
 * A file's text, read through VS Code so that remote and virtual workspaces work; an open document's unsaved text counts.
 * @throws HearthlinkError `attachment-unreadable` for folders, large files and files that are not text.
 */
export async function fileOf(uri: Uri): Promise<AttachmentDraft> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const text = open?.getText() ?? (await readText(uri));
  return { kind: 'file', label: fileName(uri), uri: uri.toString(), firstLine: null, lastLine: null, language: open?.languageId ?? null, text };
}

/** The problems VS Code shows for a document, one a line; null when there are none. */
export function problemsOf(uri: Uri): AttachmentDraft | null {
  const problems = languages.getDiagnostics(uri).filter(({ severity }) => severity <= DiagnosticSeverity.Warning);
  if (problems.length === 0) return null;
  return {
    kind: 'problems',
    label: fileName(uri),
    uri: uri.toString(),
    firstLine: null,
    lastLine: null,
    language: null,
    text: problems.map((problem) => problemLine(uri, problem)).join('\n'),
  };
}

/** Asks for a file of the workspace, or any other through the file dialog. */
export async function askForFile(): Promise<Uri | null> {
  const picked = await window.showOpenDialog({ canSelectMany: false });
  return picked?.[0] ?? null;
}

/** The document in front, whatever kind of editor shows it. */
export function activeUri(): Uri | null {
  return window.activeTextEditor?.document.uri ?? null;
}

export function fileName(uri: Uri): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}

async function readText(uri: Uri): Promise<string> {
  const unreadable = (detail: string, cause?: unknown): HearthlinkError => new HearthlinkError('attachment-unreadable', { detail }, cause);
  try {
    const { type, size } = await workspace.fs.stat(uri);
    if ((type & FileType.Directory) !== 0) throw unreadable(fileName(uri));
    if (size > largestFileBytes) throw unreadable(`${fileName(uri)}: ${String(Math.round(size / 1024))} KB`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await workspace.fs.readFile(uri));
  } catch (error) {
    throw HearthlinkError.is(error) ? error : unreadable(fileName(uri), error);
  }
}

function problemLine(uri: Uri, { severity, range, message, source }: Diagnostic): string {
  const kind = severity === DiagnosticSeverity.Error ? 'error' : 'warning';
  const place = `${fileName(uri)}:${String(range.start.line + 1)}:${String(range.start.character + 1)}`;
  return `${place} ${kind}${source === undefined ? '' : ` (${source})`}: ${message}`;
}
