import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Frame } from 'playwright-core';

export interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  /** The elements concerned, as HTML. */
  readonly nodes: readonly string[];
}

/**
 * Runs axe-core inside a webview's frame. The browser's driver evaluates it, so the page's content security policy
 * stays as it is.
 */
export async function accessibilityViolations(frame: Frame, options: RunOptions = {}): Promise<Violation[]> {
  const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await frame.evaluate(readFileSync(axeSource, 'utf8'));
  const { violations } = await frame.evaluate(runAxe, { options, background: backgroundOf(frame) });
  return violations.map(({ id, impact, help, nodes }) => ({
    id,
    impact: impact ?? 'unknown',
    help,
    nodes: nodes.map(({ html }) => html),
  }));
}

/** A webview's document is see-through; contrast would be judged against white instead of the colour behind it. */
function backgroundOf(frame: Frame): string {
  const outer = frame.parentFrame();
  const inSideBar = outer !== null && new URL(outer.url()).searchParams.get('purpose') === 'webviewView';
  return inSideBar ? '--vscode-sideBar-background' : '--vscode-editor-background';
}

declare global {
  var axe: { run(context: Document, options: RunOptions): Promise<AxeResults> };
}

async function runAxe({ options, background }: { options: RunOptions; background: string }): Promise<AxeResults> {
  const { style } = document.documentElement;
  const own = style.background;
  style.background = `var(${background})`;
  try {
    return await axe.run(document, options);
  } finally {
    style.background = own;
  }
}
