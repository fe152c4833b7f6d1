/** Marks for `npm run bench:views`, in the browser's own timeline. Imported before everything else, so that the start is the start. */
const viewMarks = { start: 'hearthlink:start', shown: 'hearthlink:shown' } as const;

performance.mark(viewMarks.start);

/** To be called when the first content is in the page; marks the moment after it was painted. */
export function markShown(): void {
  requestAnimationFrame(() => setTimeout(() => performance.mark(viewMarks.shown)));
}
