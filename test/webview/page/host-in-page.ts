import type { Page } from 'playwright-core';
import type { EventData, EventName } from '../../../src/shared/protocol/channel.ts';
import type { ChatProtocol } from '../../../src/shared/protocol/chat.ts';
import type { MessageView } from '../../../src/shared/protocol/chat-views.ts';
import type { FakeBackupsHost } from '../backups/fake-backups-host.ts';
import type { FakeChatHost } from '../chat/fake-chat-host.ts';
import type { FakeMemoryHost } from '../memory/fake-memory-host.ts';
import type { StageHost } from '../stage/stage-host.ts';

declare global {
  /** Set by every stage, for what all hosts can do. */
  var stage: StageHost;
  /** The same, set by the stage of that view alone. */
  var chatStage: FakeChatHost;
  var memoryStage: FakeMemoryHost;
  var backupsStage: FakeBackupsHost;
}

/** What the view has asked its host for, by this method. */
export function asked(page: Page, method: string): Promise<unknown[]> {
  return page.evaluate((wanted) => stage.asked.filter((request) => request.method === wanted).map(({ parameters }) => parameters), method);
}

/** Resolves when the view has asked for it `count` times; with the last parameters. */
export async function askedFor(page: Page, method: string, count = 1): Promise<unknown> {
  await page.waitForFunction(([wanted, times]) => stage.asked.filter((request) => request.method === wanted).length >= times, [method, count] as const);
  return (await asked(page, method)).at(-1);
}

export async function emit<E extends EventName<ChatProtocol>>(page: Page, name: E, data: EventData<ChatProtocol, E>): Promise<void> {
  await page.evaluate(([event, json]) => { stage.post(event, JSON.parse(json)); }, [name, JSON.stringify(data)] as const);
}

export function update(page: Page, id: string, change: Partial<MessageView>): Promise<void> {
  return page.evaluate(([message, changed]) => { chatStage.update(message, changed); }, [id, change] as const);
}

/** Text of the element that has the focus, or its label. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.className ?? '';
  });
}

/** Resolves after the view has drawn what it was last told. */
export function drawn(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => { requestAnimationFrame(() => { setTimeout(resolve); }); }); }));
}
