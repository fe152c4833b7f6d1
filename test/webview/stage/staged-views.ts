/** A view of the product that the tests show in a plain page, over a host that plays the extension's part. */
export interface StagedView {
  /** As in the tab's title. */
  readonly title: string;
  /** The file that puts the host into the page. */
  readonly host: string;
  /** The size at which it is usually looked at. */
  readonly width: number;
  readonly height: number;
  /** The scene that is shown unless another is named. */
  readonly scene: string;
  /** Can be seen once it has drawn a scene. */
  readonly drawn: string;
}

/** By the name of their folder in `src/webview`. */
export const stagedViews = {
  chat: {
    title: 'Hearthlink Chat', host: 'test/webview/chat/fake-chat-host.ts', width: 420, height: 760,
    scene: 'conversation', drawn: '#root:has(h1) :is(.composer-text, .sessions)',
  },
  memory: {
    title: 'Hearthlink Memory', host: 'test/webview/memory/fake-memory-host.ts', width: 1100, height: 760,
    scene: 'some', drawn: '.slice, .empty',
  },
  backups: {
    title: 'Hearthlink Backups', host: 'test/webview/backups/fake-backups-host.ts', width: 1100, height: 900,
    scene: 'some', drawn: '.verdict',
  },
} as const satisfies Record<string, StagedView>;

export type StagedName = keyof typeof stagedViews;
