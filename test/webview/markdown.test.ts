import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeEntities } from '../../src/webview/chat/entities.ts';
import { emptyMarkdown, growingBlocks, parseMarkdown, safeLink, type Block, type Inline, type ParsedMarkdown } from '../../src/webview/chat/markdown.ts';

function blocks(source: string): Block[] {
  return parseMarkdown(source).blocks.map(({ block }) => block);
}

/** All text in order, with nothing of the markup. */
function textOf(source: string): string {
  return blocks(source)
    .flatMap((block) => [...inlinesOf(block)])
    .map((inline) => ('text' in inline ? inline.text : ''))
    .join('');
}

/** Every inline in the tree, outermost first. */
function* inlinesOf(block: Block): Iterable<Inline> {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      yield* deep(block.content);
      break;
    case 'quote':
      for (const inner of block.blocks) yield* inlinesOf(inner);
      break;
    case 'list':
      for (const entry of block.entries) for (const inner of entry.blocks) yield* inlinesOf(inner);
      break;
    case 'table':
      for (const cell of [block.header, ...block.rows].flat()) yield* deep(cell);
      break;
    case 'code':
    case 'rule':
  }
}

function* deep(content: readonly Inline[]): Iterable<Inline> {
  for (const inline of content) {
    yield inline;
    if ('content' in inline) yield* deep(inline.content);
  }
}

/** Pieces that Markdown gives a meaning to, and those that an attacker would choose. */
const pieces = fc.constantFrom(
  '# ', '## ', '- ', '1. ', '> ', '```', '```ts\n', '~~~', '    ', '\n', '\n\n', '| a | b |\n|---|---|\n', '|', '---', '===', '**', '*', '_', '`', '~~',
  '[a](', '![a](', ')', '[x]', '[ ]', '<', '>', '<script>', '</script>', '<img src=x onerror=alert(1)>', '<!--', '-->', '<a href="javascript:alert(1)">',
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\tscript:alert(1)', 'data:text/html,x', 'vbscript:x', 'command:workbench.action.quit', 'vscode://x', 'file:///etc/passwd',
  'https://example.org/a?b=c', 'http://example.org', 'mailto:a@example.org', '&lt;', '&#106;avascript:', '&colon;', '&amp;', '\\', 'word', ' ', 'é', '漢字', '🙂', '\u202e', '\u0000', '\t', '\r\n',
);
const hostileText = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));

describe('Markdown of a reply', () => {
  it('knows paragraphs, headings, lists, quotes, code, tables and rules', () => {
    const source = '# Title\n\nText with `code`, **strong**, *soft*, ~~gone~~.\n\n- one\n- two\n\n> said\n\n```ts\nconst a = 1;\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n---';
    assert.deepEqual(blocks(source).map(({ type }) => type), ['heading', 'paragraph', 'list', 'quote', 'code', 'table', 'rule']);
    assert.deepEqual(blocks('1. a\n2. b')[0], {
      type: 'list',
      start: 1,
      entries: ['a', 'b'].map((text) => ({ done: null, blocks: [{ type: 'paragraph', content: [{ type: 'text', text }] }] })),
    });
  });

  it('takes the first word after a fence as the language', () => {
    assert.deepEqual(blocks('```ts title="a.ts"\nx\n```')[0], { type: 'code', language: 'ts', text: 'x' });
    assert.deepEqual(blocks('```\nx\n```')[0], { type: 'code', language: '', text: 'x' });
  });

  it('shows a code block that is not closed yet', () => {
    assert.deepEqual(blocks('```py\nprint(1)')[0], { type: 'code', language: 'py', text: 'print(1)' });
  });

  it('shows raw HTML as the text it is', () => {
    for (const source of ['<b>bold</b>', '<div onclick="x()">hi</div>', '<script>alert(1)</script>', '<!-- hidden -->', '<img src=x onerror=alert(1)>', '<?php x ?>']) {
      assert.equal(textOf(source), source);
    }
    assert.deepEqual(blocks('<div>\n\n**strong**\n\n</div>').map(({ type }) => type), ['paragraph', 'paragraph', 'paragraph']);
  });

  it('shows an image as a link with its description, and never loads it', () => {
    assert.deepEqual(blocks('![a chart](https://example.org/a.png)')[0], {
      type: 'paragraph',
      content: [{ type: 'link', href: 'https://example.org/a.png', content: [{ type: 'text', text: 'a chart' }] }],
    });
  });

  it('keeps the words of a link that leads nowhere good', () => {
    assert.deepEqual(blocks('[press](javascript:alert(1))')[0], { type: 'paragraph', content: [{ type: 'text', text: 'press' }] });
    assert.deepEqual(blocks('[press](command:workbench.action.quit)')[0], { type: 'paragraph', content: [{ type: 'text', text: 'press' }] });
  });

  it('reads character references as characters', () => {
    assert.deepEqual(blocks('a &lt; b &amp;&amp; c')[0], { type: 'paragraph', content: [{ type: 'text', text: 'a < b && c' }] });
    assert.deepEqual(blocks('`a &lt; b`')[0], { type: 'paragraph', content: [{ type: 'code', text: 'a &lt; b' }] });
  });

  it('never makes a link to anything but the web and mail, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.string({ unit: 'binary' })), (source) => {
        for (const block of blocks(source)) {
          for (const inline of inlinesOf(block)) {
            if (inline.type === 'link') assert.match(inline.href, /^(https?|mailto):/);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads a text that grows as it reads the whole text, however it is cut', () => {
    const cutTexts = fc.tuple(hostileText.filter((text) => !/^ {0,3}\[[^\]]*\]:/m.test(text)), fc.array(fc.nat(400), { maxLength: 12 }));
    fc.assert(
      fc.property(cutTexts, ([source, cuts]) => {
        let parsed: ParsedMarkdown = emptyMarkdown;
        for (const cut of [...cuts, source.length].sort((a, b) => a - b)) parsed = parseMarkdown(source.slice(0, cut), parsed);
        assert.deepEqual(parsed.blocks.map(({ block }) => block), blocks(source));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes back a block that turned out to be none, with the one it touches', () => {
    const first = parseMarkdown('above\n```');
    assert.deepEqual(first.blocks.map(({ block }) => block.type), ['paragraph', 'code']);
    const grown = parseMarkdown('above\n```x``` below', first);
    assert.deepEqual(grown.blocks.map(({ block }) => block.type), ['paragraph']);
  });

  it('keeps the blocks that are finished while a text grows', () => {
    const first = parseMarkdown('One.\n\n```ts\nlet a;\n```\n\nTwo');
    const grown = parseMarkdown(`${first.source} and three.`, first);
    assert.equal(grown.blocks[0]?.block, first.blocks[0]?.block);
    assert.equal(grown.blocks[1]?.block, first.blocks[1]?.block);
    assert.notEqual(grown.blocks[2]?.block, first.blocks[2]?.block);
  });

  it('starts again when the text is another one', () => {
    const first = parseMarkdown('One.\n\nTwo.');
    assert.deepEqual(parseMarkdown('Other.', first).blocks.map(({ start }) => start), [0]);
  });

  it('survives nesting that no person writes', () => {
    for (const source of ['>'.repeat(5000), '['.repeat(5000), '*'.repeat(5001), '- '.repeat(2000), `${'('.repeat(3000)}${')'.repeat(3000)}`]) {
      assert.ok(blocks(source).length > 0);
    }
  });
});

describe('a link that may be opened', () => {
  it('is absolute and leads to the web or to a mail address', () => {
    assert.equal(safeLink('https://example.org'), 'https://example.org/');
    assert.equal(safeLink('mailto:a@example.org'), 'mailto:a@example.org');
    for (const href of ['javascript:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'command:x', 'vscode://a', 'file:///a', 'data:text/html,a', '/relative', '#here', '']) {
      assert.equal(safeLink(href), undefined, href);
    }
  });
});

describe('character references', () => {
  it('are decoded once', () => {
    assert.equal(decodeEntities('&amp;lt;'), '&lt;');
    assert.equal(decodeEntities('&#8217;&#x2014;&hellip;'), '’—…');
  });

  it('that mean nothing stay as they are written', () => {
    assert.equal(decodeEntities('&nosuch; &constructor; AT&T; a & b'), '&nosuch; &constructor; AT&T; a & b');
  });

  it('never make something that is no character', () => {
    for (const reference of ['&#0;', '&#xD800;', '&#x110000;', '&#9999999;']) assert.equal(decodeEntities(reference), '\ufffd');
  });
});

describe('Markdown of a reply that still grows', () => {
  const whole = 'The stops:\n\n| Stop | Metres |\n| --- | ---: |\n| Boat shed | 120 |\n\nThat is all.';

  it('never shows the bars and dashes of a table', () => {
    for (let length = 0; length <= whole.length; length++) {
      const shown = growingBlocks(parseMarkdown(whole.slice(0, length)));
      const paragraphs = shown.flatMap(({ block }) => (block.type === 'paragraph' ? [...inlinesOf(block)] : []));
      assert.doesNotMatch(paragraphs.map((inline) => ('text' in inline ? inline.text : '')).join(''), /\|/, whole.slice(0, length));
    }
    assert.deepEqual(growingBlocks(parseMarkdown(whole)), parseMarkdown(whole).blocks);
  });

  it('keeps what stands before a table in the same paragraph', () => {
    const [placed, ...rest] = growingBlocks(parseMarkdown('First.\n\nThe stops:\n| Stop |')).slice(1);
    assert.deepEqual(placed?.block, { type: 'paragraph', content: [{ type: 'text', text: 'The stops:' }] });
    assert.equal(placed.start, 'First.\n\n'.length);
    assert.deepEqual(rest, []);
  });

  it('shows a bar that begins no table: in code, in a line that goes on, in words', () => {
    for (const source of ['```ts\ntype A =\n  | 1', '| one\ntwo', 'a | b']) {
      assert.deepEqual(growingBlocks(parseMarkdown(source)), parseMarkdown(source).blocks, source);
    }
  });
});
