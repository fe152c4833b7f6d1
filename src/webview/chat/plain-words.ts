import { parseMarkdown, type Block, type Inline } from './markdown.ts';

/** What a text in Markdown says, without its marks: to be read out, or to be quoted in a line or two. */
export function plainWords(markdown: string): string {
  return plainText(parseMarkdown(markdown).blocks.map(({ block }) => block));
}

function plainText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join(' ');
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return inlineText(block.content);
    case 'code':
      return block.text;
    case 'quote':
      return plainText(block.blocks);
    case 'list':
      return block.entries.map((entry) => plainText(entry.blocks)).join(' ');
    case 'table':
      return [block.header, ...block.rows].map((row) => row.map(inlineText).join(' ')).join(' ');
    case 'rule':
      return '';
  }
}

function inlineText(content: readonly Inline[]): string {
  return content
    .map((inline) => {
      switch (inline.type) {
        case 'text':
        case 'code':
          return inline.text;
        case 'break':
          return ' ';
        default:
          return inlineText(inline.content);
      }
    })
    .join('');
}
