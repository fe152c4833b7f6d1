/**
 * The results of `map` in the order of what they were made from, with up to `ahead` of them in the making at once. Ends only
 * when all that it began is over, also when the reader stops early or something throws.
 */
export async function* mapAhead<From, To>(source: AsyncIterable<From>, ahead: number, map: (item: From) => Promise<To>): AsyncGenerator<To> {
  const begun: Promise<To>[] = [];
  try {
    for await (const item of source) {
      const result = map(item);
      // It rejects for whoever awaits it in its turn; until then nobody does.
      result.catch(() => undefined);
      begun.push(result);
      if (begun.length < ahead) continue;
      const first = begun.shift();
      if (first !== undefined) yield await first;
    }
    for (let first = begun.shift(); first !== undefined; first = begun.shift()) yield await first;
  } finally {
    await Promise.allSettled(begun);
  }
}
