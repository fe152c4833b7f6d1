import { Lexer, Tokenizer, type MarkedToken, type Token, type Tokens } from 'marked';
import { decodeEntities } from './entities.ts';

/**
 * A reply's Markdown as plain data. What is drawn is built from these few shapes, never from a string of HTML, so a reply can
 * bring no element, attribute, image or script of its own: raw HTML is text, an image is its description, and a link
 * is one only when it leads to the web or to a mail address.
 */
export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'strong' | 'emphasis' | 'struck'; readonly content: readonly Inline[] }
  | { readonly type: 'link'; readonly href: string; readonly content: readonly Inline[] }
  | { readonly type: 'break' };

export interface ListEntry {
  /** Null unless the entry is a task. */
  readonly done: boolean | null;
  readonly blocks: readonly Block[];
}

export type Align = 'left' | 'center' | 'right' | null;

export type Block =
  | { readonly type: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly type: 'heading'; readonly depth: number; readonly content: readonly Inline[] }
  | { readonly type: 'code'; readonly language: string; readonly text: string }
  | { readonly type: 'quote'; readonly blocks: readonly Block[] }
  | { readonly type: 'list'; readonly start: number | null; readonly entries: readonly ListEntry[] }
  | { readonly type: 'table'; readonly align: readonly Align[]; readonly header: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly type: 'rule' };

export type Cell = readonly Inline[];

/** A top-level block and where it begins in the text. The block keeps its identity for as long as its source stays the same. */
export interface PlacedBlock {
  readonly start: number;
  readonly block: Block;
}

/** The blocks of one text that only grows, and what is needed to go on from there. */
export interface ParsedMarkdown {
  readonly source: string;
  readonly blocks: readonly PlacedBlock[];
  /** Before this offset nothing changes when text is appended. */
  readonly settled: number;
}

export const emptyMarkdown: ParsedMarkdown = { source: '', blocks: [], settled: 0 };

/**
 * Parses `source`. When it continues `previous.source`, only what may still change is read again and the blocks before it stay the
 * same objects, so that a streaming reply costs as much as its last block.
 */
export function parseMarkdown(source: string, previous: ParsedMarkdown = emptyMarkdown): ParsedMarkdown {
  const from = source.startsWith(previous.source) ? previous.settled : 0;
  const blocks = from === 0 ? [] : previous.blocks.filter(({ start }) => start < from);
  const tokens = tokensOf(source.slice(from));
  let start = from;
  for (const token of tokens) {
    const block = blockOf(token);
    if (block !== undefined) blocks.push({ start, block });
    start += token.raw.length;
  }
  // The lexer normalises line ends and tabs; where lengths no longer add up, offsets are not to be trusted.
  return { source, blocks, settled: start === source.length ? from + settledLength(tokens) : 0 };
}

/** The first line of a table, alone or with a part of its second one, at the end of a text. */
const tableBeginning = /(?:^|\n) {0,3}\|[^\n]*(?:\n[ |:-]*)?$/;

/**
 * The blocks to show of a text that still grows. What may become a table is held back until its second line says so: drawn as
 * the bars and dashes it is made of, it would jump.
 */
export function growingBlocks({ source, blocks }: ParsedMarkdown): readonly PlacedBlock[] {
  const last = blocks.at(-1);
  if (last?.block.type !== 'paragraph') return blocks;
  const text = source.slice(last.start);
  const table = tableBeginning.exec(text);
  if (table === null) return blocks;
  const before = parseMarkdown(text.slice(0, table.index)).blocks;
  return [...blocks.slice(0, -1), ...before.map(({ start, block }) => ({ start: last.start + start, block }))];
}

/**
 * Characters that no appended text can give another meaning: those before the last block, and before all that touches it without
 * a blank line between, because a fence or a table that turns out to be none joins the paragraph above.
 */
function settledLength(tokens: readonly Token[]): number {
  let open = tokens.findLastIndex(({ type }) => type !== 'space');
  while (open > 0 && !endsBlank(tokens[open - 1])) open--;
  return tokens.slice(0, Math.max(0, open)).reduce((length, { raw }) => length + raw.length, 0);
}

function endsBlank(token: Token | undefined): boolean {
  return token === undefined || token.type === 'space' || /\n[ \t]*\n[ \t]*$/.test(token.raw);
}

/** Markdown without HTML: a tag is no more than the characters it is made of. */
class PlainTokenizer extends Tokenizer {
  override html(): undefined {
    return undefined;
  }

  override tag(): undefined {
    return undefined;
  }
}

/** Nested deeper than the stack reaches, it is shown as the text it is. */
function tokensOf(source: string): readonly Token[] {
  try {
    return Lexer.lex(source, { gfm: true, tokenizer: new PlainTokenizer() });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ type: 'text', raw: source, text: source }];
  }
}

const markedTypes: ReadonlySet<string> = new Set<MarkedToken['type']>([
  'blockquote', 'br', 'checkbox', 'code', 'codespan', 'def', 'del', 'em', 'escape', 'heading', 'hr', 'html', 'image', 'link',
  'list', 'list_item', 'paragraph', 'space', 'strong', 'table', 'text',
]);

function isMarked(token: Token): token is MarkedToken {
  return markedTypes.has(token.type);
}

function blockOf(token: Token): Block | undefined {
  if (!isMarked(token)) return paragraph([{ type: 'text', text: token.raw }]);
  switch (token.type) {
    case 'space':
    case 'def':
    case 'checkbox':
      return undefined;
    case 'paragraph':
      return paragraph(inlines(token.tokens));
    case 'text':
      return paragraph(token.tokens === undefined ? [textOf(token.text)] : inlines(token.tokens));
    case 'heading':
      return { type: 'heading', depth: token.depth, content: inlines(token.tokens) };
    case 'code':
      return { type: 'code', language: (token.lang ?? '').split(/[\s,{:]/, 1)[0] ?? '', text: token.text };
    case 'blockquote':
      return { type: 'quote', blocks: blocksOf(token.tokens) };
    case 'list':
      return { type: 'list', start: token.ordered ? Number(token.start) : null, entries: token.items.map(entryOf) };
    case 'table':
      return {
        type: 'table',
        align: token.align,
        header: token.header.map(cellOf),
        rows: token.rows.map((row) => row.map(cellOf)),
      };
    case 'hr':
      return { type: 'rule' };
    default:
      return paragraph(inlines([token]));
  }
}

function blocksOf(tokens: readonly Token[]): Block[] {
  return tokens.map(blockOf).filter((block) => block !== undefined);
}

function entryOf(item: Tokens.ListItem): ListEntry {
  return { done: item.task ? item.checked === true : null, blocks: blocksOf(item.tokens) };
}

function cellOf(cell: Tokens.TableCell): Cell {
  return inlines(cell.tokens);
}

function paragraph(content: readonly Inline[]): Block {
  return { type: 'paragraph', content };
}

function textOf(source: string): Inline {
  return { type: 'text', text: decodeEntities(source) };
}

function inlines(tokens: readonly Token[]): Inline[] {
  return tokens.flatMap(inlineOf);
}

function inlineOf(token: Token): Inline[] {
  if (!isMarked(token)) return [{ type: 'text', text: token.raw }];
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? [textOf(token.text)] : inlines(token.tokens);
    case 'escape':
      return [{ type: 'text', text: token.text }];
    case 'codespan':
      return [{ type: 'code', text: token.text }];
    case 'strong':
      return [{ type: 'strong', content: inlines(token.tokens) }];
    case 'em':
      return [{ type: 'emphasis', content: inlines(token.tokens) }];
    case 'del':
      return [{ type: 'struck', content: inlines(token.tokens) }];
    case 'br':
      return [{ type: 'break' }];
    case 'link':
      return linkOf(token.href, inlines(token.tokens));
    case 'image':
      return linkOf(token.href, [{ type: 'text', text: token.text === '' ? token.href : token.text }]);
    case 'checkbox':
      return [];
    default:
      return [{ type: 'text', text: token.raw }];
  }
}

function linkOf(source: string, content: readonly Inline[]): Inline[] {
  const href = safeLink(decodeEntities(source));
  return href === undefined ? [...content] : [{ type: 'link', href, content }];
}

const allowedProtocols: ReadonlySet<string> = new Set(['https:', 'http:', 'mailto:']);

/** The address in its normal form when it is absolute and leads to the web or to a mail address; else undefined. */
export function safeLink(href: string): string | undefined {
  const url = URL.parse(href);
  return url !== null && allowedProtocols.has(url.protocol) ? url.href : undefined;
}
