/** More ids than this in one statement cost more to prepare than they save. */
const chunkSize = 256;

/**
 * Calls `query` with all of `ids` in lists that SQL can take, and joins the rows. A list is filled up to a power of two by
 * repeating its last id, so that there are nine forms of each statement, and each stays prepared.
 */
export async function inLists<Row>(ids: readonly string[], query: (list: readonly string[]) => Promise<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const list of idLists(ids)) rows.push(...(await query(list)));
  return rows;
}

export function idLists(ids: readonly string[]): string[][] {
  const lists: string[][] = [];
  for (let start = 0; start < ids.length; start += chunkSize) lists.push(filledUp(ids.slice(start, start + chunkSize)));
  return lists;
}

function filledUp(ids: readonly string[]): string[] {
  const size = 2 ** Math.ceil(Math.log2(ids.length));
  return Array.from({ length: size }, (_, i) => ids[Math.min(i, ids.length - 1)] ?? '');
}

/** Values by a key of theirs, in their order. */
export function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
