/**
 * The parts of `@microsoft/fast-foundation` that our toolkit controls use. The package's own barrel defeats tree shaking
 * (284 KB however few controls), so the bundler puts this file in its place.
 */
export { Button } from '@microsoft/fast-foundation/dist/esm/button/button.js';
export { buttonTemplate } from '@microsoft/fast-foundation/dist/esm/button/button.template.js';
export { Divider } from '@microsoft/fast-foundation/dist/esm/divider/divider.js';
export { DividerRole } from '@microsoft/fast-foundation/dist/esm/divider/divider.options.js';
export { dividerTemplate } from '@microsoft/fast-foundation/dist/esm/divider/divider.template.js';
export { DesignSystem } from '@microsoft/fast-foundation/dist/esm/design-system/design-system.js';
export { DesignToken } from '@microsoft/fast-foundation/dist/esm/design-token/design-token.js';
export { disabledCursor } from '@microsoft/fast-foundation/dist/esm/utilities/style/disabled.js';
export { display } from '@microsoft/fast-foundation/dist/esm/utilities/style/display.js';
export { focusVisible } from '@microsoft/fast-foundation/dist/esm/utilities/style/focus.js';
