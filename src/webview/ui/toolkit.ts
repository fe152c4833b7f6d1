import { vsCodeButton } from '@vscode/webview-ui-toolkit/dist/button/index.js';
import { vsCodeCheckbox } from '@vscode/webview-ui-toolkit/dist/checkbox/index.js';
import { vsCodeDivider } from '@vscode/webview-ui-toolkit/dist/divider/index.js';
import { vsCodeDropdown } from '@vscode/webview-ui-toolkit/dist/dropdown/index.js';
import { vsCodeOption } from '@vscode/webview-ui-toolkit/dist/option/index.js';
import { vsCodeProgressRing } from '@vscode/webview-ui-toolkit/dist/progress-ring/index.js';
import { provideVSCodeDesignSystem } from '@vscode/webview-ui-toolkit/dist/vscode-design-system.js';

/**
 * The controls that we take from the component library. A part of a view calls what it draws with, once at its top; what no view
 * calls is not in its bundle. Radios are in toolkit-radios.ts, to be loaded late. Each page needs `<meta property="csp-nonce">`,
 * or the library thinks that `:focus-visible` is missing and shows focus rings on mouse clicks.
 */

/** `<vscode-button>`; `appearance="secondary"` for all but the one primary button of a view. */
export function provideButtons(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}

/** `<vscode-checkbox>` */
export function provideCheckboxes(): void {
  provideVSCodeDesignSystem().register(vsCodeCheckbox());
}

/** `<vscode-progress-ring>` */
export function provideProgressRings(): void {
  provideVSCodeDesignSystem().register(vsCodeProgressRing());
}

/** `<vscode-divider>` */
export function provideDividers(): void {
  provideVSCodeDesignSystem().register(vsCodeDivider());
}

/** `<vscode-dropdown>` with `<vscode-option>`s; it takes no `<label for>` and needs an `aria-label`. */
export function provideDropdowns(): void {
  provideVSCodeDesignSystem().register(vsCodeDropdown(), vsCodeOption());
}
