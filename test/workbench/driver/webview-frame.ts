import { errors, type Frame } from 'playwright-core';

/**
 * Tells one webview from another. The page does not name a webview's view type, so a webview is known by its
 * document's `<title>`, by something in it, or by its extension.
 */
export interface WebviewMark {
  readonly title?: string | RegExp;
  readonly selector?: string;
  /** An extension's id. */
  readonly extension?: string;
}

/** Whether a frame holds the loaded document of the webview that is meant. */
export async function isWebview(frame: Frame, { title, selector, extension }: WebviewMark): Promise<boolean> {
  const outer = frame.parentFrame();
  if (outer === null || !URL.canParse(frame.url()) || !new URL(frame.url()).pathname.endsWith('/pre/fake.html')) return false;
  if (extension !== undefined && new URL(outer.url()).searchParams.get('extensionId') !== extension) return false;
  try {
    // A document still loading sits in a frame that does not have this id yet.
    if ((await (await frame.frameElement()).getAttribute('id')) !== 'active-frame') return false;
    if (title !== undefined && !matches(title, await frame.title())) return false;
    return selector === undefined || (await frame.locator(selector).count()) > 0;
  } catch (error) {
    if (error instanceof errors.TimeoutError || wentAway(error)) return false;
    throw error;
  }
}

function matches(wanted: string | RegExp, text: string): boolean {
  return typeof wanted === 'string' ? wanted === text : wanted.test(text);
}

/** Frames are replaced at any time; asking one that is gone is no failure. */
function wentAway(error: unknown): boolean {
  return error instanceof Error && /detached|destroyed|closed|navigation/i.test(error.message);
}
