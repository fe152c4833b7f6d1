/**
 * SQLite keeps a long text on several pages: where it goes on, the page ends with the number of the next one, or begins with it.
 * (File format, "Cell Payload Overflow Pages": a chain of pages, the first four bytes of each naming the next.)
 */

const magic = Buffer.from('SQLite format 3\0', 'latin1');
export const headerBytes = 100;
const pointerBytes = 4;

/** The page size of an SQLite file, from its header; null for any other file. */
export function pageSizeOf(header: Buffer): number | null {
  if (header.length < headerBytes || !header.subarray(0, magic.length).equals(magic)) return null;
  const size = header.readUInt16BE(16);
  return size === 1 ? 65536 : size;
}

/**
 * Whether one of the patterns begins in `page` and goes on on the page that is named right behind its first part.
 * @param pages how many the file has
 * @param read gives a page by its number, counted from 1
 */
export function spansPages(page: Buffer, patterns: readonly Buffer[], pages: number, read: (page: number) => Buffer): boolean {
  return patterns.some((pattern) => {
    for (let split = 1; split < pattern.length; split++) {
      const head = pattern.subarray(0, split);
      const tail = pattern.subarray(split);
      for (const next of nextPages(page, head)) {
        const isPage = next > 1 && next <= pages;
        if (isPage && read(next).subarray(pointerBytes, pointerBytes + tail.length).equals(tail)) return true;
      }
    }
    return false;
  });
}

/** The numbers behind each place of `head`, and in front of the page where it is the page's end. */
function nextPages(page: Buffer, head: Buffer): number[] {
  const found: number[] = [];
  for (let at = page.indexOf(head); at >= 0; at = page.indexOf(head, at + 1)) {
    const end = at + head.length;
    if (end + pointerBytes <= page.length) found.push(page.readUInt32BE(end));
  }
  if (page.subarray(page.length - head.length).equals(head)) found.push(page.readUInt32BE(0));
  return found;
}
