/** Which folds the reader opened, by turn and fold: a turn that leaves the page and comes back has them open again. */
const open = new Set<string>();

export function isOpen(messageId: string, fold: string): boolean {
  return open.has(`${messageId} ${fold}`);
}

export function setOpen(messageId: string, fold: string, isOpenNow: boolean): void {
  if (isOpenNow) open.add(`${messageId} ${fold}`);
  else open.delete(`${messageId} ${fold}`);
}
