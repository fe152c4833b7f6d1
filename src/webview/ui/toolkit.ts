import { vsCodeButton } from '@vscode/webview-ui-toolkit/dist/button/index.js';
import { vsCodeDivider } from '@vscode/webview-ui-toolkit/dist/divider/index.js';
import { provideVSCodeDesignSystem } from '@vscode/webview-ui-toolkit/dist/vscode-design-system.js';

/**
 * The controls that we take from the component library, those that a view draws and no other. A part of a view calls what it draws
 * with, once at its top, unless it draws rows of buttons alone: those bring this file when they are drawn (notice.ts). A control that comes
 * in new also needs its files named in fast-foundation.ts. Radios are in toolkit-radios.ts, to be loaded late. Each page needs
 * `<meta property="csp-nonce">`, or the library thinks that `:focus-visible` is missing and shows focus rings on mouse clicks.
 */

/** `<vscode-button>`; `appearance="secondary"` for all but the one primary button of a view. */
export function provideButtons(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}

/** `<vscode-divider>` */
export function provideDividers(): void {
  provideVSCodeDesignSystem().register(vsCodeDivider());
}
