import { vsCodeRadioGroup } from '@vscode/webview-ui-toolkit/dist/radio-group/index.js';
import { vsCodeRadio } from '@vscode/webview-ui-toolkit/dist/radio/index.js';
import { provideVSCodeDesignSystem } from '@vscode/webview-ui-toolkit/dist/vscode-design-system.js';

/**
 * `<vscode-radio-group>` with `<vscode-radio>`s and a `<label slot="label">`. In a file of its own, because the bundler splits by
 * files: 13 KB that the chat needs once in its life.
 */
export function provideRadios(): void {
  provideVSCodeDesignSystem().register(vsCodeRadio(), vsCodeRadioGroup());
}
