import assert from 'node:assert/strict';
import { ViewReadiness } from '../../src/extension/view-readiness.ts';

interface Scene {
  readonly readiness: ViewReadiness;
  /** What has reached the view, in its order. */
  readonly heard: string[];
  /** The view asks for everything. */
  readonly ask: () => void;
  /** It has its answer. */
  readonly answer: () => void;
  readonly send: (what: string) => void;
  /** As a command does that has just brought the view into being. */
  readonly sendWhenReady: (what: string) => void;
}

function openScene(): Scene {
  const readiness = new ViewReadiness();
  const heard: string[] = [];
  const hear = (what: string) => (): void => void heard.push(what);
  const listener = readiness.listener(() => undefined);
  return {
    readiness,
    heard,
    ask: () => { listener.onRequest('ready'); },
    answer: () => { listener.onReply('ready'); },
    send: (what) => { readiness.send(hear(what)); },
    sendWhenReady: (what) => { readiness.whenReady(hear(what)); },
  };
}

describe('whether a view can hear events', () => {
  it('begins with the answer to its first question for everything, and with no other', () => {
    const readiness = new ViewReadiness();
    let requests = 0;
    const listener = readiness.listener(() => { requests++; });
    listener.onRequest('list');
    listener.onReply('list');
    assert.equal(readiness.isReady, false);
    listener.onRequest('ready');
    assert.equal(readiness.isReady, false);
    listener.onReply('ready');
    assert.equal(readiness.isReady, true);
    assert.equal(requests, 2, 'each is passed on');
  });

  it('sends what happens while everything is composed behind it, in its order, and nothing from before', () => {
    const { ask, answer, heard, send, sendWhenReady } = openScene();
    send('before');
    sendWhenReady('a command');
    ask();
    send('meanwhile');
    assert.deepEqual(heard, []);
    answer();
    send('after');
    assert.deepEqual(heard, ['a command', 'meanwhile', 'after']);
  });

  it('ends when the view is hidden, and begins anew with the next question', () => {
    const { ask, answer, heard, readiness, send, sendWhenReady } = openScene();
    ask();
    answer();
    readiness.leave();
    send('unseen');
    sendWhenReady('a command');
    assert.deepEqual([readiness.isReady, heard], [false, []]);
    ask();
    answer();
    assert.deepEqual([readiness.isReady, heard], [true, ['a command']]);
  });

  it('does not begin with an answer that comes when the view is hidden again, nor keeps what was to follow it', () => {
    const { ask, answer, heard, readiness, send, sendWhenReady } = openScene();
    ask();
    send('meanwhile');
    sendWhenReady('a command');
    readiness.leave();
    answer();
    assert.deepEqual([readiness.isReady, heard], [false, []]);
    ask();
    answer();
    assert.deepEqual(heard, ['a command'], 'the next answer holds what happened meanwhile');
  });

  it('is taken back while everything is asked for again', () => {
    const { ask, answer, heard, readiness, send } = openScene();
    ask();
    answer();
    ask();
    send('meanwhile');
    assert.deepEqual([readiness.isReady, heard], [false, []]);
    answer();
    assert.deepEqual(heard, ['meanwhile']);
  });
});
