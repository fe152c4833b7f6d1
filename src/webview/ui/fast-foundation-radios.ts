/**
 * What fast-foundation.ts is to the other controls, for the radios: the bundler splits by files, so a barrel that named them too would
 * bring them into every first load.
 */
export { Radio } from '@microsoft/fast-foundation/dist/esm/radio/radio.js';
export { radioTemplate } from '@microsoft/fast-foundation/dist/esm/radio/radio.template.js';
export { RadioGroup } from '@microsoft/fast-foundation/dist/esm/radio-group/radio-group.js';
export { radioGroupTemplate } from '@microsoft/fast-foundation/dist/esm/radio-group/radio-group.template.js';
export { disabledCursor } from '@microsoft/fast-foundation/dist/esm/utilities/style/disabled.js';
export { display } from '@microsoft/fast-foundation/dist/esm/utilities/style/display.js';
export { focusVisible } from '@microsoft/fast-foundation/dist/esm/utilities/style/focus.js';
