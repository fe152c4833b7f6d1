import { window } from 'vscode';
import type { Feature } from './hearth.ts';

export const chatViewId = 'hearthlink.chat';

/** The chat in the side bar. Its state lives with the rooms, so the view may be thrown away while it is hidden. */
export const chatViewFeature: Feature = ({ context, rooms }) => {
  context.subscriptions.push(
    window.registerWebviewViewProvider(chatViewId, {
      resolveWebviewView: async (view) => {
        (await rooms()).openChatView(view);
      },
    }),
  );
};
