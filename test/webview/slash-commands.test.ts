import assert from 'node:assert/strict';
import { completed, completionsOf } from '../../src/webview/chat/slash-commands.ts';

function names(text: string): string[] {
  return completionsOf(text).map(({ name }) => name);
}

describe('slash commands', () => {
  it('are all offered after a slash, and fewer with each letter', () => {
    assert.deepEqual(names('/'), ['/remember', '/forget', '/recall', '/help']);
    assert.deepEqual(names('/re'), ['/remember', '/recall']);
    assert.deepEqual(names('/REC'), ['/recall']);
  });

  it('are not offered in the middle of a message, nor when one is written out', () => {
    for (const text of ['', 'hello', 'a /re', '/recall', '/recall tea', '/help', '/nothing']) assert.deepEqual(names(text), [], text);
  });

  it('leave room for the words that follow', () => {
    assert.deepEqual(completionsOf('/').map(completed), ['/remember ', '/forget ', '/recall ', '/help']);
  });
});
